package org.asyncore.limits;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.WriteTimeoutException;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.asyncore.Dispatcher;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.limits.TimedOutException.Kind;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.migrate.DispatcherHandler;
import org.asyncore.netty.HostedTransport;
import org.asyncore.transport.Errno;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When timeouts strike, by a clock of the test's, for a dispatcher hosted in a pipeline. */
class HostedTimeoutsTest {
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  private final CallLog calls = new CallLog(new HostedTransport());
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private RecordingDispatcher dispatcher;

  /** Keeps what is written, as a channel does whose peer takes nothing. */
  private static final class Stalled extends ChannelOutboundHandlerAdapter {
    private final List<ChannelPromise> writes = new ArrayList<>();

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      ReferenceCountUtil.release(message);
      writes.add(promise);
    }
  }

  @BeforeEach
  void host() {
    channel.freezeTime();
    channel
        .pipeline()
        .addLast(
            new DispatcherHandler(
                (socket, map) -> dispatcher = calls.dispatcher("d", socket), calls.map()));
    channel.runPendingTasks();
    dispatcher.wants(true, false).on("handleRead", it -> it.recv(100));
    dispatcher.on("handleError", it -> {});
    calls.take();
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private void pass(long seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    channel.runPendingTasks();
  }

  private void receive(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, US_ASCII));
  }

  private List<String> errors() {
    return calls.take().stream().filter(call -> call.contains("handleError")).toList();
  }

  @Test
  void anIdleConnectionIsToldAgainAndAgain() {
    Timeouts.of(dispatcher).idle(TEN_SECONDS);
    pass(9);
    assertEquals(List.of(), errors());
    pass(2);
    assertEquals(List.of("d handleError ETIMEDOUT"), errors());
    pass(11);
    assertEquals(List.of("d handleError ETIMEDOUT"), errors());
  }

  @Test
  void bytesInEitherDirectionKeepItFromBeingIdle() {
    Timeouts.of(dispatcher).idle(TEN_SECONDS);
    for (int i = 0; i < 3; i++) {
      pass(9);
      receive("a");
      pass(9);
      dispatcher.send("b".getBytes(US_ASCII));
      channel.runPendingTasks();
    }
    assertEquals(List.of(), errors());
  }

  @Test
  void onlyReceivedBytesKeepAReadFromTimingOut() {
    Timeouts.of(dispatcher).read(TEN_SECONDS);
    pass(9);
    receive("a");
    pass(9);
    dispatcher.send("b".getBytes(US_ASCII));
    assertEquals(List.of(), errors());
    pass(2);
    assertEquals(List.of("d handleError ETIMEDOUT"), errors());
  }

  @Test
  void aPeerThatIsNotReadIsNotBlamedForSilence() {
    Timeouts.of(dispatcher).read(TEN_SECONDS);
    dispatcher.wants(false, false);
    dispatcher.interestChanged();
    channel.runPendingTasks();
    pass(30);
    assertEquals(List.of(), errors());
    dispatcher.wants(true, false);
    dispatcher.interestChanged();
    channel.runPendingTasks();
    pass(11);
    assertEquals(List.of("d handleError ETIMEDOUT"), errors());
  }

  @Test
  void whatIsSentAndNotTakenTimesOut() {
    Timeouts.of(dispatcher).write(TEN_SECONDS);
    Stalled stalled = new Stalled();
    channel.pipeline().addFirst(stalled);
    dispatcher.send("a".getBytes(US_ASCII));
    channel.runPendingTasks();
    pass(9);
    stalled.writes.get(0).setSuccess();
    dispatcher.send("b".getBytes(US_ASCII));
    channel.runPendingTasks();
    pass(9);
    assertEquals(List.of(), errors());
    pass(2);
    assertEquals(List.of("d handleError ETIMEDOUT"), errors());
    pass(60); // Nothing else was sent.
    assertEquals(List.of(), errors());
  }

  @Test
  void theExceptionSaysWhatAndHowLong() {
    List<TimedOutException> late = new ArrayList<>();
    Timeouts.of(dispatcher).idle(TEN_SECONDS, late::add);
    pass(11);
    assertEquals("[Errno 110] ETIMEDOUT: nothing received or sent for PT10S", text(late));
    assertEquals(Kind.IDLE, late.get(0).kind());
    assertEquals(TEN_SECONDS, late.get(0).limit());
    assertEquals(Errno.ETIMEDOUT, late.get(0).errno());
    assertEquals(List.of(), errors());
  }

  private static String text(List<TimedOutException> late) {
    assertEquals(1, late.size());
    return late.get(0).getMessage();
  }

  @Test
  void whatAnActionThrowsGoesToHandleError() {
    Timeouts.of(dispatcher)
        .idle(
            TEN_SECONDS,
            late -> {
              throw new IllegalStateException("in an action");
            });
    pass(11);
    assertEquals(List.of("d handleError IllegalStateException"), errors());
  }

  @Test
  void anActionMaySendALastWordAndClose() {
    Timeouts.of(dispatcher)
        .idle(
            TEN_SECONDS,
            late -> {
              dispatcher.send("421 too slow".getBytes(US_ASCII));
              dispatcher.close();
            });
    pass(11);
    ByteBuf last = channel.readOutbound();
    assertEquals("421 too slow", last.toString(US_ASCII));
    last.release();
    assertFalse(channel.isOpen());
    assertEquals(List.of(), calls);
  }

  @Test
  void aClosedDispatcherIsNotTold() {
    Timeouts.of(dispatcher).idle(TEN_SECONDS).read(TEN_SECONDS).write(TEN_SECONDS);
    dispatcher.close();
    pass(30);
    assertEquals(List.of(), errors());
  }

  @Test
  void aClosedDispatcherWhosePeerTakesNothingIsCutOff() {
    Timeouts.of(dispatcher).write(TEN_SECONDS);
    channel.pipeline().addFirst(new Stalled());
    dispatcher.send("a".getBytes(US_ASCII));
    channel.runPendingTasks();
    dispatcher.close();
    pass(9);
    assertTrue(channel.isOpen()); // It lingers.
    pass(2);
    assertFalse(channel.isOpen());
    assertEquals(List.of(), errors());
  }

  @Test
  void cancelCallsCancelsNoTimeout() {
    Timeouts.of(dispatcher).idle(TEN_SECONDS);
    dispatcher.cancelCalls();
    pass(11);
    assertEquals(List.of("d handleError ETIMEDOUT"), errors());
  }

  @Test
  void aTimeoutStrikesBeforeTheOtherCallbacksOfItsDispatch() {
    Timeouts.of(dispatcher).idle(TEN_SECONDS);
    dispatcher.wants(false, true).on("handleWrite", it -> {});
    dispatcher.on("handleError", Dispatcher::close);
    pass(9);
    calls.take();
    pass(2);
    assertEquals(List.of("d handleError ETIMEDOUT"), calls.take());
  }

  @Test
  void aTimeoutThatIsPutOffCallsNothing() {
    Timeouts.of(dispatcher).write(TEN_SECONDS).connect(TEN_SECONDS);
    dispatcher.wants(true, true);
    pass(1);
    calls.take();
    pass(60);
    assertEquals(List.of(), calls.take());
  }

  @Test
  void aTimeoutSetAgainTakesThePlaceOfTheOneBefore() {
    Timeouts.of(dispatcher).idle(Duration.ofSeconds(1)).read(Duration.ofSeconds(1));
    Timeouts.of(dispatcher).idle(TEN_SECONDS).read(Duration.ofSeconds(20));
    pass(9);
    assertEquals(List.of(), errors());
    pass(2);
    assertEquals(1, errors().size());
    Timeouts.of(dispatcher).clear();
    pass(100);
    assertEquals(List.of(), errors());
    assertEquals(1, channel.pipeline().names().stream().filter(n -> !n.contains("Tail")).count());
  }

  @Test
  void aMigratedConnectionTellsAsNettyDoes() {
    List<Object> told = new ArrayList<>();
    Timeouts.of(dispatcher).idle(TEN_SECONDS).write(Duration.ofSeconds(15));
    channel.pipeline().addFirst(new Stalled());
    ChannelHandler next =
        new ChannelInboundHandlerAdapter() {
          @Override
          public void userEventTriggered(ChannelHandlerContext context, Object event) {
            told.add(event);
          }

          @Override
          public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            told.add(cause);
          }
        };
    DispatcherChannels.migrateTo(dispatcher, next);
    channel.writeOneOutbound(Unpooled.copiedBuffer("a", US_ASCII));
    pass(11);
    assertInstanceOf(IdleStateEvent.class, told.get(0));
    assertTrue(channel.isOpen());
    pass(5);
    assertInstanceOf(WriteTimeoutException.class, told.get(1));
    assertFalse(channel.isOpen());
    assertEquals(List.of(), errors());
  }

  @Test
  void badLimitsAreRefusedAndChangeNothing() {
    Timeouts timeouts = Timeouts.of(dispatcher).idle(TEN_SECONDS);
    assertMessage("idle <= 0: PT0S", () -> timeouts.idle(Duration.ZERO));
    assertMessage("read <= 0: PT-1S", () -> timeouts.read(Duration.ofSeconds(-1)));
    assertMessage("write > PT876000H: PT876001H", () -> timeouts.write(Duration.ofHours(876_001)));
    assertThrows(NullPointerException.class, () -> timeouts.connect(null));
    assertThrows(NullPointerException.class, () -> timeouts.idle(TEN_SECONDS, null));
    pass(11);
    assertEquals(1, errors().size());
    assertThrows(NullPointerException.class, () -> Timeouts.of(null));
    Dispatcher without = new Dispatcher(calls.map());
    assertThrows(IllegalStateException.class, () -> Timeouts.of(without));
    dispatcher.close();
    assertThrows(IllegalStateException.class, () -> Timeouts.of(dispatcher));
  }

  private static void assertMessage(String message, Runnable refused) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, refused::run).getMessage());
  }
}
