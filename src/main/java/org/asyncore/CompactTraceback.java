package org.asyncore;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * Where an exception came from, in one line: what {@code asyncore.compact_traceback} returns.
 *
 * @param file the innermost frame's file name
 * @param function the innermost frame's method
 * @param line the innermost frame's line number, negative if unknown
 * @param thrown the exception itself
 * @param info the frames from the loop inwards, each as {@code [file|method|line]}
 */
public record CompactTraceback(
    String file, String function, int line, Throwable thrown, String info) {

  private static final Set<String> CATCHING =
      Set.of("read", "write", "exception", "readwrite", "call");

  static CompactTraceback of(Throwable thrown) {
    if (thrown == null) throw new AssertionError("traceback does not exist");
    List<String> frames = new ArrayList<>();
    StackTraceElement[] trace = thrown.getStackTrace();
    boolean isCaught = false;
    for (StackTraceElement frame : trace) {
      if (frame.getClassName().equals(Callbacks.class.getName())) {
        isCaught |= CATCHING.contains(frame.getMethodName());
        continue; // Python has nothing between asyncore.read and handle_read_event.
      }
      if (isCaught && !isAsyncores(frame)) break; // Python's begins where it is caught.
      frames.add(
          "[" + file(frame) + "|" + frame.getMethodName() + "|" + frame.getLineNumber() + "]");
      if (isCaught) break;
    }
    Collections.reverse(frames);
    StackTraceElement inner =
        trace.length > 0 ? trace[0] : new StackTraceElement("?", "?", "?", -1);
    return new CompactTraceback(
        file(inner),
        inner.getMethodName(),
        inner.getLineNumber(),
        thrown,
        String.join(" ", frames));
  }

  /** Whether it is the function that a program may call itself, and Python's trace has. */
  private static boolean isAsyncores(StackTraceElement frame) {
    return frame.getClassName().equals(Asyncore.class.getName());
  }

  private static String file(StackTraceElement frame) {
    return frame.getFileName() == null ? frame.getClassName() : frame.getFileName();
  }
}
