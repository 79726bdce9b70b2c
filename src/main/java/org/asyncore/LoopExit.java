package org.asyncore;

import org.jspecify.annotations.Nullable;

/**
 * An exception that leaves {@code loop()} from inside a callback instead of going to {@code
 * handleError}.
 *
 * <p>Stands for asyncore's {@code _reraised_exceptions}: {@link ExitNow}, {@link KeyboardInterrupt}
 * and {@link SystemExit}. Fatal {@link Error}s and {@link InterruptedException} leave it as well.
 */
public abstract class LoopExit extends RuntimeException {
  private static final long serialVersionUID = 1L;

  protected LoopExit(@Nullable String message) {
    super(message);
  }

  /** Whether {@code thrown} passes through asyncore's dispatch functions untouched. */
  static boolean leavesLoop(Throwable thrown) {
    return thrown instanceof LoopExit
        || (thrown instanceof VirtualMachineError && !isRecursion(thrown))
        || thrown instanceof LinkageError
        || thrown instanceof InterruptedException; // From a nested loop(), thrown on undeclared.
  }

  /** Python's RecursionError is an exception like others: it goes to handle_error. */
  private static boolean isRecursion(Throwable thrown) {
    return thrown instanceof StackOverflowError;
  }
}
