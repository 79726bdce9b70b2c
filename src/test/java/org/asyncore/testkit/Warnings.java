package org.asyncore.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the logger {@code org.asyncore} is given, from opening to closing; nothing is printed. */
public final class Warnings implements AutoCloseable {
  private static final Logger LOGGER = Logger.getLogger("org.asyncore"); // Held: the JDK does not.

  private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          lines.add(entry.getLevel() + " " + entry.getMessage());
        }

        @Override
        public void flush() {
          // Nothing is kept back.
        }

        @Override
        public void close() {
          // Nothing is open.
        }
      };

  public Warnings() {
    LOGGER.addHandler(handler);
    LOGGER.setUseParentHandlers(false);
  }

  /** The lines so far, each a level and a message. */
  public List<String> lines() {
    return new ArrayList<>(lines);
  }

  @Override
  public void close() {
    LOGGER.setUseParentHandlers(true);
    LOGGER.removeHandler(handler);
  }
}
