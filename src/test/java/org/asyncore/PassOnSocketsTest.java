package org.asyncore;

import static org.asyncore.fixture.Ascii.bytes;
import static org.asyncore.fixture.Ascii.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.Wiring;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link PassTest} says of a pass, once more where the kernel has its say. */
@ParameterizedClass
@MethodSource("org.asyncore.fixture.Wiring#inet")
class PassOnSocketsTest {
  private final Wiring wiring;
  private final Loopback loopback;
  private final List<String> calls;
  private final Loopback.Linked a;
  private final Loopback.Linked b;

  PassOnSocketsTest(Wiring wiring) {
    this.wiring = wiring;
    loopback = new Loopback(wiring);
    calls = loopback.calls();
    a = loopback.link("a");
    a.dispatcher().wants(false, false);
    b = loopback.link("b");
    a.dispatcher().wants(true, true);
    b.dispatcher().wants(true, true);
  }

  @AfterEach
  void close() {
    loopback.close();
  }

  @Test
  void selectServesReadsThenWritesAndPollChannelByChannelWhoeverWasReadyFirst() {
    b.peer().send("first");
    a.peer().send("second");
    loopback.pass();
    assertEquals(
        wiring.usePoll()
            ? List.of("a handleRead", "a handleWrite", "b handleRead", "b handleWrite")
            : List.of("a handleRead", "b handleRead", "a handleWrite", "b handleWrite"),
        calls);
  }

  @Test
  void aNestedLoopReadsWhatTheOuterPassHadFoundAndItIsToldAllTheSame() {
    a.peer().send("go");
    b.peer().send("abcdef");
    b.dispatcher().wants(true, false).on("handleRead", d -> calls.add(text(d.recv(3))));
    a.dispatcher()
        .wants(true, false)
        .on(
            "handleRead",
            d -> {
              d.recv(9);
              Passes.loop(0, wiring.usePoll(), loopback.map(), 1);
              calls.add("inner loop done");
            });
    loopback.pass();
    assertEquals(
        List.of("a handleRead", "b handleRead", "abc", "inner loop done", "b handleRead", "def"),
        calls);
  }

  @Test
  void aNewChannelWithTheNumberOfAClosedOneGetsItsEvent() {
    a.peer().send("go");
    b.peer().send("stale");
    b.dispatcher().wants(true, false);
    int number = b.dispatcher().fileno();
    a.dispatcher()
        .wants(true, false)
        .on(
            "handleRead",
            d -> {
              b.dispatcher().close();
              RecordingDispatcher fresh = loopback.fresh("new");
              // Another thread of this process may have taken the lowest number meanwhile.
              if (fresh.fileno() != number) loopback.map().put(number, fresh);
            });
    loopback.pass();
    assertEquals(List.of("a handleRead", "new handleRead"), calls);
  }

  @Test
  void aChannelAddedDuringAPassIsServedFromTheNextOneOn() {
    a.peer().send("go");
    b.dispatcher().wants(false, false);
    a.dispatcher()
        .wants(true, false)
        .on(
            "handleRead",
            d -> {
              d.recv(9);
              loopback.fresh("new").connect(loopback.door().address());
            });
    loopback.pass();
    assertEquals(List.of("a handleRead"), calls);
    loopback.untilCalled("new handleConnect");
  }

  @Test
  void aSocketClosedBehindAChannelsBackIsEbadfOutOfSelectAndHandleCloseInPoll() {
    b.dispatcher().wants(false, false);
    a.dispatcher().socket().close();
    if (wiring.usePoll()) {
      loopback.pass();
      assertEquals(List.of("a handleClose"), calls);
      assertEquals(List.of(b.dispatcher()), loopback.map().values());
      return;
    }
    assertEquals(Errno.EBADF, assertThrows(OsException.class, loopback::pass).errno());
    assertEquals(List.of(), calls);
    assertEquals(2, loopback.map().size());
  }

  @Test
  void exitNowLeavesAndTheChannelsGoOnLater() {
    ExitNow exit = new ExitNow("done");
    a.dispatcher()
        .wants(false, true)
        .on(
            "handleWrite",
            d -> {
              throw exit;
            });
    assertSame(exit, assertThrows(ExitNow.class, loopback::loop));
    assertEquals(2, loopback.map().size());
    a.dispatcher().on("handleWrite", d -> d.send(bytes("hello"))).wants(false, true);
    loopback.pass();
    assertEquals("hello", a.peer().receive(5));
    assertTrue(a.dispatcher().connected());
  }
}
