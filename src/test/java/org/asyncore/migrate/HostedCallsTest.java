package org.asyncore.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.ExitNow;
import org.asyncore.ScheduledCall;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls of dispatchers that no loop serves, on their channel's event loop. */
class HostedCallsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final List<String> calls = new ArrayList<>();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private Dispatcher dispatcher;

  private final class Hosted extends DispatcherWithSend {
    Hosted(AsyncSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public void handleError(Throwable thrown) {
      calls.add("handleError " + thrown.getMessage());
    }

    @Override
    public void handleClose() {
      close();
    }
  }

  @BeforeEach
  void host() {
    channel.freezeTime();
    DispatcherHandler handler = new DispatcherHandler(Hosted::new);
    channel.pipeline().addLast(handler);
    channel.runPendingTasks();
    dispatcher = handler.dispatcher();
  }

  @AfterEach
  void close() {
    dispatcher.close();
    channel.finishAndReleaseAll();
  }

  private void pass(double seconds) {
    channel.advanceTimeBy((long) (seconds * 1e9), TimeUnit.NANOSECONDS);
    channel.runScheduledPendingTasks();
    channel.runPendingTasks();
  }

  private String sent() {
    StringBuilder text = new StringBuilder();
    for (ByteBuf bytes; (bytes = channel.readOutbound()) != null; bytes.release()) {
      text.append(bytes.toString(StandardCharsets.US_ASCII));
    }
    return text.toString();
  }

  @Test
  void aCallRunsOnTheEventLoopAndWhatItSendsGoesOut() {
    Thread[] thread = new Thread[1];
    ScheduledCall call =
        dispatcher.callLater(
            SECOND,
            () -> {
              thread[0] = Thread.currentThread();
              dispatcher.send("ping".getBytes(StandardCharsets.US_ASCII));
            });
    pass(0.5);
    assertEquals("", sent());
    pass(0.6);
    assertEquals("ping", sent());
    assertSame(Thread.currentThread(), thread[0]);
    assertTrue(call.isDone());
  }

  @Test
  void whatItThrowsGoesToHandleError() {
    dispatcher.callLater(
        SECOND,
        () -> {
          throw new IllegalStateException("thrown");
        });
    pass(1);
    assertEquals(List.of("handleError thrown"), calls);
    assertTrue(channel.isOpen());
  }

  @Test
  void exitNowClosesTheChannel() {
    dispatcher.callLater(
        SECOND,
        () -> {
          throw new ExitNow("enough");
        });
    pass(1);
    assertThrows(ExitNow.class, channel::checkException); // What came to the end of the pipeline.
    assertFalse(channel.isOpen());
  }

  @Test
  void closingCancelsIt() {
    ScheduledCall call = dispatcher.callLater(SECOND, () -> calls.add("ran"));
    dispatcher.close();
    assertTrue(call.isCancelled());
    pass(2);
    assertEquals(List.of(), calls);
  }

  @Test
  void leavingThePipelineCancelsIt() {
    ScheduledCall call = dispatcher.callLater(SECOND, () -> calls.add("ran"));
    channel.pipeline().remove(DispatcherHandler.class);
    assertTrue(call.isCancelled());
  }

  @Test
  void aClosedOneMayHaveCalls() {
    dispatcher.close();
    dispatcher.callLater(SECOND, () -> calls.add("ran"));
    dispatcher.callLater(
        SECOND,
        () -> {
          throw new ExitNow("nobody's");
        });
    pass(1);
    assertEquals(List.of("ran"), calls);
    assertThrows(ExitNow.class, channel::checkException);
  }

  @Test
  void cancellingTakesItOutOfTheEventLoop() {
    ScheduledCall call = dispatcher.callLater(SECOND, () -> calls.add("ran"));
    assertTrue(call.cancel());
    assertFalse(call.cancel());
    channel.advanceTimeBy(2, TimeUnit.SECONDS);
    assertEquals(-1, channel.runScheduledPendingTasks());
    assertEquals(List.of(), calls);
  }

  @Test
  void theMapHasNoCallsOfItsOwn() {
    SocketMap map = dispatcher.map();
    assertThrows(IllegalStateException.class, () -> map.callLater(SECOND, () -> {}));
    assertThrows(IllegalStateException.class, () -> map.execute(() -> {}));
  }
}
