package org.asyncore.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Mistakes that real programs make, each built into a program that is else right. Schedules find
 * every one, and nothing where it is mended.
 */
class MutantsTest {
  private static final int MOST = 1000;

  /** The mistakes, each with the seed of the schedule that finds it, the first from 1 on. */
  enum Mistake {
    A_RECV_TAKEN_FOR_A_LINE(5),
    A_SHORT_SEND_IGNORED(1),
    AN_END_TAKEN_FOR_ONE_ONLY(1),
    A_WRITE_AFTER_CLOSE(1),
    MAP_ORDER_RELIED_ON(1),
    A_TIMER_NOT_CANCELLED(1),
    A_HALF_CLOSE_WAITED_FOR(13),
    STATE_TOUCHED_ELSEWHERE(1);

    private final long seed;

    Mistake(long seed) {
      this.seed = seed;
    }
  }

  @ParameterizedTest
  @EnumSource
  void isFound(Mistake mistake) {
    AssertionError found =
        assertThrows(
            AssertionError.class,
            () -> Schedules.of(MOST).run(schedule -> play(mistake, true, schedule)));
    String which = "schedule " + mistake.seed + " of 1000, seed " + mistake.seed + " fails;";
    assertTrue(found.getMessage().startsWith(which), found.getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void isNotFoundWhereItIsMended(Mistake mistake) {
    Schedules.of(MOST / 2).run(schedule -> play(mistake, false, schedule));
  }

  private static void play(Mistake mistake, boolean wrong, Schedule schedule) {
    TestLoop loop = schedule.loop();
    switch (mistake) {
      case A_RECV_TAKEN_FOR_A_LINE -> lines(loop, wrong);
      case A_SHORT_SEND_IGNORED -> sends(loop, wrong);
      case AN_END_TAKEN_FOR_ONE_ONLY -> ends(loop, wrong);
      case A_WRITE_AFTER_CLOSE -> writes(loop, wrong);
      case MAP_ORDER_RELIED_ON -> orders(loop, wrong);
      case A_TIMER_NOT_CANCELLED -> timers(loop, wrong);
      case A_HALF_CLOSE_WAITED_FOR -> halfCloses(loop, wrong);
      case STATE_TOUCHED_ELSEWHERE -> touches(loop, wrong);
    }
  }

  /** A dispatcher that writes when it has something to write. */
  private static class Reader extends DispatcherWithSend {
    Reader(AsyncSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public void handleClose() {
      close();
    }

    @Override
    public void handleError(Throwable thrown) {
      handleClose();
    }
  }

  // --- LineServer: a recv is taken for a whole line ---

  private static void lines(TestLoop loop, boolean wrong) {
    StringBuilder have = new StringBuilder();
    Peer peer =
        loop.connected(
            socket ->
                new Reader(socket, loop.map()) {
                  @Override
                  public void handleRead() {
                    have.append(new String(recv(1024), US_ASCII));
                    if (!wrong && have.indexOf("\n") < 0) return;
                    send(("you said " + have.toString().strip() + "\n").getBytes(US_ASCII));
                    have.setLength(0);
                  }
                });
    peer.send("hello\n").expect("you said hello\n");
  }

  // --- EchoServer, on a plain dispatcher: what send did not take is lost ---

  private static void sends(TestLoop loop, boolean wrong) {
    Peer peer =
        loop.connected(
            socket ->
                wrong
                    ? new Dispatcher(socket, loop.map()) {
                      @Override
                      public boolean writable() {
                        return false;
                      }

                      @Override
                      public void handleRead() {
                        send(recv(8192));
                      }

                      @Override
                      public void handleClose() {
                        close();
                      }
                    }
                    : new Reader(socket, loop.map()) {
                      @Override
                      public void handleRead() {
                        byte[] data = recv(8192);
                        if (data.length > 0) send(data);
                      }
                    });
    peer.send("hello, world").expect("hello, world");
  }

  // --- ChatRoom: each handleClose counts one guest less, but more than one may come ---

  private static final class Counter extends Dispatcher {
    private final boolean wrong;
    private int guests;

    Counter(SocketMap map, boolean wrong) {
      super(map);
      this.wrong = wrong;
      createSocket();
      bind("127.0.0.1", 6667);
      listen(5);
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      guests++;
      new Reader(socket, map()) {
        private boolean isGone;

        @Override
        public void handleRead() {
          byte[] data = recv(100);
          send(data); // Also when the recv has found the end, and called handleClose.
        }

        @Override
        public void handleClose() {
          if (wrong || !isGone) guests--;
          isGone = true;
          close();
        }
      };
    }
  }

  private static void ends(TestLoop loop, boolean wrong) {
    Counter counter = new Counter(loop.map(), wrong);
    Peer peer = loop.connect(6667);
    peer.send("x").reset();
    loop.until(() -> loop.calls().contains("Counter accept"), "a guest");
    loop.until(() -> loop.map().size() == 1, "no guest");
    loop.settle();
    assertEquals(0, counter.guests);
  }

  // --- LineClient: an answer that takes its time comes when the peer has gone ---

  private static void writes(TestLoop loop, boolean wrong) {
    List<String> sent = new ArrayList<>();
    Peer peer =
        loop.connected(
            socket ->
                new Reader(socket, loop.map()) {
                  @Override
                  public void handleRead() {
                    if (recv(100).length == 0) return;
                    Runnable answer = this::answer;
                    if (wrong) map().callLater(Duration.ofMillis(10), answer);
                    else callLater(Duration.ofMillis(10), answer); // Its close cancels that.
                  }

                  private void answer() {
                    sent.add(fileno() < 0 ? "to nobody" : "to the peer");
                  }
                });
    loop.map().keepRunning(true);
    peer.send("x").reset();
    loop.advance(Duration.ofSeconds(1));
    assertEquals(false, sent.contains("to nobody"), "a write after close");
  }

  // --- two dispatchers, of which one is to be served first ---

  private static void orders(TestLoop loop, boolean wrong) {
    List<String> events = new ArrayList<>();
    Peer control = loop.connected(socket -> noted(socket, loop, "control", events));
    Peer data = loop.connected(socket -> noted(socket, loop, "data", events));
    control.send("c");
    data.send("d");
    loop.until(() -> events.size() == 2, "both");
    if (wrong) assertEquals(List.of("control", "data"), events);
  }

  private static Dispatcher noted(
      AsyncSocket socket, TestLoop loop, String name, List<String> events) {
    return new Reader(socket, loop.map()) {
      @Override
      public void handleRead() {
        if (recv(10).length > 0) events.add(name);
      }
    };
  }

  // --- SmtpSession: the time to say hello goes on when hello was said ---

  private static final class Login extends AsyncChat {
    private final boolean wrong;

    Login(AsyncSocket socket, SocketMap map, boolean wrong) {
      super(socket, map);
      this.wrong = wrong;
      setTerminator(new byte[] {'\n'});
      callLater(Duration.ofSeconds(10), this::close);
    }

    @Override
    public void collectIncomingData(byte[] data) {
      appendIncomingData(data);
    }

    @Override
    public void foundTerminator() {
      takeIncomingData();
      if (!wrong) cancelCalls();
      push("welcome\n".getBytes(US_ASCII));
    }
  }

  private static void timers(TestLoop loop, boolean wrong) {
    Peer peer = loop.connected(socket -> new Login(socket, loop.map(), wrong));
    peer.send("hello\n").expect("welcome\n").expectSilence(Duration.ofMinutes(1));
  }

  // --- an echo that pauses while much is pending, and takes the peer's end for the end of all ---

  private static final class Paused extends Dispatcher {
    private static final int MUCH = 8;

    private final boolean wrong;
    private byte[] pending = {};
    private boolean hasEnded;

    Paused(AsyncSocket socket, SocketMap map, boolean wrong) {
      super(socket, map);
      this.wrong = wrong;
    }

    @Override
    public boolean readable() {
      return !hasEnded && pending.length < MUCH;
    }

    @Override
    public boolean writable() {
      return pending.length > 0 && !(wrong && hasEnded);
    }

    @Override
    public void handleRead() {
      byte[] data = recv(MUCH);
      byte[] before = pending;
      pending = Arrays.copyOf(before, before.length + data.length);
      System.arraycopy(data, 0, pending, before.length, data.length);
    }

    @Override
    public void handleWrite() {
      pending = Arrays.copyOfRange(pending, send(pending), pending.length);
      if (hasEnded && pending.length == 0) close();
    }

    @Override
    public void handleClose() {
      hasEnded = true;
      if (pending.length == 0) close();
    }
  }

  private static void halfCloses(TestLoop loop, boolean wrong) {
    Peer peer = loop.connected(socket -> new Paused(socket, loop.map(), wrong));
    peer.send("hello, world").end();
    peer.expect("hello, world").expectEnd();
  }

  // --- a look-up on another thread, which answers by itself ---

  private static void touches(TestLoop loop, boolean wrong) {
    Peer peer =
        loop.connected(
            socket ->
                new Reader(socket, loop.map()) {
                  @Override
                  public void handleRead() {
                    if (recv(100).length == 0) return;
                    Runnable answer = () -> send("found\n".getBytes(US_ASCII));
                    loop.elsewhere().execute(wrong ? answer : () -> map().execute(answer));
                  }
                });
    peer.send("?");
    peer.expect("found\n");
  }
}
