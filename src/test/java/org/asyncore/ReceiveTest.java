package org.asyncore;

import static org.asyncore.fixture.Ascii.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.nio.ByteBuffer;
import java.util.List;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.Other;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.Wiring;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What recv takes, and what it leaves in the kernel. */
@ParameterizedClass
@MethodSource("org.asyncore.fixture.Wiring#all")
class ReceiveTest {
  private static final int MEBIBYTE = 1 << 20;

  private final Wiring wiring;
  private final Loopback loopback;
  private final List<String> calls;

  ReceiveTest(Wiring wiring) {
    this.wiring = wiring;
    loopback = new Loopback(wiring);
    calls = loopback.calls();
  }

  @AfterEach
  void close() {
    loopback.close();
  }

  @Test
  void twentyThousandBytesComeAs8192And8192And3616() {
    Loopback.Linked linked = loopback.link("a");
    RecordingDispatcher dispatcher = linked.dispatcher().wants(true, false);
    linked.peer().send(new byte[20_000]);
    dispatcher.on("handleRead", d -> calls.add("recv " + d.recv(8192).length));
    loopback.untilCalled("recv 3616");
    assertEquals(
        List.of(
            "a handleRead", "recv 8192", "a handleRead", "recv 8192", "a handleRead", "recv 3616"),
        calls);
    loopback.pass();
    assertEquals(6, calls.size(), "nothing is left");
  }

  @Test
  void aRecvTakesWhatSeveralSendsBrought() {
    Loopback.Linked linked = loopback.link("a");
    linked.peer().send("ab").send("cd").send("ef");
    RecordingDispatcher dispatcher = linked.dispatcher().wants(true, false);
    loopback.untilCalled("a handleRead");
    assertEquals("abcde", text(dispatcher.recv(5)));
    assertEquals("f", text(dispatcher.recv(5)));
  }

  @Test
  void oneRecvMayTakeMoreThanOneReadOfNettys() {
    Loopback.Linked linked = loopback.link("a");
    linked.dispatcher().wants(false, false);
    long sent = linked.peer().sendUntilStalled(64 << 20);
    assertTrue(sent > 100_000, "the kernel took only " + sent);
    ByteBuffer target = ByteBuffer.allocate(64 << 20);
    int first = linked.dispatcher().recv(target);
    assertTrue(first > 65_536, "one recv took " + first);
    assertEquals(first, target.position());
  }

  @Test
  void recvIntoABufferTakesWhatHasRoom() {
    Loopback.Linked linked = loopback.link("a");
    linked.peer().send("abcdef");
    RecordingDispatcher dispatcher = linked.dispatcher().wants(true, false);
    loopback.untilCalled("a handleRead");
    ByteBuffer target = ByteBuffer.allocate(10).position(3).limit(7);
    assertEquals(4, dispatcher.recv(target));
    assertEquals(7, target.position());
    assertEquals(7, target.limit());
    ByteBuffer direct = ByteBuffer.allocateDirect(10);
    assertEquals(2, dispatcher.recv(direct));
    assertEquals("abcd", text(target.array(), 3, 4));
    assertEquals('e', direct.get(0));
  }

  @Test
  void aReadOnlyBufferIsRefusedAndNoByteIsLost() {
    Loopback.Linked linked = loopback.link("a");
    linked.peer().send("abc");
    RecordingDispatcher dispatcher = linked.dispatcher().wants(true, false);
    loopback.untilCalled("a handleRead");
    ByteBuffer target = ByteBuffer.allocate(10).asReadOnlyBuffer();
    assertThrows(RuntimeException.class, () -> dispatcher.recv(target));
    assertEquals(0, target.position());
    assertEquals(10, target.limit());
    assertEquals("abc", text(dispatcher.recv(10)));
  }

  @Test
  void recvOfNothingIsEagainAndTheChannelStays() {
    Loopback.Linked linked = loopback.link("a");
    OsException refused = assertThrows(OsException.class, () -> linked.dispatcher().recv(10));
    assertEquals(Errno.EAGAIN, refused.errno());
    assertTrue(linked.dispatcher().connected());
    assertEquals(List.of(), calls);
  }

  @Test
  void unreadBytesAreReportedInEveryPassWithoutWaiting() {
    Loopback.Linked linked = loopback.link("a");
    linked.dispatcher().wants(true, false);
    linked.peer().send("abc");
    loopback.untilCalled("a handleRead");
    long start = System.nanoTime();
    for (int i = 0; i < 3; i++) {
      Passes.loop(30, wiring.usePoll(), loopback.map(), 1);
    }
    assertTrue(System.nanoTime() - start < 10_000_000_000L, "it waited");
    assertEquals(4, calls.size(), calls.toString());
    linked.dispatcher().on("handleRead", d -> calls.add(text(d.recv(2))));
    loopback.pass();
    loopback.pass();
    loopback.pass();
    assertEquals(List.of("a handleRead", "ab", "a handleRead", "c"), calls.subList(4, 8));
  }

  @Test
  void bytesThatCameWhileReadableWasFalseStayInTheKernelAndComeLater() {
    Loopback.Linked linked = loopback.link("a");
    linked.dispatcher().wants(false, false);
    long sent = linked.peer().sendUntilStalled(256L * MEBIBYTE);
    assertTrue(sent < 256L * MEBIBYTE, "nobody held the peer up");
    loopback.pass();
    assertEquals(List.of(), calls);
    linked.peer().endOutput();
    long[] received = new long[1];
    linked
        .dispatcher()
        .wants(true, false)
        .on("handleRead", d -> received[0] += d.recv(65_536).length);
    loopback.untilCalled("a handleClose");
    assertEquals(sent, received[0]);
  }

  @Test
  void aPeerThatSendsWithoutEndCostsNoMoreMemoryThanOneRead() {
    Loopback.Linked linked = loopback.link("a");
    linked.dispatcher().wants(true, false).on("handleRead", d -> d.recv(100)); // Much too slow.
    long before = usedDirectMemory();
    Other<Long> sender =
        Other.thread("sender", () -> linked.peer().sendUntilStalled(512L * MEBIBYTE));
    loopback.until(() -> calls.size() >= 1000, "1000 reads");
    long sent = sender.result();
    long grown = usedDirectMemory() - before;
    assertTrue(sent < 512L * MEBIBYTE, "nobody held the peer up");
    assertTrue(grown <= 2 * MEBIBYTE, "memory grew by " + grown + " for " + sent + " bytes");
  }

  private static long usedDirectMemory() {
    return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
  }

  @Test
  void readableFalseIsAskedAgainInEveryPass() {
    Loopback.Linked linked = loopback.link("a");
    RecordingDispatcher dispatcher = linked.dispatcher();
    linked.peer().send("x");
    for (int i = 0; i < 3; i++) {
      dispatcher.wants(false, true);
      loopback.pass();
      dispatcher.wants(true, false);
      loopback.untilCalled("a handleRead");
      assertEquals(List.of("a handleWrite", "a handleRead"), loopback.calls().take());
    }
  }
}
