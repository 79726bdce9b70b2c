package org.asyncore.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.api.Test;

/** Where a hosted dispatcher begins and ends: around what its pipeline tells at these moments. */
class HostedEndTest {
  private static final int MORE_THAN_ONE_DISPATCH = 1000;
  private static final int MORE_THAN_THE_WATER_MARK = 100_000;

  private final List<String> calls = new ArrayList<>();

  /** Takes one byte at a time. */
  private final class Sipper extends Dispatcher {
    private int received;

    Sipper(AsyncSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleRead() {
      received += recv(1).length;
    }

    @Override
    public void handleClose() {
      calls.add("handleClose after " + received);
      close();
    }
  }

  @Test
  void bytesBeforeTheEndAreReadThoughTheChannelIsGone() {
    EmbeddedChannel channel = new EmbeddedChannel(DispatcherHandler.each(Sipper::new));
    channel.pipeline().fireChannelRead(Unpooled.wrappedBuffer(new byte[MORE_THAN_ONE_DISPATCH]));
    channel.close();
    channel.runPendingTasks();
    assertEquals(List.of("handleClose after " + MORE_THAN_ONE_DISPATCH), calls);
  }

  @Test
  void aConstructorMaySendMoreThanTheChannelLikes() {
    ChannelInboundHandlerAdapter behind =
        new ChannelInboundHandlerAdapter() {
          @Override
          public void channelWritabilityChanged(ChannelHandlerContext context) {
            calls.add("writable " + context.channel().isWritable());
          }
        };
    EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter(), behind);
    channel
        .pipeline()
        .addFirst(
            new DispatcherHandler(
                (socket, map) -> {
                  Sipper sipper = new Sipper(socket, map);
                  sipper.send(new byte[MORE_THAN_THE_WATER_MARK]);
                  return sipper;
                }));
    assertEquals("writable false", calls.get(0));
    channel.finishAndReleaseAll();
  }
}
