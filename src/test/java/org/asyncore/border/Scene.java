package org.asyncore.border;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.asyncore.Dispatcher;
import org.asyncore.Interest;
import org.asyncore.faults.Census;
import org.asyncore.fixture.Numbers;
import org.asyncore.fixture.Provoker;
import org.asyncore.transport.Shutdown;

/**
 * One guest with its remote: brings it to a place, has it make a call there, and sees to it that
 * all is well afterwards.
 */
final class Scene {
  private static final int FIRST = 20;
  private static final int SMALL = 10;
  private static final int LARGE = 100_000;

  final Site site;
  final Site.Met met;
  final Script script;
  final Dispatcher dispatcher;
  private final Census before = Census.take();
  private int given;
  private int sentByPeer;

  Scene(Site site) {
    this(site, 0);
  }

  /**
   * As {@link #Scene(Site)}.
   *
   * @param buffers how much the system keeps of each stream; 0 for as much as it likes
   */
  Scene(Site site, int buffers) {
    this.site = site;
    met = site.meet("guest", buffers);
    script = met.script();
    dispatcher = met.dispatcher();
  }

  // --- the place ---

  /** Does something as soon as the guest is there. */
  void at(Place place, Runnable act) {
    switch (place) {
      case TASK -> site.task(act);
      case TIMER -> site.timer(act);
      case PREDICATE -> {
        script.whenAsked(act);
        site.task(dispatcher::interestChanged);
      }
      case HANDLE_READ -> {
        in("handleRead", Script::read, act);
        peerSends();
      }
      case HANDLE_WRITE -> {
        in("handleWrite", me -> me.writes = false, act);
        script.writes = true;
        dispatcher.interestChanged();
      }
      case USER_EVENT -> {
        in("handleUserEvent", me -> {}, act);
        site.task(() -> met.channel().pipeline().fireUserEventTriggered("the first"));
      }
      case HANDLE_CLOSE -> {
        in("handleClose", me -> {}, act);
        met.remote().endOutput();
      }
    }
  }

  /** In the first call of a callback. */
  private void in(String callback, Consumer<Script> first, Runnable act) {
    script.on(
        callback,
        me -> {
          script.usually(callback);
          first.accept(script);
          act.run();
          if (callback.equals("handleClose")) dispatcher.close();
        });
  }

  private void peerSends() {
    met.remote().send(Bytes.of(sentByPeer, FIRST));
    sentByPeer += FIRST;
  }

  // --- the call ---

  void make(Call call) {
    switch (call) {
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

  /** Sends, and counts what was taken. */
  void give(int byteCount) {
    given += met.guest().give(Bytes.of(given, byteCount));
  }

  /** As a program may call it by itself. */
  private void handleWrite() {
    if (dispatcher instanceof Guest.Chat chat) chat.initiateSend();
    if (dispatcher instanceof Guest.WithSend withSend) withSend.initiateSend();
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

  /** Bytes travel both ways, and nobody hears of an end. */
  void goOn() {
    site.task(dispatcher::interestChanged);
    peerSends();
    site.until(() -> peersBytes().length == sentByPeer, "bytes of the peer");
    site.until(() -> dispatcher.queuedBytes() == 0, "queue to empty");
    site.until(() -> met.remote().receivedCount() == given, "bytes of the guest");
    assertEquals(0, script.count("handleError"), site.watch::toString);
    assertEquals(0, script.count("handleClose"), site.watch::toString);
  }

  void untilTold() {
    site.task(dispatcher::interestChanged);
    site.until(() -> script.isClosed, "word of the end");
  }

  /** Ends what has not ended. */
  void close() {
    site.task(
        () -> {
          if (!script.isClosed) dispatcher.close();
        });
    site.until(() -> script.isClosed, "close");
    site.until(() -> met.remote().end() != null, "end of the peer's connection");
    met.remote().close();
  }

  /** How much was taken of what it gave. */
  int given() {
    return given;
  }

  /** What came, without what nobody sent. */
  byte[] peersBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte each : script.received()) if (each != Provoker.PROVOKED) bytes.write(each);
    return bytes.toByteArray();
  }

  void judgeNumbers() {
    assertEquals(null, Numbers.fault(site.guests()), site.watch::toString);
  }

  /** Each byte travelled once at most, in its order. */
  void judgeBytes() {
    judgePeersBytes();
    byte[] left = met.remote().received();
    assertEquals(null, Bytes.fault(left, left.length), site.watch::toString);
  }

  /** The same, of those that the guest got; how many left is no more than it gave. */
  void judgePeersBytes() {
    byte[] came = peersBytes();
    assertEquals(null, Bytes.fault(came, came.length), site.watch::toString);
    int left = met.remote().receivedCount();
    assertTrue(left <= given, () -> left + " of " + given + "; " + site.watch);
  }

  /** Whoever has closed hears of nothing, and nothing stays open. */
  void judgeSilence() {
    int told = told();
    site.passes(5);
    assertEquals(told, told(), () -> "called after its close; " + site.watch);
    assertEquals(-1, dispatcher.fileno(), site.watch::toString);
    judgeNumbers();
    site.until(() -> Census.take().size() <= before.size(), "end of all descriptors");
  }

  private int told() {
    return Stream.of("handleRead", "handleWrite", "handleClose", "handleError", "handleUserEvent")
        .mapToInt(script::count)
        .sum();
  }
}
