package org.asyncore.migrate;

import org.asyncore.Dispatcher;

/**
 * A user event that knows itself what to tell its dispatcher, instead of {@link
 * Dispatcher#handleUserEvent}: for handlers that belong to the library.
 */
@FunctionalInterface
public interface DispatcherEvent {
  /**
   * The dispatcher's turn has come; it was not closed meanwhile. Called as a callback: what it
   * throws goes to {@code handleError}.
   */
  void tell(Dispatcher dispatcher);
}
