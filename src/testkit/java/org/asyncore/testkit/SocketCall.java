package org.asyncore.testkit;

/** A call on a socket that a test may have fail: {@link TestLoop#fail}. */
public enum SocketCall {
  ACCEPT,
  CONNECT,
  RECV,
  SEND
}
