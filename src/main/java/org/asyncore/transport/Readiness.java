package org.asyncore.transport;

/**
 * What a socket is asked about, and what it answers: the flags of {@code poll(2)} with their
 * numbers, Python's {@code select.POLLIN} and its siblings.
 *
 * <p>Interest is {@link #IN}, {@link #PRI} and {@link #OUT}; an answer may also have {@link #ERR},
 * {@link #HUP} and {@link #NVAL}, which are told to whoever asked for anything.
 */
public final class Readiness {
  /** Bytes, a connection or the end of the stream wait. */
  public static final int IN = 0x1;

  /** Urgent data waits. */
  public static final int PRI = 0x2;

  /** There is room to send. */
  public static final int OUT = 0x4;

  /** The socket has an error; {@code SO_ERROR} names it. */
  public static final int ERR = 0x8;

  /** Both directions have ended. */
  public static final int HUP = 0x10;

  /** The descriptor is not open. */
  public static final int NVAL = 0x20;

  private Readiness() {}

  /**
   * What ends a wait for these events. To poll a hang-up and an error always do; select knows them
   * as readable and writable only, and sleeps on where that was not asked for.
   *
   * @param interest what a socket is asked about
   * @param hangUps whether poll asks, and not select
   */
  public static int told(int interest, boolean hangUps) {
    if (hangUps) return interest | ERR | HUP | NVAL;
    int told = interest | NVAL;
    if ((interest & IN) != 0) told |= HUP | ERR;
    if ((interest & OUT) != 0) told |= ERR;
    return told;
  }
}
