package org.asyncore.netty;

import io.netty.channel.Channel;
import org.asyncore.transport.AsyncSocket;

/** The channels below sockets. */
public final class Channels {
  private Channels() {}

  /** The channel below a socket of this package. */
  public static Channel of(AsyncSocket socket) {
    if (socket instanceof NettySocket looped) return looped.channel();
    if (socket instanceof PipelineSocket hosted) return hosted.channel();
    throw new IllegalArgumentException(
        "no channel below a socket of transport " + socket.transport().name());
  }
}
