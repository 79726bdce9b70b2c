package org.asyncore.netty.socket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;

/**
 * The bridge: the last handler of a dispatcher's pipeline, which records what Netty reports as
 * facts on its socket.
 *
 * <p>Runs on the channel's event loop and calls no dispatcher: callbacks belong to the thread
 * inside {@code loop}. What {@link #channelRead} gets belongs to the {@link Facts} from then on.
 *
 * <pre>
 * channelActive               the connection is up
 * channelRead                 bytes, a datagram or an accepted channel
 * input shut down             end of stream: recv gives no bytes
 * channelWritabilityChanged   room to write
 * exceptionCaught             recv or send has an errno to tell
 * channelInactive             nothing more will come
 * </pre>
 */
public final class ReadinessHandler extends ChannelInboundHandlerAdapter
    implements Reopening.StaysBehind {
  /** Where facts are recorded. */
  public interface Facts {
    void connected();

    void received(Object message);

    void inputEnded();

    void writabilityChanged();

    void failed(Throwable cause);

    void closedBelow();
  }

  private final Facts facts;

  public ReadinessHandler(Facts facts) {
    this.facts = facts;
  }

  /** Whether Netty says by this that the peer's stream has ended. */
  public static boolean isInputEnd(Object event) {
    return event instanceof ChannelInputShutdownEvent
        || event instanceof ChannelInputShutdownReadComplete;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    facts.connected();
    context.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    facts.received(message);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (isInputEnd(event)) facts.inputEnded();
    context.fireUserEventTriggered(event);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    facts.writabilityChanged();
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    facts.failed(cause);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    facts.closedBelow();
    context.fireChannelInactive();
  }
}
