package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.ScriptedTransport;
import org.junit.jupiter.api.Test;

/** All that goes by the clock goes by that of the map's transport. */
class ClockTest {
  private long nanos = 5;
  private final ScriptedTransport transport = new ScriptedTransport().clock(() -> nanos);
  private final ScriptedSocket socket = ScriptedSocket.connected(transport);
  private final CallLog calls = CallLog.of(socket);

  @Test
  void aMapTellsTheTimeOfItsTransport() {
    assertEquals(5, calls.map().nanoTime());
    nanos = 7;
    assertEquals(7, calls.map().nanoTime());
  }

  @Test
  void callbacksAndWaitsAreMeasuredByIt() {
    List<String> told = new ArrayList<>();
    calls.map().observer(new Told(told));
    transport.whileWaiting(() -> nanos += 20);
    calls.dispatcher().wants(true, false);
    calls.pass();
    socket.feed("x");
    calls.dispatcher().on("handleRead", self -> nanos += 30);
    calls.pass();
    assertEquals(List.of("waited 20", "waited 0", "READ 30"), told);
  }

  private record Told(List<String> lines) implements LoopObserver {
    @Override
    public boolean wantsDurations() {
      return true;
    }

    @Override
    public boolean wantsWaits(SocketMap map) {
      return true;
    }

    @Override
    public void waited(SocketMap map, int interested, int ready, long nanos) {
      lines.add("waited " + nanos);
    }

    @Override
    public void callbackEnded(Dispatcher dispatcher, Callback callback, long nanos) {
      lines.add(callback + " " + nanos);
    }
  }

  @Test
  void aLoopThreadDrainsByIt() throws InterruptedException {
    LoopThread loop = new LoopThread("clock", calls.map());
    calls.dispatcher().wants(false, false);
    transport.whileWaiting(() -> loop.stop(Duration.ofHours(1)));
    transport.whileWaiting(() -> nanos += Duration.ofHours(2).toNanos());
    loop.start();
    assertEquals(true, loop.join(Duration.ofSeconds(10)));
  }

  @Test
  void anotherMapMayBeThatOfAllWhoNameNone() {
    SocketMap before = Asyncore.socketMap(calls.map());
    try {
      assertSame(calls.map(), new Dispatcher().map());
      Asyncore.stop();
      calls.pass();
      assertEquals(List.of(), calls);
    } finally {
      assertSame(calls.map(), Asyncore.socketMap(before));
    }
    assertSame(before, new Dispatcher().map());
    assertThrows(NullPointerException.class, () -> Asyncore.socketMap(null));
  }
}
