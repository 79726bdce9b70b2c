package org.asyncore.testkit;

/** What a network leaves to chance: nothing, unless a {@link Schedule} decides. */
interface Odds {
  /** All comes at once, and in its order. */
  Odds NONE = (what, most) -> most;

  /**
   * A number from 1 to {@code most}.
   *
   * @param what for whoever reads the schedule: {@code recv}, {@code send}
   */
  int upTo(String what, int most);

  /** Whether ready sockets keep the order of the map. */
  default boolean keepsOrder() {
    return true;
  }

  /** Whether a peer does the next thing that it was told to. */
  default boolean acts(Peer peer) {
    return true;
  }

  /** Whether a wait is interrupted. */
  default boolean interrupts() {
    return false;
  }

  /** Which of {@code count} comes first: from 0 on. */
  default int first(int count) {
    return 0;
  }
}
