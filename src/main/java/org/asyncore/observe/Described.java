package org.asyncore.observe;

import org.asyncore.Dispatcher;
import org.asyncore.OneLine;

/**
 * A dispatcher in a log line: its class, number and address. Not its {@code toString}, which is a
 * program's own and may throw.
 */
final class Described {
  private Described() {}

  static String of(Dispatcher dispatcher) {
    return of(dispatcher, dispatcher.fileno());
  }

  /** As it was while it had this number: a closed dispatcher has none. */
  static String of(Dispatcher dispatcher, int number) {
    String address = dispatcher.addr() == null ? "" : " " + dispatcher.addr();
    return OneLine.of(dispatcher.getClass().getName() + " (number " + number + address + ")");
  }
}
