package org.asyncore.compat.play;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.asyncore.compat.scenario.Fields;

/** What {@code readable} and {@code writable} of one channel answer, where the scenario says so. */
final class Predicates {
  private final Exceptions exceptions;

  /** The answers still to give, by method; the last one is repeated for ever. */
  private final Map<String, Deque<Object>> answers = new HashMap<>();

  Predicates(Fields declaration, Exceptions exceptions) {
    this.exceptions = exceptions;
    for (String method : List.of("readable", "writable")) {
      if (declaration.has(method)) set(method, declaration.value(method));
    }
  }

  /** From now on the answer is this one, or this list of answers. */
  void set(String method, Object answer) {
    answers.put(method, new ArrayDeque<>(answer instanceof List<?> list ? list : List.of(answer)));
  }

  boolean answer(String method, BooleanSupplier inherited) {
    Deque<Object> left = answers.get(method);
    if (left == null) return inherited.getAsBoolean();
    Object answer = left.size() > 1 ? left.pop() : left.peek();
    if (answer instanceof String spec) throw Exceptions.raise(exceptions.make(spec));
    return (Boolean) answer;
  }
}
