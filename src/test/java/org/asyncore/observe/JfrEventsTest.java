package org.asyncore.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.ScriptedTransport;
import org.asyncore.transport.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events in a recording, written to a file and read back. */
class JfrEventsTest {
  private static final String TRANSPORT = "org.asyncore.Transport";

  @TempDir private Path folder;

  private final ScriptedTransport transport = new ScriptedTransport();
  private final CallLog calls = new CallLog(transport);
  private final ScriptedSocket socket = ScriptedSocket.connected(transport);

  @Test
  void passesAndCallbacksAreRecordedWhereTheyAreEnabled() throws IOException {
    RecordingDispatcher dispatcher = calls.dispatcher("a", socket).wants(true, false);
    socket.feed("x");
    List<RecordedEvent> events =
        record(
            recording -> {
              recording.enable("org.asyncore.Pass").withThreshold(Duration.ZERO);
              recording.enable("org.asyncore.Callback").withThreshold(Duration.ZERO);
            });
    RecordedEvent pass = only(events, "org.asyncore.Pass");
    assertEquals(0, pass.getInt("depth"));
    assertEquals(1, pass.getInt("interested"));
    assertEquals(1, pass.getInt("ready"));
    assertTrue(pass.getDuration("waitTime").compareTo(pass.getDuration()) <= 0, pass::toString);
    RecordedEvent callback = only(events, "org.asyncore.Callback");
    assertEquals(RecordingDispatcher.class.getName(), callback.getClass("dispatcher").getName());
    assertEquals(dispatcher.fileno(), callback.getInt("number"));
    assertEquals("READ", callback.getString("callback"));
  }

  @Test
  void passesAndCallbacksAreOffUnlessEnabled() throws IOException {
    calls.dispatcher("a", socket).wants(true, false);
    socket.feed("x");
    assertEquals(List.of(), record(recording -> {}));
  }

  @Test
  void theFirstEventOfAMapSaysWhichTransportServesAndWhy() throws IOException {
    calls.dispatcher("a", socket).wants(true, false);
    calls.map().observer(new JfrEvents());
    Path file = folder.resolve("transport.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("org.asyncore.Pass").withThreshold(Duration.ZERO);
      recording.start();
      calls.pass();
      calls.pass();
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().startsWith("org.asyncore."))
            .sorted(Comparator.comparing(RecordedEvent::getStartTime))
            .toList();
    RecordedEvent first = only(events, TRANSPORT);
    assertEquals(events.get(0), first);
    assertEquals("scripted", first.getString("name"));
    assertEquals("it was given by the program", first.getString("reason"));
  }

  @Test
  void acceptsAndTheirFailuresAreRecorded() throws IOException {
    RecordingDispatcher listener = calls.dispatcher("l", new ScriptedSocket(transport));
    listener.listen(5);
    ScriptedSocket peer = ScriptedSocket.connected(transport);
    ((ScriptedSocket) listener.socket()).offer(peer);
    RecordedEvent accepted = only(record(recording -> {}), "org.asyncore.Accept");
    assertEquals(RecordingDispatcher.class.getName(), accepted.getClass("listener").getName());
    assertEquals(peer.getpeername().toString(), accepted.getString("peer"));

    peer.peer(UnixDomainSocketAddress.of("a\nb")); // What a peer names itself stays one line.
    ((ScriptedSocket) listener.socket()).offer(peer);
    accepted = only(record(recording -> {}), "org.asyncore.Accept");
    assertEquals("a\\nb", accepted.getString("peer"));

    listener.on("handleError", d -> {});
    ((ScriptedSocket) listener.socket()).failAccept(Errno.EMFILE).offer(peer);
    RecordedEvent failed = only(record(recording -> {}), "org.asyncore.Accept");
    assertEquals("EMFILE", failed.getString("error"));
  }

  @Test
  void aThresholdKeepsShortOnesOut() throws IOException {
    calls.dispatcher("a", socket).wants(true, false);
    socket.feed("x");
    assertEquals(
        List.of(),
        record(
            recording ->
                recording.enable("org.asyncore.Callback").withThreshold(Duration.ofHours(1))));
  }

  @Test
  void aRecordingThatBeginsInTheMiddleSeesWholeCallbacksOnly() throws IOException {
    calls.map().observer(new JfrEvents());
    Path file = folder.resolve("middle.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("org.asyncore.Callback").withThreshold(Duration.ZERO);
      recording.enable("org.asyncore.Pass").withThreshold(Duration.ZERO);
      calls.dispatcher("a", socket).wants(true, false).on("handleRead", d -> start(recording));
      socket.feed("x");
      calls.pass();
      calls.pass();
      recording.stop();
      recording.dump(file);
    }
    // The first pass and its callback had begun before.
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    only(events, "org.asyncore.Callback");
    only(events, "org.asyncore.Pass");
  }

  private static void start(Recording recording) {
    if (recording.getState() == RecordingState.NEW) recording.start();
  }

  private List<RecordedEvent> record(Consumer<Recording> settings) throws IOException {
    calls.map().observer(new JfrEvents());
    Path file = folder.resolve("events.jfr");
    try (Recording recording = new Recording()) {
      settings.accept(recording);
      recording.start();
      calls.pass();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().startsWith("org.asyncore."))
        .filter(event -> !event.getEventType().getName().equals(TRANSPORT))
        .toList();
  }

  private static RecordedEvent only(List<RecordedEvent> events, String name) {
    List<RecordedEvent> found =
        events.stream().filter(event -> event.getEventType().getName().equals(name)).toList();
    assertEquals(1, found.size(), () -> name + " in " + events);
    return found.get(0);
  }
}
