package org.asyncore.observe;

/** Why a loop spins: what a dispatcher leaves undone each time it is called. */
enum SpinReason {
  NOTHING_TO_WRITE("writable() says true, and nothing is sent", "writable", "handleWrite"),
  UNREAD("readable() says true, and nothing is received", "readable", "handleRead"),
  HANG_UP("the connection has ended, and is not closed", "readable", "handleClose"),
  NOT_ACCEPTED("a connection waits, and is not accepted", "readable", "handleAccept"),
  NO_DESCRIPTORS(
      "a connection waits, and the process has no descriptor for it", "readable", "handleAccept"),
  URGENT_UNREAD("urgent data came, and is not received", "readable", "handleExpt");

  private final String text;
  private final String predicate;
  private final String callback;

  SpinReason(String text, String predicate, String callback) {
    this.text = text;
    this.predicate = predicate;
    this.callback = callback;
  }

  /** The reason for people, and where to look for it in a dispatcher's class. */
  String describe(Class<?> dispatcher) {
    return text + ": " + origin(dispatcher, predicate) + ", " + origin(dispatcher, callback);
  }

  /** Reflection, because nothing else knows whose a method is; once for each spin. */
  private static String origin(Class<?> dispatcher, String method) {
    try {
      return method + "() of " + dispatcher.getMethod(method).getDeclaringClass().getName();
    } catch (NoSuchMethodException | LinkageError leftOut) { // Of a native image.
      return method + "() of " + dispatcher.getName();
    }
  }
}
