package org.asyncore.border;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.asyncore.Dispatcher;
import org.asyncore.Interest;
import org.asyncore.faults.Census;
import org.asyncore.fixture.Entry;
import org.asyncore.fixture.Numbers;
import org.asyncore.fixture.Provoker;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Shutdown;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * All that Netty may fire, and every end of a channel, on the stack of every call that a program
 * may be in the middle of, and between two of them.
 *
 * <pre>
 * entries   {@link Entry}: what a handler in front fires just then
 * calls     {@link Call}: what the program has called, or nothing
 * places    {@link Place}: the callback that the call is made in
 * rows      {@link Row}: who calls the dispatcher, on what
 * </pre>
 *
 * <p>In each case nobody is called inside the call; each callback comes as often as asyncore's;
 * each byte travels once; numbers lead to their owners; who has closed is left alone; nothing stays
 * open.
 */
class BorderTest {
  private static final int ROWS = 250;
  private static final int FIRST = 20;
  private static final int SMALL = 10;
  private static final int LARGE = 100_000;

  /** What the program is in the middle of. */
  enum Call {
    NONE,
    SEND,
    SEND_MUCH,
    SEND_TWICE,
    RECV,
    CLOSE,
    SHUTDOWN_WRITE,
    SHUTDOWN_BOTH,
    HANDLE_WRITE,
    NAMES,
    OPTIONS,
    TAKE_ERROR,
    INTEREST,
    INTEREST_CHANGED,
    LEAVE_AND_JOIN,
    CALL_LATER,
    FLUSH,
    READ;

    boolean ends() {
      return this == CLOSE || this == SHUTDOWN_WRITE || this == SHUTDOWN_BOTH;
    }

    /** Whether it is another one in each kind of dispatcher. */
    boolean isOfItsKind() {
      return sends() || this == HANDLE_WRITE;
    }

    boolean sends() {
      return this == SEND || this == SEND_MUCH || this == SEND_TWICE;
    }
  }

  /** Where it makes its call. */
  enum Place {
    HANDLE_READ,
    HANDLE_WRITE,
    HANDLE_CLOSE,
    USER_EVENT,
    TASK
  }

  record Case(Row row, Place place, Call call, Entry entry) {
    boolean isAllowed() {
      if (row.kind() != Kind.PLAIN && !call.isOfItsKind()) return false; // As of a plain one.
      if (place == Place.USER_EVENT && row.mode().isBare()) return false; // Nobody tells it there.
      if (entry == Entry.PROMISE_FAILS && !call.sends()) return false;
      return !(row.mode().isBare() && entry.isMadeUp()); // No handler was asked for there.
    }

    /** Half of the cases, the same ones each time. */
    boolean isLate() {
      return name().hashCode() % 2 == 0;
    }

    private String name() {
      return row + ", " + entry + " in " + call + " in " + place;
    }

    /** Whether the connection goes on after it. */
    boolean goesOn() {
      return !entry.mayEnd() && !call.ends() && place != Place.HANDLE_CLOSE;
    }

    @Override
    public String toString() {
      return name() + (isLate() ? ", late" : "");
    }
  }

  static Stream<Case> cases() {
    Stream<Row> rows = Row.of(List.of(Mode.values()), List.of(Kind.values()));
    return Sample.of(rows.flatMap(BorderTest::cases).filter(Case::isAllowed), ROWS);
  }

  private static Stream<Case> cases(Row row) {
    return Stream.of(Place.values())
        .flatMap(
            place ->
                Stream.of(Call.values())
                    .flatMap(
                        call ->
                            Stream.of(Entry.values())
                                .map(entry -> new Case(row, place, call, entry))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void betweenTwoLinesOfAProgramNothingHappens(Case tried) {
    try (Site site = new Site(tried.row)) {
      new Play(site, tried).play();
      site.judge();
    }
  }

  private static final class Play {
    private final Site site;
    private final Case tried;
    private final Census before = Census.take();
    private final Site.Met met;
    private final Script script;
    private final Dispatcher dispatcher;
    private final Provoker provoker;
    private boolean isDone;

    /** What a handler made up was thrown out of the call, to who made it: that is word of it. */
    private boolean isTold;

    private int given;
    private int sentByPeer;

    Play(Site site, Case tried) {
      this.site = site;
      this.tried = tried;
      met = site.meet("guest");
      script = met.script();
      dispatcher = met.dispatcher();
      provoker =
          new Provoker(site.watch::note, met.remote()::close, met.remote()::reset, tried.isLate())
              .standBefore(met.channel());
      site.passes(2);
    }

    void play() {
      provoke();
      site.until(() -> isDone, "call");
      judgeNumbers();
      if (tried.goesOn()) goOn();
      else if (tried.entry.ends() && !script.isClosed && !isTold) untilTold();
      site.passes(5);
      close();
      judgeBytes();
      judgeCallbacks();
      judgeSilence();
      site.until(() -> Census.take().size() <= before.size(), "end of all descriptors");
    }

    // --- the call ---

    private void provoke() {
      switch (tried.place) {
        case TASK -> site.task(this::act);
        case HANDLE_READ -> {
          in("handleRead", Script::read);
          peerSends(FIRST);
        }
        case HANDLE_WRITE -> {
          in("handleWrite", me -> me.writes = false);
          script.writes = true;
          dispatcher.interestChanged();
        }
        case USER_EVENT -> {
          in("handleUserEvent", me -> {});
          site.task(() -> met.channel().pipeline().fireUserEventTriggered("the first"));
        }
        case HANDLE_CLOSE -> {
          in("handleClose", me -> {});
          met.remote().endOutput();
        }
      }
    }

    /** Makes the call in the first call of a callback. */
    private void in(String callback, Consumer<Script> first) {
      script.on(
          callback,
          me -> {
            script.usually(callback);
            first.accept(script);
            act();
            if (callback.equals("handleClose")) dispatcher.close();
          });
    }

    private void act() {
      if (script.isClosed) return;
      provoker.arm(tried.entry);
      try {
        site.watch.call("guest", "its " + tried.call, this::call);
      } catch (OsException refused) {
        site.watch.note("refused: " + refused.errno());
        isTold = tried.entry.isMadeUp();
      }
      if (tried.entry != Entry.PROMISE_FAILS) site.watch.call("guest", "nothing", provoker::fire);
      isDone = true;
    }

    private void call() {
      switch (tried.call) {
        case NONE -> {}
        case SEND -> give(SMALL);
        case SEND_MUCH -> give(LARGE);
        case SEND_TWICE -> {
          give(SMALL);
          give(SMALL);
        }
        case RECV -> script.read();
        case CLOSE -> dispatcher.close();
        case SHUTDOWN_WRITE -> dispatcher.socket().shutdown(Shutdown.WR);
        case SHUTDOWN_BOTH -> dispatcher.socket().shutdown(Shutdown.RDWR);
        case HANDLE_WRITE -> handleWrite();
        case NAMES -> names();
        case OPTIONS -> options();
        case TAKE_ERROR -> site.watch.note("SO_ERROR " + dispatcher.socket().takeError());
        case INTEREST -> dispatcher.interest(Interest.ON_TOUCH);
        case INTEREST_CHANGED -> dispatcher.interestChanged();
        case LEAVE_AND_JOIN -> leaveAndJoin();
        case CALL_LATER -> dispatcher.callLater(Duration.ZERO, () -> {});
        case FLUSH -> met.channel().flush();
        case READ -> met.channel().read();
      }
    }

    private void give(int byteCount) {
      given += met.guest().give(Bytes.of(given, byteCount));
    }

    /** As a program may call it by itself. */
    private void handleWrite() {
      if (tried.row.kind() == Kind.CHAT) ((Guest.Chat) dispatcher).initiateSend();
      if (tried.row.kind() == Kind.WITH_SEND) ((Guest.WithSend) dispatcher).initiateSend();
    }

    private void names() {
      site.watch.note(dispatcher.socket().getsockname() + ", " + dispatcher.socket().getpeername());
    }

    private void options() {
      dispatcher.socket().setsockopt(StandardSocketOptions.SO_KEEPALIVE, true);
      assertTrue(dispatcher.socket().getsockopt(StandardSocketOptions.SO_KEEPALIVE));
    }

    private void leaveAndJoin() {
      int number = dispatcher.fileno();
      dispatcher.delChannel();
      site.guests().put(number, dispatcher);
      dispatcher.setSocket(dispatcher.socket());
    }

    // --- what comes after ---

    private void peerSends(int byteCount) {
      met.remote().send(Bytes.of(sentByPeer, byteCount));
      sentByPeer += byteCount;
    }

    private void goOn() {
      site.task(dispatcher::interestChanged);
      peerSends(FIRST);
      site.until(() -> peersBytes().length == sentByPeer, "bytes of the peer");
      site.until(() -> dispatcher.queuedBytes() == 0, "queue to empty");
      site.until(() -> met.remote().receivedCount() == given, "bytes of the guest");
      assertEquals(0, script.count("handleError"), site.watch::toString);
      assertEquals(0, script.count("handleClose"), site.watch::toString);
    }

    private void untilTold() {
      site.task(dispatcher::interestChanged);
      site.until(() -> script.isClosed, "word of the end");
    }

    private void close() {
      site.task(
          () -> {
            if (!script.isClosed) dispatcher.close();
          });
      site.until(() -> script.isClosed, "close");
      site.until(() -> met.remote().end() != null, "end of the peer's connection");
      met.remote().close();
    }

    /** What came, without what nobody sent. */
    private byte[] peersBytes() {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (byte each : script.received()) if (each != Provoker.PROVOKED) bytes.write(each);
      return bytes.toByteArray();
    }

    private void judgeNumbers() {
      assertEquals(null, Numbers.fault(site.guests()), site.watch::toString);
    }

    private void judgeBytes() {
      byte[] came = peersBytes();
      assertEquals(null, Bytes.fault(came, came.length), site.watch::toString);
      byte[] left = met.remote().received();
      boolean hasHole = tried.entry == Entry.PROMISE_FAILS;
      if (!hasHole) assertEquals(null, Bytes.fault(left, left.length), site.watch::toString);
      assertTrue(left.length <= given, () -> left.length + " of " + given + "; " + site.watch);
      int provoked = script.received().length - came.length;
      boolean isGivenOut = tried.entry == Entry.READ && tried.goesOn();
      int most = tried.entry == Entry.READ ? Provoker.PROVOKED_BYTES : 0;
      assertTrue(provoked <= most, () -> provoked + " bytes that nobody sent; " + site.watch);
      if (isGivenOut) assertEquals(most, provoked, site.watch::toString);
    }

    private void judgeCallbacks() {
      assertEquals(0, script.count("handleConnect"), site.watch::toString);
      assertTrue(
          script.count("handleClose") <= mostCloses(),
          () -> "more than " + mostCloses() + " closes; " + site.watch);
      assertTrue(script.count("handleError") <= 2, site.watch::toString);
    }

    private int mostCloses() {
      int most = tried.row.usePoll() ? 2 : 1; // In poll's order a hang-up comes on top.
      if (tried.call == Call.RECV) most++; // Another look at the end is another word of it.
      return tried.call.sends() ? most + 2 : most; // So is each send into it.
    }

    private void judgeSilence() {
      int told = told();
      site.passes(5);
      assertEquals(told, told(), () -> "called after its close; " + site.watch);
      assertEquals(-1, dispatcher.fileno(), site.watch::toString);
      judgeNumbers();
    }

    private int told() {
      return Stream.of("handleRead", "handleWrite", "handleClose", "handleError", "handleUserEvent")
          .mapToInt(script::count)
          .sum();
    }
  }
}
