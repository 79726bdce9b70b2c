package org.asyncore.netty.pipeline;

import io.netty.channel.Channel;
import java.net.SocketAddress;
import org.asyncore.netty.kernel.Kernel;
import org.asyncore.netty.loop.LoopBuffers;
import org.asyncore.netty.socket.NettyPollster;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Transport;

/**
 * Who serves the dispatcher of a {@link PipelineSocket}: the loop of a map, with a pass ({@link
 * LoopDriver}), or the executor of a pipeline of the program's own, with a task ({@link
 * HostedDriver}). Neither calls the dispatcher when it is told of something: it is asked and called
 * later, when nothing of the program is under way.
 */
public interface PipelineDriver {
  Transport transport();

  // --- calls of the program ---

  /** Whether this thread may call. */
  boolean mayCall();

  /**
   * Begins a call of the program's, which {@link #exit} ends; refuses a thread that may not make
   * it.
   */
  void enter(String call);

  /**
   * As {@link #enter}, for a call that need not wait for a callback of the program: at once false
   * if one is running on another thread, or may be.
   */
  boolean enterUnlessCalling(String call);

  void exit();

  /** Has a call made when that callback is over; false if nobody is there any more to make it. */
  boolean handOver(Runnable call);

  /** Closes the socket by this, on this thread or on the one that serves it. */
  void close(Runnable closing);

  /** Bytes were taken to be sent, by the socket's output, which flushes them when it is told to. */
  void sent();

  /** Whether what was sent may wait for the pass that follows this one. */
  default boolean holdsBack(NettyPollster pass) {
    return false;
  }

  /** The program has made a call after which there may be something else to do. */
  void used();

  /** The buffers of the loop that calls; null for none. */
  LoopBuffers buffers();

  /** The kernel that can send on this channel past it; null where none can. */
  Kernel past(Channel channel);

  /** Whether what is flushed to this channel leaves only when its event loop runs on. */
  default boolean completesLater(Channel channel) {
    return false;
  }

  /** Whether the channel's event loop forgets it after its input's end. On that event loop. */
  boolean forgetsEnded();

  /**
   * Has the channel keep its registration after its input's end, where its event loop would forget
   * it. On that event loop.
   *
   * @param then runs when that is so, or the channel is closed
   * @return whether that is yet to come
   */
  boolean keepsRegistration(Runnable then);

  // --- news of the channel, on its event loop ---

  /** The connection is up. */
  default void up() {
    writable();
  }

  /** There is room to send again, or the connection is up: something may wait for that. */
  void writable();

  /** Anything else is not as it was: bytes have come, perhaps. */
  void changed();

  /** A handler tells of something that is not the library's: the dispatcher's to hear. */
  void event(Object event);

  // --- names and numbers ---

  /**
   * Refuses a call that is the bootstrap's to make, where there is one.
   *
   * @throws OsException EOPNOTSUPP
   */
  default void needLoop(String call) {
    // A map's loop makes them all.
  }

  SocketAddress localAddress();

  /** Null if there is none. */
  SocketAddress remoteAddress();

  void returnNumber(int number);

  /** A connect is about to begin. */
  void connects();

  /**
   * Has another channel, as the first one was before its connect, which has failed, in its place.
   *
   * @return false if it cannot be had
   */
  boolean reopen();

  /** The channel is a native one from now on. */
  default void detached() {
    // It is no loop's of ours.
  }

  /** The socket is closed, and its channel may have something left to send. */
  void closed();
}
