package org.asyncore.transport;

import java.nio.channels.SelectableChannel;

/**
 * Where sockets come from and where a pass waits for them: Python's {@code socket} and {@code
 * select} modules, as far as asyncore.py uses them.
 *
 * <p>A map makes one, and its loop is what uses it. A program asks it for its name, for sockets and
 * files, and for the time. One that walks a map by itself gets a {@link Pollster} from {@code
 * Asyncore.ownPass}. A transport of a program's own, for a {@code SocketMap} that is made with it,
 * is used by one thread at a time: its sockets, its pollster and the map's loop are that thread's.
 */
public interface Transport {
  /** {@code epoll} or {@code nio}; a test's transport has a name of its own. */
  String name();

  /** Why it is this one: a sentence for people, such as why there is no epoll. */
  default String reason() {
    return "it was given by the program";
  }

  /** {@code socket.socket(family, type)}. */
  AsyncSocket socket(Family family, SocketType type);

  /**
   * A stream socket over a descriptor that is open already, connected or listening: {@code
   * socket.socket(fileno=…)}. So a program takes over what a parent process, a service manager or
   * native code has opened. The socket owns the descriptor from now on, and makes it non-blocking;
   * one that is refused stays the caller's, as it was. On epoll only
   * (docs/differences.md#no-descriptors-on-nio).
   *
   * @throws OsException {@link Errno#ENOTSOCK}, {@link Errno#EBADF}, {@link Errno#EPROTOTYPE} of a
   *     socket that is no stream, {@link Errno#ENOTCONN} of one that neither is connected nor
   *     listens
   */
  default AsyncSocket socket(int descriptor) {
    throw new UnsupportedOperationException("no sockets by descriptor on transport " + name());
  }

  /**
   * A file that does not block, on a duplicate of this descriptor: {@code os.dup} and {@code
   * os.set_blocking}.
   */
  default AsyncFile file(int descriptor) {
    throw new UnsupportedOperationException("no files on transport " + name());
  }

  /** A file that does not block, over a channel of the JDK, which it owns from now on. */
  default AsyncFile file(SelectableChannel channel) {
    throw new UnsupportedOperationException("no files on transport " + name());
  }

  /** {@code os.pipe()}: a new pipe, whose ends have numbers for {@link #file(int)}. */
  default Pipe pipe() {
    throw new UnsupportedOperationException("no pipes on transport " + name());
  }

  /** {@code select.poll()}: a new, empty set of sockets to wait for. */
  Pollster pollster();

  /**
   * The time by which its pollsters wait, in nanoseconds since some moment: {@code
   * time.monotonic()}. Scheduled calls, timeouts, and whatever else a map does by the clock follow
   * it, so a transport of a test's may have a time of its own. It never goes back. Safe from any
   * thread.
   */
  default long nanoTime() {
    return System.nanoTime();
  }
}
