package org.asyncore;

import org.asyncore.internal.Escapes;
import org.jspecify.annotations.Nullable;

/**
 * Text that stays one line of a log, whatever a peer put into it. What the library itself logs
 * through {@code System.Logger} has gone through here; what asyncore prints has not, as its text is
 * behaviour: override {@link Dispatcher#logInfo(String, String)} for that.
 */
public final class OneLine {
  private OneLine() {}

  /**
   * The text with all that could end a line, move a cursor or turn the direction of writing as
   * escapes: {@code \n}, {@code \r}, {@code \t}, {@code \x1b}, {@code \u2028}, {@code \U000e0001}.
   * Backslashes stay as they are.
   *
   * @param text null is written as Java does
   */
  public static String of(@Nullable String text) {
    return Escapes.oneLine(text);
  }
}
