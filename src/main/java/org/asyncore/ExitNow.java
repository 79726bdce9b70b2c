package org.asyncore;

/**
 * Thrown in a callback to leave {@code loop()}; channels stay open and in their map. {@code
 * asyncore.ExitNow}.
 */
public class ExitNow extends LoopExit {
  private static final long serialVersionUID = 1L;

  public ExitNow() {
    this(null);
  }

  public ExitNow(String message) {
    super(message);
  }
}
