package org.asyncore.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.ScriptedTransport;
import org.asyncore.fixture.Warnings;
import org.asyncore.fixture.Wiring;
import org.asyncore.transport.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the spin doctor finds; what it must not find is in {@link SpinDoctorIsQuietTest}. */
class SpinDoctorTest {
  private static final int PASSES = 50;
  private static final String WIRINGS = "org.asyncore.fixture.Wiring#inet";

  private final SpinDoctor doctor = new SpinDoctor(PASSES, Duration.ZERO, Duration.ZERO);

  @ParameterizedTest
  @MethodSource(WIRINGS)
  void writableWithNothingToWrite(Wiring wiring) {
    try (Loopback loopback = new Loopback(wiring);
        Warnings warnings = new Warnings()) {
      RecordingDispatcher dispatcher = loopback.link("a").dispatcher();
      loopback.map().observer(doctor);
      String line = onlyLine(loopback, warnings);
      String beginning = "WARNING " + Described.of(dispatcher) + " spins, called in ";
      assertTrue(line.startsWith(beginning), line);
      // A pass that lost the processor between two clocks counts as one that waited.
      int passes = Integer.parseInt(line.substring(beginning.length()).split(" ", 2)[0]);
      assertTrue(passes >= PASSES, line);
      assertTrue(
          line.contains(
              "writable() says true, and nothing is sent: writable() of "
                  + RecordingDispatcher.class.getName()
                  + ", handleWrite() of "
                  + RecordingDispatcher.class.getName()),
          line);
    }
  }

  @ParameterizedTest
  @MethodSource(WIRINGS)
  void asyncoresOwnWritableIsNamed(Wiring wiring) {
    try (Loopback loopback = new Loopback(wiring);
        Warnings warnings = new Warnings()) {
      RecordingDispatcher linked = loopback.link("a").dispatcher();
      linked.delChannel();
      new Dispatcher(linked.socket(), loopback.map());
      loopback.map().observer(doctor);
      String line = onlyLine(loopback, warnings);
      assertTrue(line.contains("writable() of org.asyncore.Dispatcher, handleWrite() of "), line);
    }
  }

  @ParameterizedTest
  @MethodSource(WIRINGS)
  void bytesThatNobodyReceives(Wiring wiring) {
    try (Loopback loopback = new Loopback(wiring);
        Warnings warnings = new Warnings()) {
      Loopback.Linked linked = loopback.link("a");
      linked.dispatcher().wants(true, false);
      linked.peer().send("x");
      loopback.map().observer(doctor);
      String line = onlyLine(loopback, warnings);
      assertTrue(line.contains("readable() says true, and nothing is received"), line);
    }
  }

  @ParameterizedTest
  @MethodSource(WIRINGS)
  void anEndThatNobodyActsOn(Wiring wiring) {
    try (Loopback loopback = new Loopback(wiring);
        Warnings warnings = new Warnings()) {
      Loopback.Linked linked = loopback.link("a");
      linked
          .dispatcher()
          .wants(true, false)
          .on("handleRead", d -> d.recv(10))
          .on("handleClose", d -> {});
      linked.peer().endOutput();
      loopback.map().observer(doctor);
      String line = onlyLine(loopback, warnings);
      assertTrue(line.contains("the connection has ended, and is not closed"), line);
    }
  }

  @ParameterizedTest
  @MethodSource(WIRINGS)
  void aConnectionThatNobodyAccepts(Wiring wiring) {
    try (Loopback loopback = new Loopback(wiring);
        Warnings warnings = new Warnings()) {
      Deaf listener = new Deaf(loopback.map());
      listener.createSocket(wiring.family());
      listener.bind(loopback.anyPort());
      listener.listen(5);
      loopback.peer((InetSocketAddress) listener.socket().getsockname());
      loopback.map().observer(doctor);
      String line = onlyLine(loopback, warnings);
      assertTrue(line.contains("handleAccept() of " + Deaf.class.getName()), line);
    }
  }

  private static final class Deaf extends Dispatcher {
    Deaf(SocketMap map) {
      super(map);
    }

    @Override
    public void handleAccept() {
      // Does not.
    }
  }

  @Test
  void aListenerWithoutDescriptors() {
    ScriptedTransport transport = new ScriptedTransport();
    CallLog calls = new CallLog(transport);
    ScriptedSocket socket = new ScriptedSocket(transport);
    RecordingDispatcher listener = calls.dispatcher("l", socket).on("handleError", d -> {});
    listener.listen(5);
    socket.offer(ScriptedSocket.connected(transport));
    calls.map().observer(doctor);
    try (Warnings warnings = new Warnings()) {
      for (int i = 0; i < PASSES; i++) {
        assertEquals(List.of(), warnings.lines());
        socket.failAccept(Errno.EMFILE);
        calls.pass();
      }
      assertEquals(1, warnings.lines().size());
      String line = warnings.lines().get(0);
      assertTrue(line.contains("the process has no descriptor for it"), line);
    }
  }

  @ParameterizedTest
  @MethodSource(WIRINGS)
  void oncePerDispatcherAndReason(Wiring wiring) {
    try (Loopback loopback = new Loopback(wiring);
        Warnings warnings = new Warnings()) {
      Loopback.Linked linked = loopback.link("a");
      loopback.map().observer(doctor);
      onlyLine(loopback, warnings);
      linked.peer().send("x"); // Another reason, of the same dispatcher.
      loopback.until(() -> warnings.lines().size() == 2, "a second reason");
      for (int i = 0; i < 3 * PASSES; i++) loopback.pass();
      assertEquals(2, warnings.lines().size());
      loopback.link("b");
      loopback.until(() -> warnings.lines().size() == 3, "a second dispatcher");
    }
  }

  @ParameterizedTest
  @MethodSource(WIRINGS)
  void aPassThatSpinsPausesIfAsked(Wiring wiring) {
    Duration pause = Duration.ofMillis(5);
    try (Loopback loopback = new Loopback(wiring);
        Warnings warnings = new Warnings()) {
      Loopback.Linked linked = loopback.link("a");
      linked.dispatcher().on("handleRead", d -> d.recv(1));
      loopback.map().observer(new SpinDoctor(PASSES, Duration.ZERO, pause));
      onlyLine(loopback, warnings);
      long began = System.nanoTime();
      for (int i = 0; i < 10; i++) loopback.pass();
      assertTrue(
          System.nanoTime() - began >= 40_000_000, "10 passes of at least 5 ms, but for parks");
    }
  }

  @Test
  void aSpinIsAnEventOfTheFlightRecorder(@TempDir Path folder) throws IOException {
    Wiring wiring = Wiring.transports().skip(1).findFirst().orElseThrow();
    Path file = folder.resolve("spin.jfr");
    try (Loopback loopback = new Loopback(wiring);
        Warnings warnings = new Warnings();
        Recording recording = new Recording()) {
      recording.start();
      loopback.link("a");
      loopback.map().observer(doctor);
      onlyLine(loopback, warnings);
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> spins =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().equals("org.asyncore.Spin"))
            .toList();
    assertEquals(1, spins.size());
    assertEquals("NOTHING_TO_WRITE", spins.get(0).getString("reason"));
    assertEquals(
        RecordingDispatcher.class.getName(), spins.get(0).getClass("dispatcher").getName());
    assertTrue(spins.get(0).getStackTrace().getFrames().size() > 1);
  }

  @Test
  void limitsOutOfRangeAreRefused() {
    assertRefused("passes < 1: 0", 0, Duration.ZERO, Duration.ZERO);
    assertRefused("window < 0: PT-1S", 1, Duration.ofSeconds(-1), Duration.ZERO);
    assertRefused(
        "pause is not from 0 to 100 ms: PT0.101S", 1, Duration.ZERO, Duration.ofMillis(101));
  }

  @Test
  void aWindowOfAgesIsNeverOver() {
    SpinDoctor patient = new SpinDoctor(1, Duration.ofSeconds(Long.MAX_VALUE), Duration.ZERO);
    assertEquals(Long.MAX_VALUE, patient.limits().windowNanos());
  }

  private static void assertRefused(String message, int passes, Duration window, Duration pause) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> new SpinDoctor(passes, window, pause))
            .getMessage());
  }

  private static String onlyLine(Loopback loopback, Warnings warnings) {
    loopback.until(() -> !warnings.lines().isEmpty(), "warning");
    List<String> lines = warnings.lines();
    assertEquals(1, lines.size(), lines::toString);
    return lines.get(0);
  }
}
