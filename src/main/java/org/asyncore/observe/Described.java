package org.asyncore.observe;

import org.asyncore.Callback;
import org.asyncore.Dispatcher;
import org.asyncore.OneLine;

/**
 * A dispatcher and a callback in a log line: its class, number and address. Not its {@code
 * toString}, which is a program's own and may throw.
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

  /** What was called, in words of the dispatcher's class. */
  static String method(Callback callback) {
    return switch (callback) {
      case READ, ACCEPT -> "handleReadEvent";
      case WRITE -> "handleWriteEvent";
      case CONNECT -> "the event that ended connecting";
      case URGENT -> "handleExptEvent";
      case CLOSE -> "handleClose";
      case ERROR -> "handleError";
      case USER_EVENT -> "handleUserEvent";
      case SCHEDULED -> "a call of callLater() or callEvery()";
      case STOP -> "handleStop";
    };
  }
}
