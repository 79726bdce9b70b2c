package org.asyncore.compat.play;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/**
 * A call of a channel's method.
 *
 * @param method its name in Python
 * @param args its arguments, some of which may be null
 * @param inherited calls the method that the library's class has, with the same arguments
 */
record Call(String method, List<Object> args, Supplier<?> inherited) {
  static Call of(String method, Supplier<?> inherited, Object... args) {
    return new Call(method, Collections.unmodifiableList(Arrays.asList(args)), inherited);
  }

  /** The first argument. */
  Object arg() {
    return args.get(0);
  }
}
