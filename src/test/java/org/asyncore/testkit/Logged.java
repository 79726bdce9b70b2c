package org.asyncore.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Takes what the library logs on {@code org.asyncore}, until it is closed. */
public final class Logged extends Handler implements AutoCloseable {
  /** Where System.Logger leads by default. */
  private static final Logger LOGGER = Logger.getLogger("org.asyncore");

  private final List<String> lines = new ArrayList<>();
  private int failing;
  private final boolean useParents = LOGGER.getUseParentHandlers();

  public Logged() {
    LOGGER.addHandler(this);
    LOGGER.setUseParentHandlers(false);
  }

  /** What was logged so far, each as {@code LEVEL: message}. */
  public synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  /** Throws for the next lines, as a logger does that cannot open its file. */
  public synchronized void failing(int count) {
    failing = count;
  }

  @Override
  public synchronized void publish(LogRecord record) {
    if (failing-- > 0) throw new UncheckedIOException(new IOException("no file to log to"));
    lines.add(record.getLevel() + ": " + new SimpleFormatter().formatMessage(record));
  }

  @Override
  public void flush() {
    // Nothing is kept back.
  }

  @Override
  public void close() {
    LOGGER.setUseParentHandlers(useParents);
    LOGGER.removeHandler(this);
  }
}
