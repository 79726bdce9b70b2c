package org.asyncore.compat.play;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Stands in for standard output and standard error: each line becomes a line of the trace. */
final class LogCapture {
  private final PrintStream outBefore = System.out;
  private final PrintStream errBefore = System.err;

  /**
   * Catches both streams until {@link #close}.
   *
   * @param shown how the trace shows a text
   */
  LogCapture(Trace trace, UnaryOperator<String> shown) {
    System.setOut(new PrintStream(new Lines("out", trace, shown), true, UTF_8));
    System.setErr(new PrintStream(new Lines("err", trace, shown), true, UTF_8));
  }

  void close() {
    System.setOut(outBefore);
    System.setErr(errBefore);
  }

  private static final class Lines extends OutputStream {
    private final String name;
    private final Trace trace;
    private final UnaryOperator<String> shown;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    Lines(String name, Trace trace, UnaryOperator<String> shown) {
      this.name = name;
      this.trace = trace;
      this.shown = shown;
    }

    @Override
    public void write(int b) {
      if (b != '\n') {
        line.write(b);
        return;
      }
      String text = line.toString(UTF_8);
      line.reset();
      trace.emit("log", name, Map.of("text", shown.apply(text)));
    }
  }
}
