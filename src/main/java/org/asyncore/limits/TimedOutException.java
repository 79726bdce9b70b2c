package org.asyncore.limits;

import java.time.Duration;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;

/**
 * A dispatcher's connection was too slow: {@code handleError} gets it, unless its {@link Timeouts}
 * name something else. Its errno is {@link Errno#ETIMEDOUT}.
 */
public final class TimedOutException extends OsException {
  private static final long serialVersionUID = 1L;

  /** What did not happen in time. */
  public enum Kind {
    /** The connection did not come up. */
    CONNECT("not connected after "),
    /** Nothing was received, and nothing sent got any further. */
    IDLE("nothing received or sent for "),
    /** Nothing was received. */
    READ("nothing received for "),
    /** Something that was sent is not in the kernel. */
    WRITE("something sent is not taken after ");

    private final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  private final Kind kind;
  private final Duration limit;

  TimedOutException(Kind kind, Duration limit) {
    super(Errno.ETIMEDOUT, kind.text + limit);
    this.kind = kind;
    this.limit = limit;
  }

  /** What did not happen in time. */
  public Kind kind() {
    return kind;
  }

  /** The time that there was. */
  public Duration limit() {
    return limit;
  }
}
