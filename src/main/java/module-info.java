/** Python's asyncore and asynchat on Netty. */
// Micrometer's manifest has its name; the test kit is on the path where it is used.
@SuppressWarnings({"requires-automatic", "module"})
module org.asyncore {
  requires transitive io.netty.buffer;
  requires transitive io.netty.common;
  requires transitive io.netty.handler;
  requires transitive io.netty.transport;
  requires static java.management;
  requires static jdk.jfr;
  requires static micrometer.core;
  requires static org.jspecify;
  requires io.netty.codec;
  requires io.netty.transport.classes.epoll;
  requires io.netty.transport.unix.common;

  uses org.asyncore.LoopObserver;

  provides org.asyncore.LoopObserver with
      org.asyncore.observe.ErrorLog,
      org.asyncore.observe.JfrEvents,
      org.asyncore.observe.SlowCallbacks,
      org.asyncore.observe.SpinDoctor,
      org.asyncore.observe.UnclosedDispatchers;

  exports org.asyncore;
  exports org.asyncore.asynchat;
  exports org.asyncore.limits;
  exports org.asyncore.migrate;
  exports org.asyncore.observe;
  exports org.asyncore.transport;
  exports org.asyncore.internal to
      org.asyncore.testkit;
}
