package org.asyncore.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Warnings;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A hosted dispatcher that changes its mind and tells nobody. */
class HostedInterestCheckTest {
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private Waiting dispatcher;

  private static final class Waiting extends Dispatcher {
    private boolean wants;
    private int reads;

    Waiting(AsyncSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public boolean readable() {
      return wants;
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleRead() {
      reads++;
      recv(64);
    }
  }

  @BeforeEach
  void host() {
    channel.freezeTime();
    DispatcherHandler handler = new DispatcherHandler(Waiting::new);
    channel.pipeline().addLast(handler);
    channel.runPendingTasks();
    dispatcher = (Waiting) handler.dispatcher();
  }

  @AfterEach
  void close() {
    dispatcher.close();
    channel.finishAndReleaseAll();
  }

  private void halfASecond() {
    for (int i = 0; i < 5; i++) {
      channel.advanceTimeBy(100, TimeUnit.MILLISECONDS);
      channel.runScheduledPendingTasks();
      channel.runPendingTasks();
    }
  }

  private List<String> warnings(boolean check, Runnable change) {
    try (Warnings warnings = new Warnings()) {
      dispatcher.map().checkInterest(check);
      channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {'x'}));
      halfASecond();
      change.run();
      halfASecond();
      return warnings.lines();
    }
  }

  @Test
  void isFoundAndServed() {
    List<String> lines = warnings(true, () -> dispatcher.wants = true);
    assertEquals(1, lines.size(), lines.toString());
    assertTrue(lines.get(0).contains("interestChanged()"), lines.toString());
    assertEquals(1, dispatcher.reads);
  }

  @Test
  void isNotServedWithoutTheCheck() {
    assertEquals(List.of(), warnings(false, () -> dispatcher.wants = true));
    assertEquals(0, dispatcher.reads);
  }

  @Test
  void thatTellsIsNotReported() {
    List<String> lines =
        warnings(
            true,
            () -> {
              dispatcher.wants = true;
              dispatcher.interestChanged();
            });
    assertEquals(List.of(), lines);
    assertEquals(1, dispatcher.reads);
  }
}
