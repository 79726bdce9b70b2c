package org.asyncore;

import org.jspecify.annotations.Nullable;

/**
 * Thrown in a callback to leave {@code loop()}; channels stay open and in their map. {@code
 * asyncore.ExitNow}.
 */
public class ExitNow extends LoopExit {
  private static final long serialVersionUID = 1L;

  public ExitNow() {
    this(null);
  }

  public ExitNow(@Nullable String message) {
    super(message);
  }
}
