package org.asyncore.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.asyncore.netty.pipeline.LoopDriver;
import org.asyncore.netty.pipeline.PipelineEnd;
import org.asyncore.netty.pipeline.PipelineSocket;
import org.asyncore.netty.socket.NettySocket;
import org.asyncore.netty.socket.Reopening;
import org.asyncore.netty.stream.StreamSocket;
import org.asyncore.transport.AsyncSocket;

/** The channels below sockets. */
public final class Channels {
  /** The name of a dispatcher's handler, the last of its pipeline. */
  public static final String DISPATCHER = PipelineEnd.NAME;

  private Channels() {}

  /**
   * Has the bytes of a map's socket travel through its pipeline, so that handlers may stand there.
   *
   * @param userEvents hears, on the loop's turn and in the middle of I/O, of events that the
   *     handlers fire
   * @param holder gets the socket that is to be used from now on, if it is another one; the turn is
   *     held until it returns
   */
  public static void pipe(
      AsyncSocket socket, Consumer<Object> userEvents, Consumer<AsyncSocket> holder) {
    if (socket instanceof PipelineSocket piped) {
      piped.flushHere(); // What was sent must not meet handlers that come later.
      return;
    }
    if (!(socket instanceof StreamSocket direct)) {
      throw new IllegalArgumentException(
          "no handlers in front of a "
              + socket.type()
              + " socket of transport "
              + socket.transport().name());
    }
    direct.enter("pipeline");
    try {
      holder.accept(LoopDriver.over(direct.handOver(), userEvents).socket());
    } finally {
      direct.exit();
    }
  }

  /**
   * Gives the channel of a connected socket to a native handler, behind those that it has; bytes
   * that nobody asked for go there first. On the channel's event loop.
   */
  public static void detach(AsyncSocket socket, ChannelHandler next) {
    ((PipelineSocket) socket).handOn(next);
  }

  /** A socket over a live native channel, which it owns; on its event loop, this transport's. */
  public static AsyncSocket adopt(
      NettyTransport transport, Channel channel, Consumer<Object> userEvents) {
    AsyncSocket socket = LoopDriver.over(transport, channel, userEvents).socket();
    transport.endWait(); // It began without this socket: the next pass asks it, too.
    return socket;
  }

  /** The oldest buffer that came, the caller's own; null at the end of the stream. */
  public static ByteBuf recv(AsyncSocket socket) {
    return piped(socket).recv();
  }

  /** Sends a retained slice. */
  public static int send(AsyncSocket socket, ByteBuf bytes) {
    return piped(socket).send(bytes);
  }

  /** Gives the buffer away if there is room for any of it; says whether there was. */
  public static boolean offer(AsyncSocket socket, ByteBuf bytes) {
    return piped(socket).offer(bytes);
  }

  private static PipelineSocket piped(AsyncSocket socket) {
    if (socket instanceof PipelineSocket piped) return piped;
    throw new IllegalStateException("buffers of a socket without a pipeline: pipeline() makes one");
  }

  /**
   * Does something to the pipeline of an open connection, after what was sent, and with its event
   * loop ours meanwhile.
   *
   * @param name what the caller called, for when that is refused on this thread
   */
  public static void call(AsyncSocket socket, String name, Runnable action) {
    piped(socket).call(name, action);
  }

  /**
   * How many bytes are on our side of the kernel that nobody has asked for: read ahead, or waiting
   * at the end of a pipeline.
   */
  public static int unread(AsyncSocket socket) {
    if (socket instanceof PipelineSocket piped) return piped.unread();
    return socket instanceof StreamSocket direct ? direct.unread() : 0;
  }

  /**
   * Says how a handler is made anew if its channel has to be replaced, as its connect fails: for
   * one that ends with its channel. Others are taken over as they are. On the channel's event loop.
   */
  public static void recipe(Channel channel, String name, Supplier<ChannelHandler> recipe) {
    Reopening.recipe(channel, name, recipe);
  }

  /** The channel below a socket of this package. */
  public static Channel of(AsyncSocket socket) {
    if (socket instanceof NettySocket looped) return looped.channel();
    if (socket instanceof PipelineSocket piped) return piped.channel();
    throw new IllegalArgumentException(
        "no channel below a socket of transport " + socket.transport().name());
  }
}
