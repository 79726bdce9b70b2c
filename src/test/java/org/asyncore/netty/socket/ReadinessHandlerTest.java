package org.asyncore.netty.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which of Netty's events becomes which fact, and which of them goes on down the pipeline. */
class ReadinessHandlerTest {
  private final List<String> facts = new ArrayList<>();
  private final ReadinessHandler handler =
      new ReadinessHandler(
          new ReadinessHandler.Facts() {
            @Override
            public void connected() {
              facts.add("connected");
            }

            @Override
            public void received(Object message) {
              facts.add("received " + message);
            }

            @Override
            public void inputEnded() {
              facts.add("inputEnded");
            }

            @Override
            public void writabilityChanged() {
              facts.add("writabilityChanged");
            }

            @Override
            public void failed(Throwable cause) {
              facts.add("failed " + cause.getMessage());
            }

            @Override
            public void closedBelow() {
              facts.add("closedBelow");
            }
          });

  @Test
  void aChannelsLifeIsToldInOrder() {
    EmbeddedChannel channel = new EmbeddedChannel(handler);
    channel.pipeline().fireChannelRead("first").fireChannelRead("second").fireChannelReadComplete();
    channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    channel.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
    channel.close();
    assertEquals(
        List.of(
            "connected",
            "received first",
            "received second",
            "inputEnded",
            "failed Connection reset by peer",
            "closedBelow"),
        facts);
  }

  @Test
  void bothOfNettysWordsForTheEndOfInputAreOne() {
    EmbeddedChannel channel = new EmbeddedChannel(handler);
    facts.clear();
    channel.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
    channel.pipeline().fireUserEventTriggered("something else");
    assertEquals(List.of("inputEnded"), facts);
    channel.finish();
  }

  @Test
  void aReceivedMessageBelongsToTheFacts() {
    EmbeddedChannel channel = new EmbeddedChannel(handler);
    ByteBuf bytes = Unpooled.copiedBuffer(new byte[] {1, 2, 3});
    channel.writeInbound(bytes);
    assertNull(channel.readInbound(), "it goes no further");
    assertEquals(1, bytes.refCnt());
    bytes.release();
    channel.finish();
  }

  @Test
  void aFullOutboundBufferAndItsEndAreTold() {
    EmbeddedChannel channel = new EmbeddedChannel(handler);
    facts.clear();
    channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(50, 100));
    channel.write(Unpooled.buffer(200).writeZero(200));
    assertEquals(List.of("writabilityChanged"), facts);
    channel.flush();
    channel.runPendingTasks();
    assertEquals(List.of("writabilityChanged", "writabilityChanged"), facts);
    channel.finishAndReleaseAll();
  }

  @Test
  void handlersInFrontAreSeenThrough() {
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext context, Object message) {
                context.fireChannelRead("[" + message + "]");
              }
            },
            handler);
    channel.pipeline().fireChannelRead("x");
    assertEquals(List.of("connected", "received [x]"), facts);
    channel.finish();
  }

  @Test
  void messagesAndExceptionsEndHereAndWhatOthersMayWantGoesOn() {
    List<String> behind = new ArrayList<>();
    EmbeddedChannel channel =
        new EmbeddedChannel(
            handler,
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelActive(ChannelHandlerContext context) {
                behind.add("active");
              }

              @Override
              public void channelRead(ChannelHandlerContext context, Object message) {
                behind.add("read");
              }

              @Override
              public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                behind.add("exception");
              }

              @Override
              public void channelWritabilityChanged(ChannelHandlerContext context) {
                behind.add("writability");
              }

              @Override
              public void userEventTriggered(ChannelHandlerContext context, Object event) {
                behind.add("event " + event);
              }

              @Override
              public void channelInactive(ChannelHandlerContext context) {
                behind.add("inactive");
              }
            });
    channel.pipeline().fireChannelRead("x").fireExceptionCaught(new IOException("broken"));
    channel.pipeline().fireChannelWritabilityChanged().fireUserEventTriggered("idle");
    channel.finish();
    assertEquals(List.of("active", "writability", "event idle", "inactive"), behind);
  }
}
