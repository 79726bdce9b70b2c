package org.asyncore.compat.play;

import java.io.Closeable;

/**
 * A plain socket, or an end of a pipe, that has nothing to do with the library.
 *
 * <p>It never blocks, because {@link Waiting} does, with a deadline; from the other side one cannot
 * tell. One peer has one descriptor, from the moment it is made until it is closed: on epoll the
 * library's numbers are descriptors, and the lowest free one is dealt next.
 */
interface Peer extends Closeable {
  /** Whether it is a socket of the JDK's, and not an end of one of the library's pipes. */
  default boolean isSocket() {
    return true;
  }
}
