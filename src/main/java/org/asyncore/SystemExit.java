package org.asyncore;

/** Leaves {@code loop()} as Python's {@code SystemExit} does; it ends no process by itself. */
public class SystemExit extends LoopExit {
  private static final long serialVersionUID = 1L;

  public SystemExit() {
    super(null);
  }
}
