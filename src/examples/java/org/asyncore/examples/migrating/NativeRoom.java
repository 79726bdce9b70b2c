package org.asyncore.examples.migrating;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.LineBasedFrameDecoder;
import java.util.LinkedHashMap;
import java.util.Map;

/** Rung 6: the room without a dispatcher. Confined to the one event loop that all guests have. */
public final class NativeRoom {
  private static final int LONGEST_LINE = 4096;

  private final ChannelGroup guests;
  private final Map<Channel, String> names = new LinkedHashMap<>();
  private int guestCount;

  private NativeRoom(EventLoopGroup oneLoop) {
    guests = new DefaultChannelGroup(oneLoop.next());
  }

  /**
   * Opens a room.
   *
   * @param oneLoop a group of one thread
   */
  public static Channel open(
      EventLoopGroup oneLoop, Class<? extends ServerChannel> channels, String host, int port) {
    NativeRoom room = new NativeRoom(oneLoop);
    return new ServerBootstrap()
        .group(oneLoop)
        .channel(channels)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(new LineBasedFrameDecoder(LONGEST_LINE))
                    .addLast(room.new Guest());
              }
            })
        .bind(host, port)
        .syncUninterruptibly()
        .channel();
  }

  private void say(String text) {
    guests.writeAndFlush(line(text));
  }

  private static ByteBuf line(String text) {
    return Unpooled.copiedBuffer(text + "\r\n", UTF_8);
  }

  private final class Guest extends SimpleChannelInboundHandler<ByteBuf> {
    private boolean leaving;

    @Override
    public void channelActive(ChannelHandlerContext context) {
      String name = "guest" + ++guestCount;
      guests.add(context.channel());
      names.put(context.channel(), name);
      say("* " + name + " is here");
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
      String line = message.toString(UTF_8).strip();
      if (leaving) return; // What was sent along with /quit.
      String name = names.get(context.channel());
      if (line.equals("/quit")) {
        leaving = true;
        context.writeAndFlush(line("bye")).addListener(ChannelFutureListener.CLOSE);
      } else if (line.equals("/who")) {
        context.writeAndFlush(line(String.join(", ", names.values())));
      } else if (line.startsWith("/name ")) {
        String after = line.substring(6).strip();
        names.put(context.channel(), after);
        say("* " + name + " is now " + after);
      } else if (!line.isEmpty()) {
        say(name + ": " + line);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      say("* " + names.remove(context.channel()) + " has left");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close(); // A line without end, a connection that broke.
    }
  }
}
