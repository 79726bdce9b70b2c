package org.asyncore.examples.migrating;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LineBasedFrameDecoder;
import org.asyncore.SocketMap;
import org.asyncore.examples.ChatRoom;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.transport.AsyncSocket;

/**
 * Rung 5: a guest comes in as a dispatcher and goes on as a native channel, on the same connection.
 * To the room it stays the session that it was.
 */
public final class HandedOverRoom extends ChatRoom {
  private static final int LONGEST_LINE = 4096;

  /** A room with a door of its own. */
  public HandedOverRoom(String host, int port, SocketMap map) {
    super(host, port, map);
  }

  @Override
  protected ChatSession newSession(AsyncSocket socket) {
    return new LeavingSession(this, socket);
  }

  private static final class LeavingSession extends ChatSession {
    /** The connection, once it is native. */
    private Channel channel;

    LeavingSession(ChatRoom room, AsyncSocket socket) {
      super(room, socket);
    }

    @Override
    public void foundTerminator() {
      super.foundTerminator();
      if (channel == null && fileno() >= 0 && producerFifo().isEmpty()) handOver();
    }

    private void handOver() {
      channel = DispatcherChannels.channel(this); // The handlers may hear a line at once.
      DispatcherChannels.migrateTo(
          this,
          new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel migrated) {
              migrated
                  .pipeline()
                  .addLast(new LineBasedFrameDecoder(LONGEST_LINE))
                  .addLast(new Lines(LeavingSession.this));
            }
          },
          acInBuffer()); // Read, and not a line yet.
      discardBuffers();
    }

    @Override
    public void tell(String text) {
      if (channel == null) super.tell(text);
      else channel.writeAndFlush(Unpooled.copiedBuffer(text + "\r\n", UTF_8));
    }

    @Override
    public void closeWhenDone() {
      if (channel == null) super.closeWhenDone();
      else channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  /** Has the session hear what the channel says. */
  private static final class Lines extends SimpleChannelInboundHandler<ByteBuf> {
    private final ChatSession session;

    Lines(ChatSession session) {
      this.session = session;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf line) {
      session.heard(line.toString(UTF_8).strip());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      session.handleClose();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close(); // A line without end, a connection that broke.
    }
  }
}
