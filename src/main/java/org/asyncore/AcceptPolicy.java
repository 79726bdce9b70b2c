package org.asyncore;

import org.asyncore.transport.Accepted;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.OsException;
import org.jspecify.annotations.Nullable;

/**
 * How a listening dispatcher takes its connections, where asyncore's way does not do: that is one a
 * pass, as many as come, and an error of {@code accept} goes to {@code handleError}, whose default
 * closes the listener. {@code org.asyncore.limits.AcceptLimits} is one; asyncore has none.
 *
 * <p>Called on the thread inside {@code loop}, but for {@link #accept} and {@link #acceptFailed},
 * which come from whoever calls {@link Dispatcher#accept}.
 */
public interface AcceptPolicy {
  /**
   * Whether a pass looks for connections; asked once a pass, after {@code readable()} said yes. If
   * not, they wait in the system's backlog.
   */
  boolean accepts();

  /** Connections wait: calls {@code handleAccept} as often as this pass is to. */
  void handleReadEvent(Dispatcher listener);

  /**
   * What {@link Dispatcher#accept} gives: as a rule what the socket's own {@code accept} does.
   *
   * @param listening the dispatcher's socket
   * @return null for none; its socket is the caller's otherwise
   */
  @Nullable Accepted accept(AsyncSocket listening);

  /**
   * {@link #accept} threw.
   *
   * @return whether {@link Dispatcher#accept} gives null; else it does as asyncore's
   */
  boolean acceptFailed(OsException error);
}
