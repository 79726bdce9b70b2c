package org.asyncore;

/** For tests of other packages: what leaves a loop. */
public final class Exits {
  private Exits() {}

  /** Whether a loop ends by this, from inside a callback. */
  public static boolean leavesLoop(Throwable thrown) {
    return LoopExit.leavesLoop(thrown);
  }
}
