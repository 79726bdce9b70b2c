package org.asyncore.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.asyncore.Callback;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.compat.json.Json;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.ScriptedTransport;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the migration report sees, and what it advises. */
class MigrationReportTest {
  private final ScriptedTransport transport = new ScriptedTransport();
  private final CallLog calls = new CallLog(transport);
  private final ScriptedSocket socket = ScriptedSocket.connected(transport);
  private final MigrationReport report = new MigrationReport();
  private final RecordingDispatcher dispatcher = calls.dispatcher("a", socket);

  MigrationReportTest() {
    calls.map().observer(report);
  }

  @Test
  void predicatesAndCallbacksAreCounted() {
    dispatcher.wants(true, false).on("handleRead", d -> d.recv(10));
    socket.feed("abc");
    calls.pass();
    calls.pass();
    ClassUse use = only();
    assertEquals(RecordingDispatcher.class.getName(), use.className());
    assertEquals(2, use.asked());
    assertEquals(1, use.count(Callback.READ));
    assertEquals(3, use.bytesReceived());
    assertEquals(0, use.redeliveredReads());
    assertTrue(use.callbackNanos() > 0);
    assertEquals("rung 3 or 4: nothing that it was seen to use needs a loop()", use.next());
  }

  @Test
  void bytesThatARecvLeftAreRedelivered() {
    dispatcher.wants(true, false).on("handleRead", d -> d.recv(2));
    socket.feed("abcde");
    for (int i = 0; i < 3; i++) calls.pass();
    assertEquals(2, only().redeliveredReads());
    assertTrue(only().next().startsWith("rung 4: DispatcherChannels.recv"), only()::next);
  }

  @Test
  void sendsThatWereNotTakenWholeAreCounted() {
    dispatcher.wants(false, true).on("handleWrite", d -> d.send(new byte[9]));
    socket.room(4);
    calls.pass();
    assertEquals(1, only().partialSends());
    assertEquals(4, only().bytesSent());
    assertEquals(0, only().idleWrites());
  }

  @Test
  void writesOfNothingAreCounted() {
    dispatcher.wants(false, true);
    calls.pass();
    assertEquals(1, only().idleWrites());
    assertTrue(only().next().startsWith("rung 1: override writable()"), only()::next);
  }

  @Test
  void urgentDataIsCounted() {
    dispatcher.wants(true, false);
    socket.feedUrgent("!");
    calls.pass();
    assertEquals(1, only().count(Callback.URGENT));
    assertTrue(only().next().startsWith("rung 1: urgent data"), only()::next);
  }

  @Test
  void loopsInsideCallbacksAreCounted() {
    dispatcher
        .wants(false, true)
        .on(
            "handleWrite",
            d -> {
              d.wants(false, false);
              calls.pass();
            });
    calls.pass();
    assertEquals(1, only().nestedLoops());
    assertTrue(only().next().startsWith("rung 1: take loop() out"), only()::next);
  }

  @Test
  void connectionsAreCountedAndWhoAcceptsByHand() {
    dispatcher.close();
    listen(calls.dispatcher("l", new ScriptedSocket(transport)));
    ByHand byHand = new ByHand(new ScriptedSocket(transport), calls.map());
    listen(byHand);
    calls.pass();
    ClassUse own = use(RecordingDispatcher.class);
    assertEquals(1, own.accepted());
    assertEquals(0, own.acceptedByHand());
    assertTrue(own.next().startsWith("rung 2 or 4"), own::next);
    assertEquals(1, use(ByHand.class).acceptedByHand());
    assertTrue(use(ByHand.class).next().startsWith("rung 1: leave accept()"));
  }

  private void listen(Dispatcher listener) {
    listener.listen(5);
    ((ScriptedSocket) listener.socket()).offer(ScriptedSocket.connected(transport));
  }

  private static final class ByHand extends Dispatcher {
    ByHand(ScriptedSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public void handleAccept() {
      accept().socket().close();
    }
  }

  @Test
  void oneThatIsSetInACallbackTakesNobodyForHosted() {
    RecordingDispatcher other = calls.dispatcher("b", ScriptedSocket.connected(transport));
    calls.map().observer(null);
    dispatcher.wants(true, false).on("handleRead", d -> calls.map().observer(report));
    socket.feed("abc");
    other.wants(true, false).on("handleRead", d -> d.recv(10));
    ((ScriptedSocket) other.socket()).feed("abc");
    calls.pass();
    assertEquals(3, only().bytesReceived()); // Of the second one, in the same pass.
    assertFalse(only().hosted());
  }

  @Test
  void aDispatcherThatClosesWithBytesLeftIsForgotten() {
    dispatcher.wants(true, false).on("handleRead", d -> d.recv(2));
    socket.feed("abcde");
    calls.pass();
    assertEquals(1, report.leftoverCount());
    dispatcher.close();
    assertEquals(0, report.leftoverCount());
  }

  @Test
  void hostedDispatchersAreKnownAsSuch() {
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new DispatcherHandler(
                (socket, map) -> {
                  map.observer(report);
                  return new Echo(socket, map);
                }));
    channel.writeInbound(Unpooled.copiedBuffer(new byte[3]));
    channel.runPendingTasks();
    channel.finishAndReleaseAll();
    assertTrue(use(Echo.class).hosted());
    assertEquals(1, use(Echo.class).dispatchers());
    assertTrue(use(Echo.class).asked() > 0);
    assertTrue(use(Echo.class).next().startsWith("rung 5 or 6"), use(Echo.class)::next);
  }

  private static final class Echo extends Dispatcher {
    Echo(AsyncSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleRead() {
      send(recv(100));
    }
  }

  @Test
  @SuppressWarnings("unchecked")
  void theJsonHasEveryComponent() {
    dispatcher.wants(true, true).on("handleRead", d -> d.recv(2));
    socket.feed("abc");
    calls.pass();
    Map<String, Object> parsed = (Map<String, Object>) Json.parse(report.json());
    List<Map<String, Object>> classes = (List<Map<String, Object>>) parsed.get("classes");
    Map<String, Object> first = classes.get(0);
    for (var component : ClassUse.class.getRecordComponents()) {
      assertTrue(first.containsKey(component.getName()), () -> component + " in " + first);
    }
    assertEquals(only().next(), first.get("next"));
    assertEquals("{READ=1, WRITE=1}", first.get("callbacks").toString());
  }

  @Test
  void textInJsonIsEscaped() {
    assertEquals(
        "\"a\\\"b\\\\c\\u000a\\u0000\\u00e9\\u2028\"",
        ReportJson.quoted("a\"b\\c\n\0\u00e9\u2028"));
    assertEquals("a\"b\\c\n\u00e9\u2028", Json.parse(ReportJson.quoted("a\"b\\c\n\u00e9\u2028")));
  }

  @Test
  void aClassNameInTheTextStaysOnItsLine() {
    ClassUse odd = new ClassUse("a\nb", 1, 0, Map.of(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, false);
    assertTrue(ReportText.of(List.of(odd)).startsWith("a\\nb\n  dispatchers: 1\n"));
  }

  @Test
  void aReportOfNothingIsEmpty() {
    assertEquals("", report.text());
    assertEquals("{\"classes\":[]}", report.json());
  }

  @Test
  void classesAreEventsOfTheFlightRecorder(@TempDir Path folder) throws IOException {
    dispatcher.wants(false, true);
    calls.pass();
    Path file = folder.resolve("report.jfr");
    try (Recording recording = new Recording()) {
      recording.start();
      report.writeEvents();
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().equals("org.asyncore.ClassUse"))
            .toList();
    assertEquals(1, events.size());
    assertEquals(1, events.get(0).getLong("idleWrites"));
    assertEquals(only().next(), events.get(0).getString("next"));
  }

  private ClassUse only() {
    assertEquals(1, report.classes().size(), () -> report.classes().toString());
    return report.classes().get(0);
  }

  private ClassUse use(Class<?> type) {
    return report.classes().stream()
        .filter(use -> use.className().equals(type.getName()))
        .findFirst()
        .orElseThrow(() -> new AssertionError(type + " in " + report.classes()));
  }
}
