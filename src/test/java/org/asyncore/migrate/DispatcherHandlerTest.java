package org.asyncore.migrate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipelineException;
import io.netty.channel.ChannelPromise;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.ExitNow;
import org.asyncore.LoopObserver;
import org.asyncore.SocketMap;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.netty.HostedTransport;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Shutdown;
import org.asyncore.transport.WouldBlockException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a hosted dispatcher is called, and with what; on a channel without a network. */
class DispatcherHandlerTest {
  private final CallLog calls = new CallLog(new HostedTransport());
  private RecordingDispatcher dispatcher;
  private EmbeddedChannel channel;

  @AfterEach
  void closeChannel() {
    if (channel != null) channel.finishAndReleaseAll();
  }

  private DispatcherHandler handler() {
    return new DispatcherHandler(
        (socket, map) -> dispatcher = calls.dispatcher("d", socket), calls.map());
  }

  /** A connected channel whose dispatcher takes up to 100 bytes a read; the first write is over. */
  private void connect(ChannelHandler... others) {
    channel = new EmbeddedChannel();
    channel.pipeline().addLast(handler());
    channel.pipeline().addLast(others);
    dispatcher.on("handleRead", d -> calls.add("'" + text(d.recv(100)) + "'"));
    channel.runPendingTasks();
    assertEquals(List.of("d handleWrite"), calls.take());
  }

  private void receive(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, US_ASCII));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, US_ASCII);
  }

  private String sent() {
    StringBuilder sent = new StringBuilder();
    for (ByteBuf bytes; (bytes = channel.readOutbound()) != null; bytes.release()) {
      sent.append(bytes.toString(US_ASCII));
    }
    return sent.toString();
  }

  // --- reading ---

  @Test
  void bytesReachHandleReadAndThenHandleWriteIsAsked() {
    connect();
    receive("hello");
    assertEquals(List.of("d handleRead", "'hello'", "d handleWrite"), calls);
  }

  @Test
  void handleReadIsCalledAgainWhileItTakesBytes() {
    connect();
    dispatcher.wants(true, false).on("handleRead", d -> calls.add(text(d.recv(3))));
    receive("12345678");
    assertEquals(
        List.of("d handleRead", "123", "d handleRead", "456", "d handleRead", "78"), calls);
  }

  @Test
  void aHandlerBehindHearsOfOtherThingsThanReads() {
    List<Object> heard = new ArrayList<>();
    connect(
        new ChannelInboundHandlerAdapter() {
          @Override
          public void channelRead(ChannelHandlerContext context, Object message) {
            heard.add(message);
          }

          @Override
          public void channelReadComplete(ChannelHandlerContext context) {
            heard.add("read complete");
          }

          @Override
          public void userEventTriggered(ChannelHandlerContext context, Object event) {
            heard.add(event);
          }
        });
    receive("hello");
    channel.pipeline().fireUserEventTriggered("event");
    assertEquals(List.of("event"), heard);
  }

  @Test
  void handleReadThatTakesNothingIsCalledOnceForEachNews() {
    connect();
    dispatcher.wants(true, false).on("handleRead", d -> {});
    receive("1");
    receive("2");
    assertEquals(List.of("d handleRead", "d handleRead"), calls.take());
    dispatcher.on("handleRead", d -> calls.add(text(d.recv(100))));
    dispatcher.interestChanged();
    channel.runPendingTasks();
    assertEquals(List.of("d handleRead", "12"), calls);
  }

  @Test
  void bytesWaitUntilTheDispatcherIsReadable() {
    connect();
    dispatcher.wants(false, false);
    receive("early");
    assertEquals(List.of(), calls);
    assertFalse(channel.config().isAutoRead());
    dispatcher.wants(true, false);
    dispatcher.interestChanged();
    channel.runPendingTasks();
    assertEquals(List.of("d handleRead", "'early'"), calls);
    assertTrue(channel.config().isAutoRead());
  }

  @Test
  void aDispatcherThatReadsNothingStopsTheChannel() {
    connect();
    dispatcher.wants(true, false).on("handleRead", d -> {});
    receive("x".repeat(60_000));
    assertTrue(channel.config().isAutoRead());
    receive("x".repeat(10_000));
    assertFalse(channel.config().isAutoRead());
  }

  @Test
  void aPeerThatSendsSingleBytesStopsTheChannelToo() {
    connect();
    dispatcher.wants(true, false).on("handleRead", d -> {});
    int pieces = 0;
    for (; channel.config().isAutoRead() && pieces < 10_000; pieces++) receive("x");
    assertTrue(pieces < 1000, pieces + " buffers of one byte wait");
  }

  @Test
  void recvOfNothingWouldBlock() {
    connect();
    assertThrows(WouldBlockException.class, () -> dispatcher.recv(10));
  }

  @Test
  void aMessageOfAnotherTypeIsAnErrorAndTheConnectionGoesOn() {
    connect();
    dispatcher.wants(true, false).on("handleError", d -> {});
    channel.writeInbound("text");
    assertEquals(List.of("d handleRead", "d handleError ClassCastException"), calls.take());
    receive("bytes");
    assertEquals(List.of("d handleRead", "'bytes'"), calls);
  }

  // --- writing ---

  @Test
  void eachSendReachesAHandlerInFrontAtOnce() {
    List<String> log = new ArrayList<>();
    channel = new EmbeddedChannel();
    channel
        .pipeline()
        .addLast(
            new ChannelDuplexHandler() {
              @Override
              public void flush(ChannelHandlerContext context) {
                log.add("flush");
                context.flush();
              }
            },
            handler());
    channel.runPendingTasks();
    dispatcher.on(
        "handleRead",
        d -> {
          d.recv(100);
          d.send(bytes("one "));
          log.add("sent");
          d.send(bytes("two"));
          log.add("sent");
        });
    receive("x");
    assertEquals(List.of("flush", "sent", "flush", "sent"), log);
    assertEquals("one two", sent());
    log.clear();
    receive("y");
    assertEquals(List.of("flush", "sent", "flush", "sent"), log);
    assertEquals("one two", sent());
    dispatcher.send(bytes("outside"));
    assertEquals("outside", sent());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  @Test
  void eachSendIsAWriteWhereNobodyCanSendPastTheChannel() {
    connect();
    dispatcher
        .wants(true, false)
        .on(
            "handleRead",
            d -> {
              d.recv(100);
              d.send(bytes("one "));
              d.send(ByteBuffer.wrap(bytes("two ")));
              d.send(bytes("- three -"), 2, 5);
            });
    receive("x");
    assertEquals("one two three", sent());
    receive("y");
    assertEquals(3, channel.outboundMessages().size());
    assertEquals("one two three", sent());
  }

  @Test
  void arraysAndBuffersLeaveInTheOrderInWhichTheyWereSent() {
    connect();
    dispatcher.on(
        "handleRead",
        d -> {
          d.recv(100);
          d.send(bytes("1 "));
          ByteBuf second = Unpooled.copiedBuffer("2 ", US_ASCII);
          assertEquals(2, DispatcherChannels.send(d, second));
          second.release();
          d.send(bytes("3 "));
          d.send(bytes("4"));
        });
    receive("x");
    assertEquals("1 2 3 4", sent());
  }

  @Test
  void aLargeDispatchIsWrittenInPieces() {
    connect();
    byte[] large = new byte[300_000];
    new Random(1).nextBytes(large);
    dispatcher
        .wants(true, false)
        .on(
            "handleRead",
            d -> {
              d.recv(100);
              assertEquals(large.length, d.send(large));
            });
    receive("x");
    ByteBuf all = Unpooled.buffer();
    for (ByteBuf piece; (piece = channel.readOutbound()) != null; piece.release()) {
      assertTrue(piece.readableBytes() <= 65536, piece + " is at most 64 KiB");
      all.writeBytes(piece);
    }
    assertArrayEquals(large, ByteBufUtil.getBytes(all));
  }

  @Test
  void aWriteThatFailedIsToldToTheNextSend() {
    failWritesOf(new EmbeddedChannel(new Refusing(), handler()));
    failWritesOf(
        new EmbeddedChannel(handler()) {
          @Override
          protected void doWrite(ChannelOutboundBuffer written) throws IOException {
            throw new IOException("Broken pipe");
          }
        });
  }

  private static final class Refusing extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      ReferenceCountUtil.release(message);
      promise.setFailure(new IOException("Broken pipe"));
    }
  }

  private void failWritesOf(EmbeddedChannel failing) {
    failing.runPendingTasks();
    calls.take();
    dispatcher.wants(true, false);
    assertEquals(4, dispatcher.send(bytes("lost")));
    assertEquals(List.of(), calls);
    assertEquals(0, dispatcher.send(bytes("late")));
    assertEquals(List.of("d handleClose"), calls.take());
    failing.finishAndReleaseAll();
    calls.take();
  }

  @Test
  void writableByDefaultDoesNotSpin() {
    connect();
    channel.runPendingTasks();
    channel.runPendingTasks();
    assertEquals(List.of(), calls);
  }

  @Test
  void handleWriteComesAgainAfterAWriteThatSent() {
    connect();
    int[] left = {3};
    dispatcher.on(
        "handleWrite",
        d -> {
          if (left[0]-- > 0) d.send(bytes("x"));
          else d.wants(true, false);
        });
    receive("go");
    assertEquals("xxx", sent());
  }

  @Test
  void sendTakesWhatThereIsRoomForAndHandleWriteTellsOfMore() {
    Stopper stopper = new Stopper();
    channel = new EmbeddedChannel();
    channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(100, 1000));
    channel.pipeline().addLast(stopper, handler());
    channel.runPendingTasks();
    calls.take();
    dispatcher.wants(true, false);
    int first = dispatcher.send(new byte[5000]);
    assertTrue(first > 0 && first <= 1001, first + " bytes were taken");
    assertEquals(0, dispatcher.send(new byte[10]));
    dispatcher.wants(true, true);
    channel.runPendingTasks();
    assertEquals(List.of(), calls);
    stopper.open();
    channel.runPendingTasks();
    assertEquals(List.of("d handleWrite"), calls);
  }

  /** Holds writes back as a full kernel does: they count as pending. */
  private static final class Stopper extends ChannelDuplexHandler {
    private boolean closed = true;
    private ChannelHandlerContext context;

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      this.context = context;
    }

    @Override
    public void flush(ChannelHandlerContext context) {
      if (!closed) context.flush();
    }

    void open() {
      closed = false;
      context.flush();
    }
  }

  @Test
  void buffersPassThroughWithoutACopy() {
    connect();
    dispatcher.on(
        "handleRead",
        d -> {
          ByteBuf bytes = DispatcherChannels.recv(d);
          calls.add(bytes.toString(US_ASCII));
          assertEquals(4, DispatcherChannels.send(d, bytes));
          assertFalse(bytes.isReadable());
          bytes.release();
        });
    ByteBuf sent = Unpooled.copiedBuffer("same", US_ASCII);
    channel.writeInbound(sent);
    ByteBuf came = channel.readOutbound();
    assertEquals("same", came.toString(US_ASCII));
    came.setByte(0, 'l');
    assertEquals('l', sent.getByte(0));
    came.release();
    channel.close();
    channel.runPendingTasks();
    assertEquals(
        List.of("d handleRead", "same", "d handleWrite", "d handleRead", "d handleClose"),
        calls.subList(0, 5));
    assertEquals(0, sent.refCnt());
  }

  @Test
  void aBufferThatIsOfferedIsTakenWholeOrNotAtAll() {
    Stopper stopper = new Stopper();
    channel = new EmbeddedChannel();
    channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(100, 1000));
    channel.pipeline().addLast(stopper, handler());
    channel.runPendingTasks();
    ByteBuf taken = Unpooled.buffer().writeZero(5000);
    ByteBuf left = Unpooled.buffer().writeZero(5);
    assertTrue(DispatcherChannels.offer(dispatcher, taken));
    assertFalse(DispatcherChannels.offer(dispatcher, left));
    assertEquals(5, left.readableBytes());
    stopper.open();
    assertTrue(DispatcherChannels.offer(dispatcher, left));
    assertSame(taken, channel.readOutbound());
    assertSame(left, channel.readOutbound());
    assertEquals(List.of(1, 1), List.of(taken.refCnt(), left.refCnt()));
    taken.release();
    left.release();
  }

  @Test
  void anObserverIsToldOfBuffersThatAreOffered() {
    connect();
    List<String> told = new ArrayList<>();
    dispatcher
        .map()
        .observer(
            new LoopObserver() {
              @Override
              public void sent(Dispatcher sender, int byteCount, int offered) {
                told.add(byteCount + " of " + offered);
              }
            });
    assertTrue(DispatcherChannels.offer(dispatcher, Unpooled.buffer().writeZero(5)));
    assertEquals(List.of("5 of 5"), told);
    channel.runPendingTasks();
  }

  @Test
  void aBufferThatIsOfferedToABrokenConnectionIsReleased() {
    connect();
    dispatcher.wants(true, false).socket().shutdown(Shutdown.WR);
    ByteBuf bytes = Unpooled.buffer().writeZero(5);
    assertTrue(DispatcherChannels.offer(dispatcher, bytes));
    assertEquals(0, bytes.refCnt());
    assertEquals(List.of("d handleClose"), calls.take());
    ByteBuf refused = Unpooled.buffer().writeZero(5);
    assertThrows(IllegalStateException.class, () -> DispatcherChannels.offer(dispatcher, refused));
    assertEquals(1, refused.refCnt());
    refused.release();
  }

  // --- ending ---

  @Test
  void theEndOfTheStreamComesAfterTheBytes() {
    connect();
    dispatcher.wants(false, false);
    receive("last");
    channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    dispatcher.wants(true, false);
    dispatcher.interestChanged();
    channel.runPendingTasks();
    assertEquals(List.of("d handleRead", "'last'", "d handleRead", "d handleClose", "''"), calls);
    assertFalse(channel.isOpen());
  }

  @Test
  void anEndThatNobodyReadsDoesNotSpin() {
    connect();
    dispatcher.wants(true, false).on("handleRead", d -> {}).on("handleClose", d -> {});
    channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    channel.runPendingTasks();
    assertEquals(List.of("d handleRead"), calls);
    assertTrue(channel.isOpen());
  }

  @Test
  void aHangUpCallsHandleCloseOnce() {
    connect();
    dispatcher.on("handleRead", d -> {}).on("handleClose", d -> {});
    channel.close();
    channel.runPendingTasks();
    assertEquals(List.of("d handleRead", "d handleWrite", "d handleClose"), calls);
  }

  @Test
  void aResetReachesRecvAsHandleClose() {
    connect();
    dispatcher.wants(true, false);
    channel.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
    assertEquals(List.of(), calls); // Not on the stack of whoever fires it.
    channel.runPendingTasks();
    assertEquals(List.of("d handleRead", "d handleClose", "''"), calls);
  }

  @Test
  void closeComesAfterWhatWasSent() {
    Stopper stopper = new Stopper();
    channel = new EmbeddedChannel();
    channel.pipeline().addLast(stopper, handler());
    channel.runPendingTasks();
    dispatcher.send(bytes("last words"));
    dispatcher.close();
    assertEquals(-1, dispatcher.fileno());
    assertTrue(channel.isOpen());
    assertTrue(calls.map().isEmpty());
    stopper.open();
    channel.runPendingTasks();
    assertEquals("last words", sent());
    assertFalse(channel.isOpen());
  }

  // --- errors ---

  @Test
  void anExceptionGoesToHandleError() {
    connect();
    dispatcher.on(
        "handleRead",
        d -> {
          throw new IllegalStateException("broken");
        });
    receive("x");
    assertEquals(
        List.of("d handleRead", "d handleError IllegalStateException", "d handleClose"), calls);
    assertFalse(channel.isOpen());
  }

  @Test
  void exitNowClosesTheChannelAndTellsTheNextHandler() {
    List<Throwable> told = new ArrayList<>();
    connect(
        new ChannelInboundHandlerAdapter() {
          @Override
          public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            told.add(cause);
          }
        });
    ExitNow exit = new ExitNow("enough");
    dispatcher.on(
        "handleRead",
        d -> {
          throw exit;
        });
    receive("x");
    assertEquals(List.of(exit), told);
    assertFalse(channel.isOpen());
    assertTrue(calls.map().isEmpty());
  }

  @Test
  void aHandlerInTwoPipelinesIsRefusedAndTheFirstGoesOn() {
    channel = new EmbeddedChannel();
    DispatcherHandler handler = handler();
    channel.pipeline().addLast(handler);
    channel.runPendingTasks();
    calls.take();
    EmbeddedChannel second = new EmbeddedChannel();
    assertThrows(ChannelPipelineException.class, () -> second.pipeline().addLast(handler));
    assertTrue(second.isOpen());
    second.finishAndReleaseAll();
    dispatcher.on("handleRead", d -> d.send(d.recv(100)));
    receive("still here");
    assertEquals("still here", sent());
  }

  @Test
  void aDispatcherOfAnotherMapIsRefusedAndTheConnectionIsUntouched() {
    SocketMap elsewhere = new SocketMap(new HostedTransport());
    channel = new EmbeddedChannel();
    channel
        .pipeline()
        .addLast(new DispatcherHandler((socket, map) -> new Dispatcher(socket, elsewhere)));
    ChannelPipelineException refused =
        assertThrows(ChannelPipelineException.class, channel::checkException);
    assertInstanceOf(IllegalStateException.class, refused.getCause());
    assertTrue(refused.getCause().getMessage().contains("super(socket, map)"));
    assertTrue(elsewhere.isEmpty());
    assertTrue(channel.isOpen());
    assertNull(channel.pipeline().get(DispatcherHandler.class));
  }

  @Test
  void aDispatcherThatHasASocketIsRefused() {
    connect();
    EmbeddedChannel second = new EmbeddedChannel();
    second.pipeline().addLast(new DispatcherHandler((socket, map) -> dispatcher));
    assertThrows(ChannelPipelineException.class, second::checkException);
    assertTrue(second.isOpen());
    second.finishAndReleaseAll();
    assertSame(dispatcher, calls.map().get(dispatcher.fileno()));
  }

  @Test
  void aMapWithALoopIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new DispatcherHandler(Dispatcher::new, new SocketMap("nio")));
  }

  @Test
  void nobodyLoopsAHostedMap() {
    connect();
    assertThrows(IllegalStateException.class, () -> Asyncore.loop(0, false, calls.map(), 1));
    assertThrows(UnsupportedOperationException.class, () -> dispatcher.createSocket());
    OsException refused = assertThrows(OsException.class, () -> dispatcher.listen(5));
    assertEquals(Errno.EOPNOTSUPP, refused.errno());
    assertTrue(channel.isOpen());
  }

  // --- the rest of the pipeline ---

  @Test
  void userEventsReachTheDispatcher() {
    channel = new EmbeddedChannel();
    List<Object> events = new ArrayList<>();
    channel
        .pipeline()
        .addLast(
            new DispatcherHandler(
                (socket, map) ->
                    new Dispatcher(socket, map) {
                      @Override
                      public void handleUserEvent(Object event) {
                        events.add(event);
                        send(bytes("noted"));
                      }
                    }));
    channel.runPendingTasks();
    channel.pipeline().fireUserEventTriggered("idle");
    assertEquals(List.of(), events);
    channel.runPendingTasks();
    assertEquals(List.of("idle"), events);
    assertEquals("noted", sent());
  }

  @Test
  void aHandlerThatIsRemovedPassesUnreadBytesOn() {
    connect();
    dispatcher.wants(false, false);
    receive("for the next");
    channel.pipeline().remove(DispatcherHandler.class);
    ByteBuf unread = channel.readInbound();
    assertEquals("for the next", unread.toString(US_ASCII));
    unread.release();
    assertTrue(channel.isOpen());
    assertTrue(channel.config().isAutoRead());
    assertTrue(calls.map().isEmpty());
    assertEquals(List.of(), calls);
  }
}
