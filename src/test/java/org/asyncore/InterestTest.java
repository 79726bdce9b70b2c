package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.asyncore.fixture.Logged;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.Other;
import org.asyncore.fixture.Peer;
import org.asyncore.fixture.Wiring;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.OsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Who is asked, and when. */
@ParameterizedClass
@MethodSource("org.asyncore.fixture.Wiring#inet")
class InterestTest {
  private final Wiring wiring;
  private final Loopback loopback;

  InterestTest(Wiring wiring) {
    this.wiring = wiring;
    loopback = new Loopback(wiring);
  }

  @AfterEach
  void close() {
    loopback.close();
  }

  /** Counts how often it is asked. */
  private static class Counting extends Dispatcher {
    final List<String> calls = new ArrayList<>();
    int asked;
    volatile boolean wantsRead = true;
    boolean wantsWrite;

    Counting(AsyncSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public boolean readable() {
      asked++;
      return wantsRead;
    }

    @Override
    public boolean writable() {
      return wantsWrite;
    }

    @Override
    public void handleRead() {
      calls.add("read " + recv(100).length);
    }

    @Override
    public void handleWrite() {
      calls.add("write");
      wantsWrite = false;
    }

    @Override
    public void handleClose() {
      calls.add("close");
      close();
    }
  }

  private record Linked(Counting dispatcher, Peer peer) {}

  private Linked link() {
    Loopback.Linked linked = loopback.link("unused");
    AsyncSocket socket = linked.dispatcher().socket();
    linked.dispatcher().delChannel();
    return new Linked(new Counting(socket, loopback.map()), linked.peer());
  }

  private Linked linkOnTouch() {
    Linked linked = link();
    linked.dispatcher.interest(Interest.ON_TOUCH);
    loopback.pass();
    loopback.pass();
    linked.dispatcher.asked = 0;
    return linked;
  }

  @Test
  void itIsAskedInEveryPassUnlessItSaysOtherwise() {
    Counting dispatcher = link().dispatcher;
    assertSame(Interest.EVERY_PASS, dispatcher.interest());
    for (int i = 0; i < 5; i++) loopback.pass();
    assertEquals(5, dispatcher.asked);
  }

  @Test
  void untouchedItIsNotAskedAndItsEventsComeAllTheSame() {
    Linked a = linkOnTouch();
    for (int i = 0; i < 5; i++) loopback.pass();
    assertEquals(0, a.dispatcher.asked);
    a.peer.send("one");
    loopback.until(() -> a.dispatcher.calls.contains("read 3"), "the first bytes");
    a.peer.send("three");
    loopback.until(() -> a.dispatcher.calls.contains("read 5"), "the second bytes");
    assertEquals(List.of("read 3", "read 5"), a.dispatcher.calls);
  }

  @Test
  void itIsAskedAgainAfterItsOwnCallback() {
    Linked a = linkOnTouch();
    a.peer.send("a");
    loopback.until(() -> !a.dispatcher.calls.isEmpty(), "a read");
    loopback.pass();
    assertEquals(1, a.dispatcher.asked);
  }

  @Test
  void whatIsNotTakenIsToldAgainInTheNextPass() {
    Linked a = linkOnTouch();
    Counting lazy =
        new Counting(a.dispatcher.socket(), loopback.map()) {
          @Override
          public void handleRead() {
            calls.add("read " + recv(1).length);
          }
        };
    lazy.interest(Interest.ON_TOUCH);
    a.peer.send("abc");
    loopback.until(() -> lazy.calls.size() == 3, "three reads");
    assertEquals(List.of("read 1", "read 1", "read 1"), lazy.calls);
  }

  @Test
  void aChangeThatNobodyToldIsNotSeenAndOneThatIsToldIs() {
    Linked a = linkOnTouch();
    a.dispatcher.wantsWrite = true;
    loopback.pass();
    assertEquals(List.of(), a.dispatcher.calls);
    a.dispatcher.interestChanged();
    loopback.pass();
    assertEquals(List.of("write"), a.dispatcher.calls);
    loopback.pass();
    assertEquals(List.of("write"), a.dispatcher.calls);
  }

  @Test
  void tellingFromAnotherThreadEndsTheWait() {
    Linked a = linkOnTouch();
    a.dispatcher.delChannel();
    Counting once =
        new Counting(a.dispatcher.socket(), loopback.map()) {
          @Override
          public void handleRead() {
            super.handleRead();
            close();
          }
        };
    once.interest(Interest.ON_TOUCH);
    once.wantsRead = false;
    a.peer.send("waits");
    loopback.pass();
    assertEquals(List.of(), once.calls);
    Other<Void> loop =
        Other.thread(
            "loops",
            () -> {
              Asyncore.loop(Asyncore.DEFAULT_TIMEOUT, wiring.usePoll(), loopback.map());
              return null;
            });
    loop.awaitIn("runIo");
    once.wantsRead = true;
    once.interestChanged();
    loop.result(); // Else after 30 s, which is too late for it.
    assertEquals(List.of("read 5"), once.calls);
  }

  @Test
  void itsOwnCallsTouchIt() {
    Linked a = linkOnTouch();
    a.dispatcher.send(new byte[] {1});
    loopback.pass();
    assertEquals(1, a.dispatcher.asked);
    a.dispatcher.connected(true);
    loopback.pass();
    assertEquals(2, a.dispatcher.asked);
    loopback.pass();
    assertEquals(2, a.dispatcher.asked);
  }

  @Test
  void anotherSocketIsAskedFor() {
    Linked a = linkOnTouch();
    Linked b = link();
    b.dispatcher.delChannel();
    AsyncSocket first = a.dispatcher.socket();
    a.dispatcher.delChannel();
    a.dispatcher.setSocket(b.dispatcher.socket());
    b.peer.send("second");
    loopback.until(() -> a.dispatcher.calls.contains("read 6"), "bytes on the second socket");
    first.close();
  }

  @Test
  void aSocketClosedBehindItsBackIsFound() {
    Linked a = linkOnTouch();
    a.dispatcher.socket().close();
    if (wiring.usePoll()) {
      loopback.pass();
      assertEquals(List.of("close"), a.dispatcher.calls);
    } else {
      assertThrows(OsException.class, loopback::pass);
      assertThrows(OsException.class, loopback::pass);
      assertEquals(List.of(), a.dispatcher.calls);
    }
  }

  @Test
  void aNestedLoopLeavesNothingUnasked() {
    Linked a = linkOnTouch();
    Linked b = link();
    Counting nesting =
        new Counting(b.dispatcher.socket(), loopback.map()) {
          @Override
          public void handleRead() {
            super.handleRead();
            a.peer.send("in");
            loopback.until(() -> a.dispatcher.calls.contains("read 2"), "bytes in a nested loop");
            a.dispatcher.wantsWrite = true;
            a.dispatcher.interestChanged();
          }
        };
    b.peer.send("go");
    loopback.until(() -> a.dispatcher.calls.contains("write"), "a write after the nested loop");
    a.peer.send("out");
    loopback.until(() -> a.dispatcher.calls.contains("read 3"), "bytes after the nested loop");
    assertEquals(List.of("read 2"), nesting.calls);
  }

  @Test
  void aPredicateThatTouchesALaterOneIsSeenInTheSamePass() {
    Linked first = link();
    Linked later = linkOnTouch();
    first.dispatcher.delChannel();
    later.dispatcher.delChannel();
    new Counting(first.dispatcher.socket(), loopback.map()) {
      @Override
      public boolean readable() {
        if (asked++ == 0) later.dispatcher.wantsWrite = true;
        later.dispatcher.interestChanged();
        return false;
      }
    };
    later.dispatcher.setSocket(later.dispatcher.socket());
    loopback.pass();
    assertEquals(List.of("write"), later.dispatcher.calls);
  }

  @Test
  void aBrokenPromiseIsReportedOnceAClassWhereThatIsAskedFor() {
    Linked a = linkOnTouch();
    Linked b = linkOnTouch();
    loopback.map().checkInterest(true);
    loopback.pass();
    try (Logged logged = new Logged()) {
      a.dispatcher.wantsWrite = true;
      b.dispatcher.wantsWrite = true;
      loopback.pass();
      assertEquals(List.of("write"), a.dispatcher.calls);
      assertEquals(List.of("write"), b.dispatcher.calls);
      assertEquals(1, logged.lines().size(), logged.lines()::toString);
      String line = logged.lines().get(0);
      assertTrue(line.contains("Counting.writable() became true untouched"), line);
    }
  }

  @Test
  void aKeptPromiseIsNotReported() {
    Linked a = linkOnTouch();
    loopback.map().checkInterest(true);
    try (Logged logged = new Logged()) {
      a.dispatcher.wantsWrite = true;
      a.dispatcher.interestChanged();
      loopback.pass();
      loopback.pass();
      a.peer.send("x");
      loopback.until(() -> a.dispatcher.calls.contains("read 1"), "a byte");
      loopback.pass();
      assertEquals(List.of(), logged.lines());
    }
  }

  @Test
  void itMayBeAskedInEveryPassAgain() {
    Linked a = linkOnTouch();
    a.dispatcher.interest(Interest.EVERY_PASS);
    loopback.pass();
    loopback.pass();
    assertEquals(2, a.dispatcher.asked);
  }

  @Test
  void nullIsRefusedAndChangesNothing() {
    Linked a = linkOnTouch();
    NullPointerException refused =
        assertThrows(NullPointerException.class, () -> a.dispatcher.interest(null));
    assertEquals("interest is null", refused.getMessage());
    assertSame(Interest.ON_TOUCH, a.dispatcher.interest());
  }

  @Test
  void tellingIsHarmlessWithoutASocketAndAfterClose() {
    Dispatcher nowhere = new Dispatcher(loopback.map());
    nowhere.interestChanged();
    Linked a = linkOnTouch();
    a.dispatcher.close();
    a.dispatcher.interestChanged();
    loopback.pass();
    assertTrue(loopback.map().isEmpty());
  }
}
