/** Python's asyncore and asynchat on Netty. */
module org.asyncore {
  requires transitive io.netty.buffer;
  requires transitive io.netty.common;
  requires transitive io.netty.handler;
  requires transitive io.netty.transport;
  requires static java.management;
  requires static jdk.jfr;
  requires io.netty.codec;
  requires io.netty.transport.classes.epoll;
  requires io.netty.transport.unix.common;

  exports org.asyncore;
  exports org.asyncore.asynchat;
  exports org.asyncore.limits;
  exports org.asyncore.migrate;
  exports org.asyncore.observe;
  exports org.asyncore.transport;
}
