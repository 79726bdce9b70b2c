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

  /**
   * The dispatcher is not told: it has closed meanwhile, has another socket, or is in no map. On
   * the thread that serves its connection, and no callback.
   */
  default void missed() {
    // Most have nothing to put right.
  }
}
