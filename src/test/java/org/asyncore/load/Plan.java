package org.asyncore.load;

import java.net.InetSocketAddress;
import java.util.function.BooleanSupplier;

/**
 * What one client does: sends bytes of {@link Text}, and checks that it gets the same ones back.
 *
 * @param offset where in the text it begins
 * @param byteCount how many it sends
 * @param window how many may be on the way at once; as few as a message for question and answer
 * @param mayRead whether it reads by now; asked on the clients' thread
 */
record Plan(
    InetSocketAddress server,
    long offset,
    long byteCount,
    long window,
    End end,
    BooleanSupplier mayRead) {

  /** How a client leaves. */
  enum End {
    /** Closes when it has got all. */
    CLOSE,

    /** Ends its stream when all is sent, and wants the rest, then the end of the other stream. */
    HALF_CLOSE,

    /** Resets the connection when all is sent, whatever has come back. */
    RESET
  }

  static Plan echo(InetSocketAddress server, long offset, long byteCount) {
    return new Plan(server, offset, byteCount, Long.MAX_VALUE, End.CLOSE, () -> true);
  }

  Plan window(long byteCountOnTheWay) {
    return new Plan(server, offset, byteCount, byteCountOnTheWay, end, mayRead);
  }

  Plan end(End otherEnd) {
    return new Plan(server, offset, byteCount, window, otherEnd, mayRead);
  }

  /** With a small receive buffer, so that what it does not read stays with the server. */
  Plan readingWhen(BooleanSupplier condition) {
    return new Plan(server, offset, byteCount, window, end, condition);
  }
}
