package org.asyncore.compat.play;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;

/** Traces Java's forms of send and recv as the one form that Python has. */
final class Transfers {
  private Transfers() {}

  /** A {@code send} of a part of an array. */
  interface Send {
    int send(byte[] data, int offset, int byteCount);
  }

  static int send(Script script, byte[] data, int offset, int byteCount, Send inherited) {
    byte[] offered = Arrays.copyOfRange(data, offset, offset + byteCount);
    return send(script, offered, () -> inherited.send(data, offset, byteCount));
  }

  /** A {@code send} of a buffer. */
  static int send(Script script, ByteBuffer data, ToIntFunction<ByteBuffer> inherited) {
    byte[] offered = new byte[data.remaining()];
    data.duplicate().get(offered);
    return send(script, offered, () -> inherited.applyAsInt(data));
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
  static int recv(Script script, ByteBuffer target, ToIntFunction<ByteBuffer> inherited) {
    byte[] data =
        script.returned(
            byte[].class,
            "recv",
            () -> {
              byte[] taken = new byte[inherited.applyAsInt(target.duplicate())];
              target.duplicate().get(taken);
              return taken;
            },
            target.remaining());
    if (data == null) return 0;
    target.put(data);
    return data.length;
  }
}
