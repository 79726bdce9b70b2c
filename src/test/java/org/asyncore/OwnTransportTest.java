package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.ScriptedTransport;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.asyncore.transport.Pollster;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A map on a transport that has asyncore.py's calls and no more, as a program may write one. */
class OwnTransportTest {
  private long nanos;
  private final ScriptedTransport scripted = new ScriptedTransport().clock(() -> nanos);
  private final Transport own = new Narrow(scripted);
  private final CallLog calls = new CallLog(own);

  /** Only what has to be there. */
  private record Narrow(ScriptedTransport below) implements Transport {
    @Override
    public String name() {
      return "narrow";
    }

    @Override
    public AsyncSocket socket(Family family, SocketType type) {
      return below.socket(family, type);
    }

    @Override
    public long nanoTime() {
      return below.nanoTime();
    }

    @Override
    public Pollster pollster() {
      return below.pollster();
    }
  }

  @Test
  void theProgramsTransportIsTheMaps() {
    assertSame(own, calls.map().transport());
    assertEquals("it was given by the program", own.reason());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLoopServesItsSockets(boolean usePoll) throws InterruptedException {
    ScriptedSocket socket = ScriptedSocket.connected(scripted).feed("hello").end();
    RecordingDispatcher dispatcher = calls.dispatcher("one", socket);
    Asyncore.loop(0, usePoll, calls.map(), 1);
    assertEquals("one handleRead", calls.get(0));
    dispatcher.close();
    Asyncore.loop(0, usePoll, calls.map()); // Over at once: nobody is there.
    assertEquals(0, calls.map().size());
  }

  @Test
  void aWaitEndsInTimeForAScheduledCall() throws InterruptedException {
    List<String> made = new ArrayList<>();
    calls.map().keepRunning(true);
    Asyncore.loop(0, false, calls.map(), 1); // Whoever sets it wakes the next pass.
    calls.map().callLater(Duration.ofMillis(5), () -> made.add("call"));
    scripted.whileWaiting(() -> nanos += TimeUnit.MILLISECONDS.toNanos(5));
    Asyncore.loop(30, false, calls.map(), 1);
    assertEquals(List.of("call"), made);
    assertEquals(TimeUnit.MILLISECONDS.toNanos(5), scripted.waits().get(1));
  }

  @Test
  void whatAnotherThreadHasExecutedTheNextPassDoes() throws InterruptedException {
    List<String> made = new ArrayList<>();
    calls.map().keepRunning(true);
    calls.map().execute(() -> made.add("command"));
    Asyncore.loop(30, false, calls.map(), 1);
    assertEquals(List.of("command"), made);
  }

  @Test
  void aPassOfTheProgramsOwnAsksAndCallsWhomItLikes() throws InterruptedException {
    ScriptedSocket socket = ScriptedSocket.connected(scripted).feed("hello");
    RecordingDispatcher dispatcher = calls.dispatcher("one", socket);
    List<Integer> found = new ArrayList<>();
    Asyncore.ownPass(
        calls.map(),
        pollster -> {
          pollster.begin(false);
          pollster.register(0, socket, Readiness.IN);
          pollster.poll(0);
          for (int k = 0; k < pollster.readyCount(); k++) found.add(pollster.events(k));
          Asyncore.read(dispatcher);
        });
    assertEquals(List.of(Readiness.IN), found);
    assertEquals("one handleRead", calls.get(0));
  }
}
