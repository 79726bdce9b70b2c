package org.asyncore;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

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

  static CompactTraceback of(Throwable thrown) {
    if (thrown == null) throw new AssertionError("traceback does not exist");
    List<String> frames = new ArrayList<>();
    StackTraceElement[] trace = thrown.getStackTrace();
    for (StackTraceElement frame : trace) {
      // Python's traceback begins where the exception is caught: in asyncore's dispatch functions.
      if (frame.getClassName().equals(Asyncore.class.getName()) && !frames.isEmpty()) break;
      frames.add(
          "[" + file(frame) + "|" + frame.getMethodName() + "|" + frame.getLineNumber() + "]");
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

  private static String file(StackTraceElement frame) {
    return frame.getFileName() == null ? frame.getClassName() : frame.getFileName();
  }
}
