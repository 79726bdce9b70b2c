package org.asyncore.netty.pipeline;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.net.SocketAddress;
import org.asyncore.netty.socket.Reopening;

/**
 * The bridge at the end of a pipeline: records what comes there as facts of a {@link
 * PipelineSocket}. Calls no dispatcher, whoever fires the event, and whatever is under way then.
 *
 * <pre>
 * channelActive               the connection is up
 * channelRead                 bytes: they wait for recv, and belong to the socket
 * channelReadComplete         nothing: nobody behind has read anything
 * user event                  the end of the peer's stream, of TLS; else the dispatcher's to hear
 * channelWritabilityChanged   there may be room to send
 * exceptionCaught             what recv is to throw
 * channelInactive             nothing more will come
 * connect                     a connect is under way, whoever has called it
 * read                        swallowed while there is a reason not to read: {@link AutoRead}
 * </pre>
 *
 * <p>What is not bytes goes on to the handlers behind. Runs on the channel's event loop.
 */
public final class PipelineEnd extends ChannelDuplexHandler implements Reopening.StaysBehind {
  /** The name of a dispatcher's handler in its pipeline. */
  public static final String NAME = "dispatcher";

  private final PipelineSocket socket;
  private final PipelineDriver driver;

  PipelineEnd(PipelineSocket socket) {
    this.socket = socket;
    driver = socket.driver();
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    socket.connect().up();
    context.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    socket.stream().received(message);
    if (socket.knownActivity() != null) socket.knownActivity().received();
    driver.changed();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    // What was read has been recorded, and nobody behind has read anything.
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (!socket.stream().learns(event)) driver.event(event);
    driver.changed();
    context.fireUserEventTriggered(event);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (socket.stream().canSend()) driver.writable();
    else driver.changed();
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // Of a connect that is told, and all else follows from it.
    if (!socket.connect().hasFailed()) socket.stream().failed(cause);
    driver.changed();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    socket.stream().closedBelow();
    driver.changed();
    context.fireChannelInactive();
  }

  @Override
  public void connect(
      ChannelHandlerContext context,
      SocketAddress remote,
      SocketAddress local,
      ChannelPromise promise) {
    ChannelPromise connected = promise.unvoid();
    if (socket.knownActivity() != null) socket.knownActivity().connects();
    socket.connect().resume(connected);
    driver.changed();
    context.connect(remote, local, connected);
  }

  @Override
  public void read(ChannelHandlerContext context) {
    if (socket.stream().mayRead()) context.read();
  }
}
