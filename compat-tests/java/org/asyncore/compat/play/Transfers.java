package org.asyncore.compat.play;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntSupplier;

/** Traces Java's forms of send and recv as the one form that Python has. */
final class Transfers {
  private Transfers() {}

  /** A {@code send} of a part of an array: the array, where the part begins, and its length. */
  static int send(Script script, Object[] args, IntSupplier inherited) {
    int offset = (int) args[1];
    int end = offset + (int) args[2];
    return send(script, Arrays.copyOfRange((byte[]) args[0], offset, end), inherited);
  }

  /** A {@code send} of a buffer. */
  static int send(Script script, ByteBuffer data, IntSupplier inherited) {
    byte[] offered = new byte[data.remaining()];
    data.duplicate().get(offered);
    return send(script, offered, inherited);
  }

  private static int send(Script script, byte[] offered, IntSupplier inherited) {
    // Python's dispatcher_with_send returns nothing; ours says that it took it all.
    boolean isSilent = script.kind() == Kind.DISPATCHER_WITH_SEND;
    int[] taken = {0};
    Integer value =
        script.returned(
            Integer.class,
            "send",
            () -> {
              taken[0] = inherited.getAsInt();
              return isSilent ? null : taken[0];
            },
            (Object) offered);
    return value == null ? taken[0] : value;
  }

  /** A {@code recv} into a buffer. */
  static int recv(Script script, ByteBuffer target, IntSupplier inherited) {
    int start = target.position();
    byte[] data =
        script.returned(
            byte[].class,
            "recv",
            () -> {
              byte[] taken = new byte[inherited.getAsInt()];
              target.position(start).duplicate().get(taken);
              return taken;
            },
            target.remaining());
    if (data == null) return 0;
    target.put(data);
    return data.length;
  }
}
