package org.asyncore.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import jdk.jfr.Recording;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.migrate.DispatcherHandler;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.api.Test;

/** The examples of docs/observing.md. */
class ObservingPageTest {
  private static final class Echo extends DispatcherWithSend {
    Echo(AsyncSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public void handleRead() {
      send(recv(100));
    }
  }

  @Test
  void countersAreSetAndShown() {
    SocketMap map = CallLog.of(ScriptedSocket.connected()).map();
    Counters counters = new Counters();
    map.observer(counters.andThen(new SlowCallbacks()));
    try (CountersBean shown = CountersBean.register(counters, "mail")) {
      serve(map);
      System.Logger logger = System.getLogger("org.asyncore");
      logger.log(System.Logger.Level.DEBUG, "shown as {0}", shown.name());
    }
    assertEquals(1, counters.counts().passes());
  }

  private static void serve(SocketMap map) {
    Passes.one(map, true);
  }

  @Test
  void hostedDispatchersAreCounted() {
    Counters counters = new Counters();
    EmbeddedChannel channel = new EmbeddedChannel(hosting(counters));
    channel.writeInbound(Unpooled.copiedBuffer(new byte[10]));
    channel.runPendingTasks();
    channel.finishAndReleaseAll();
    assertEquals(10, counters.counts().bytesReceived());
  }

  private static ChannelHandler hosting(Counters counters) {
    return DispatcherHandler.each(
        (socket, map) -> {
          map.observer(counters);
          return new Echo(socket, map);
        });
  }

  @Test
  void eventsAreEnabledByName() {
    try (Recording recording = new Recording()) {
      recording.enable("org.asyncore.Pass").withThreshold(Duration.ofMillis(20));
      recording.enable("org.asyncore.Callback").withThreshold(Duration.ofMillis(20));
      assertTrue(recording.getSettings().containsKey("org.asyncore.Pass#threshold"));
    }
  }

  @Test
  void spinsAreThrottledIfAsked() {
    SocketMap map = CallLog.of(ScriptedSocket.connected()).map();
    map.observer(new SpinDoctor(1000, Duration.ofMillis(250), Duration.ofMillis(10)));
    serve(map);
    assertEquals(1, map.size());
  }
}
