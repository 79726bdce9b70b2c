package org.asyncore.compat.scenario;

import java.util.Locale;

/** In which of the loop's two styles a scenario is played. */
public enum Mode {
  SELECT,
  POLL;

  /** The mode that a scenario or a command line names. */
  public static Mode of(String text) {
    for (Mode mode : values()) {
      if (mode.text().equals(text)) return mode;
    }
    throw new IllegalArgumentException("not a mode: " + text);
  }

  /** As scenarios and file names write it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What {@code loop} is told. */
  public boolean usePoll() {
    return this == POLL;
  }
}
