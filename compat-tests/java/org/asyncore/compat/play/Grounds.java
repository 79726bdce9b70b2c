package org.asyncore.compat.play;

/** What this process plays on: {@code -Dorg.asyncore.transport} says what. */
final class Grounds {
  /** Chosen once, before anything is played. */
  static final Ground OF_PROCESS =
      "memory".equals(System.getProperty("org.asyncore.transport"))
          ? new MemoryGround()
          : new SystemGround();

  private Grounds() {}
}
