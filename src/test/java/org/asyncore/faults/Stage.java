package org.asyncore.faults;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import java.net.SocketAddress;
import java.util.function.Consumer;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;

/** Who calls the dispatcher of a run; kept for all runs of its kind. */
interface Stage {
  /** Makes the dispatcher of a plan over a socket. */
  interface Casting {
    Subject over(AsyncSocket socket, SocketMap map);
  }

  /**
   * One pass, or what is one to this stage.
   *
   * @param first runs before it, on the thread that calls the dispatcher
   */
  void pass(boolean usePoll, long waitMillis, Runnable first);

  /** Has a dispatcher connect; it is told of before anything is called. */
  void connect(Plan plan, SocketAddress address, Casting casting, Consumer<Subject> made);

  /**
   * Waits for one connection.
   *
   * @return where
   */
  SocketAddress listen(Plan plan, SocketAddress address, Casting casting, Consumer<Subject> made);

  /** A map for what is neither connected nor accepted; null if there is none here. */
  SocketMap map();

  /** What runs the channels. */
  EventLoopGroup group();

  /** How many dispatchers there are, beside those that keep the stage open. */
  int population();

  /** Ends what a run that went wrong has left. */
  void clear();

  void close();

  /** Stands in a pipeline and does nothing, which alone has the pipeline carry the bytes. */
  final class Passive extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.fireChannelRead(message);
    }
  }
}
