package org.asyncore.netty;

import io.netty.channel.Channel;
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
    if (socket instanceof PipedSocket || socket instanceof PipelineSocket) return;
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

  /** The channel below a socket of this package. */
  public static Channel of(AsyncSocket socket) {
    if (socket instanceof NettySocket looped) return looped.channel();
    if (socket instanceof PipelineSocket hosted) return hosted.channel();
    throw new IllegalArgumentException(
        "no channel below a socket of transport " + socket.transport().name());
  }
}
