package org.asyncore.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

/** Takes what is printed, to standard output and standard error, until it is closed. */
public final class Printed implements AutoCloseable {
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final ByteArrayOutputStream toOut = new ByteArrayOutputStream();
  private final ByteArrayOutputStream toErr = new ByteArrayOutputStream();

  public Printed() {
    System.setOut(new PrintStream(toOut, true, UTF_8));
    System.setErr(new PrintStream(toErr, true, UTF_8));
  }

  /** What went to standard output. */
  public String out() {
    return toOut.toString(UTF_8);
  }

  /** What went to standard error. */
  public String err() {
    return toErr.toString(UTF_8);
  }

  @Override
  public void close() {
    System.setOut(out);
    System.setErr(err);
  }
}
