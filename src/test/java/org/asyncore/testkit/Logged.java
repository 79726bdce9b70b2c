package org.asyncore.testkit;

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
  private final boolean useParents = LOGGER.getUseParentHandlers();

  public Logged() {
    LOGGER.addHandler(this);
    LOGGER.setUseParentHandlers(false);
  }

  /** What was logged so far, each as {@code LEVEL: message}. */
  public synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public synchronized void publish(LogRecord record) {
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
