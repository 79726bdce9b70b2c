package org.asyncore.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.util.function.Consumer;
import org.asyncore.transport.AsyncSocket;

/** The channels below sockets. */
public final class Channels {
  /** The name of a dispatcher's handler, the last of its pipeline. */
  public static final String DISPATCHER = "dispatcher";

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
    if (flushed(socket)) return;
    if (!(socket instanceof ChannelSocket direct)) {
      throw new IllegalArgumentException("no handlers in front of a " + socket.type() + " socket");
    }
    direct.enter();
    try {
      PipedSocket piped = new PipedSocket(direct);
      piped.userEvents(userEvents);
      holder.accept(piped);
    } finally {
      direct.exit();
    }
  }

  /**
   * Gives the channel of a connected socket to a native handler, behind those that it has; bytes
   * that nobody asked for go there first. On the channel's event loop.
   */
  public static void detach(AsyncSocket socket, ChannelHandler next) {
    if (socket instanceof PipedSocket piped) {
      piped.detach(next);
    } else {
      PipelineSocket hosted = (PipelineSocket) socket;
      hosted.channel().pipeline().addAfter(hosted.handlerName(), null, next);
      hosted.channel().pipeline().remove(hosted.handlerName());
    }
  }

  /** A socket over a live native channel, which it owns; on its event loop, this transport's. */
  public static AsyncSocket adopt(
      NettyTransport transport, Channel channel, Consumer<Object> userEvents) {
    PipedSocket socket = new PipedSocket(transport, channel);
    socket.userEvents(userEvents);
    transport.endWait(); // It began without this socket: the next pass asks it, too.
    return socket;
  }

  /** The oldest buffer that came, the caller's own; null at the end of the stream. */
  public static ByteBuf recv(AsyncSocket socket) {
    if (socket instanceof PipelineSocket hosted) return hosted.recv();
    if (socket instanceof PipedSocket piped) return piped.recv();
    throw noBuffers();
  }

  /** Sends a retained slice. */
  public static int send(AsyncSocket socket, ByteBuf bytes) {
    if (socket instanceof PipelineSocket hosted) return hosted.send(bytes);
    if (socket instanceof PipedSocket piped) return piped.send(bytes);
    throw noBuffers();
  }

  /** Gives the buffer away if there is room for any of it; says whether there was. */
  public static boolean offer(AsyncSocket socket, ByteBuf bytes) {
    if (socket instanceof PipelineSocket hosted) return hosted.offer(bytes);
    if (socket instanceof PipedSocket piped) return piped.offer(bytes);
    throw noBuffers();
  }

  private static IllegalStateException noBuffers() {
    return new IllegalStateException(
        "buffers of a socket without a pipeline: pipeline() makes one");
  }

  /**
   * Does something to the pipeline of an open connection, after what was sent, and with its event
   * loop ours meanwhile.
   *
   * @param name what the caller called, for when that is refused on this thread
   */
  public static void call(AsyncSocket socket, String name, Runnable action) {
    if (socket instanceof PipelineSocket hosted) hosted.call(name, action);
    else ((PipedSocket) socket).call(action);
  }

  /**
   * What was sent must not meet handlers that come later.
   *
   * @return whether the socket has a pipeline to send it through
   */
  private static boolean flushed(AsyncSocket socket) {
    if (socket instanceof PipelineSocket hosted) hosted.flushHere();
    else if (socket instanceof PipedSocket piped) piped.call(() -> {});
    else return false;
    return true;
  }

  /** The channel below a socket of this package. */
  public static Channel of(AsyncSocket socket) {
    if (socket instanceof NettySocket looped) return looped.channel();
    if (socket instanceof PipelineSocket hosted) return hosted.channel();
    throw new IllegalArgumentException(
        "no channel below a socket of transport " + socket.transport().name());
  }
}
