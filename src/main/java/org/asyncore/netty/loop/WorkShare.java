package org.asyncore.netty.loop;

/**
 * What one kind of work may take of a pass: so many pieces and so much time. What is left waits for
 * the next one, so that work that begets work starves nobody.
 *
 * <p>Begins as it is made, with the first piece at hand. The clock is looked at once in {@value
 * #PIECES_A_LOOK} pieces, as by Netty's own loops. Confined to one thread.
 */
public final class WorkShare {
  static final int MOST_PIECES = 8192;
  static final long MOST_NANOS = 10_000_000;
  private static final int PIECES_A_LOOK = 64;

  private final long startNanos = System.nanoTime();
  private int pieces;

  /** A piece is done: whether there may be another one. */
  public boolean hasMore() {
    pieces++;
    if (pieces % PIECES_A_LOOK != 0) return true;
    return pieces < MOST_PIECES && System.nanoTime() - startNanos < MOST_NANOS;
  }
}
