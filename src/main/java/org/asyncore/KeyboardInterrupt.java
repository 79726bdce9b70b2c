package org.asyncore;

/**
 * Leaves {@code loop()} as Python's {@code KeyboardInterrupt} does. Nothing in the library throws
 * it: a thread that is interrupted while it waits gets {@link InterruptedException} from {@code
 * loop()}.
 */
public class KeyboardInterrupt extends LoopExit {
  private static final long serialVersionUID = 1L;

  public KeyboardInterrupt() {
    super(null);
  }
}
