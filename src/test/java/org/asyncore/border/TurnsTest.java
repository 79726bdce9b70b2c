package org.asyncore.border;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.asyncore.Dispatcher;
import org.asyncore.LoopThread;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Other;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No thread waits for a callback of the program, which may wait for that thread: for its end, for
 * its lock, or in a loop of its own.
 *
 * <pre>
 * calls     {@link Call}: what the other thread calls
 * places    {@link Place}: the callback that waits for it
 * waits     {@link Waits}: what for
 * peers     {@link Peer}: what the peer has just done
 * rows      {@link Row}: who calls the dispatcher, on what
 * </pre>
 *
 * <p>In each case the call returns while the callback waits, and nobody is called on its thread;
 * then all goes on as if the callback had made it: each byte travels once, an end is told by the
 * loop, and nothing stays open.
 */
class TurnsTest {
  private static final int ROWS = 120;
  private static final int LIMIT_SECONDS = 3;

  /** What the callback waits for. */
  enum Waits {
    /** For the end of a thread, which makes the call. */
    FOR_A_THREAD,
    /** For a lock, under which a thread makes the call. */
    FOR_A_LOCK,
    /** For a callback of another loop, which makes the call. */
    FOR_A_LOOP,
    /** The same, and meanwhile it calls a dispatcher of that loop. */
    FOR_A_LOOP_IT_CALLS
  }

  /** What the peer has done before the call. */
  enum Peer {
    WAITS,
    ENDS,
    RESETS
  }

  record Case(Row row, Place place, Call call, Waits waits, Peer peer) {
    boolean isAllowed() {
      if (!call.isTriedWith(row.kind()) || !place.isIn(row.mode())) return false;
      return peer == Peer.WAITS || (tellsOfEnds(call) && place != Place.HANDLE_CLOSE);
    }

    private static boolean tellsOfEnds(Call call) {
      return call.isOfItsKind() || call.ends() || call == Call.RECV || call == Call.TAKE_ERROR;
    }

    boolean goesOn() {
      return peer == Peer.WAITS && !call.ends() && place != Place.HANDLE_CLOSE;
    }
  }

  static Stream<Case> cases() {
    Stream<Row> rows = Row.of(List.of(Mode.values()), List.of(Kind.values()));
    return Sample.of(rows.flatMap(TurnsTest::cases).filter(Case::isAllowed), ROWS);
  }

  private static Stream<Case> cases(Row row) {
    return Stream.of(Place.values())
        .flatMap(place -> Stream.of(Call.values()).flatMap(call -> cases(row, place, call)));
  }

  private static Stream<Case> cases(Row row, Place place, Call call) {
    return Stream.of(Waits.values())
        .flatMap(
            waits -> Stream.of(Peer.values()).map(peer -> new Case(row, place, call, waits, peer)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aCallFromElsewhereIsDoneWhileACallbackWaitsForIt(Case tried) {
    try (Site site = new Site(tried.row);
        OtherLoop other = new OtherLoop(tried)) {
      new Play(site, other, tried).play();
      site.judge();
    }
  }

  /** Has a dispatcher of its own; starts only where it is needed. */
  private static final class OtherLoop implements AutoCloseable {
    private final LoopThread thread;
    private final Dispatcher dispatcher;

    OtherLoop(Case tried) {
      if (tried.waits == Waits.FOR_A_THREAD || tried.waits == Waits.FOR_A_LOCK) {
        thread = null;
        dispatcher = null;
        return;
      }
      SocketMap map = new SocketMap(tried.row.transportOfLoops());
      dispatcher = new Dispatcher(map);
      dispatcher.createSocket(Family.INET);
      dispatcher.bind(Site.ANY_PORT);
      dispatcher.listen(1);
      thread = new LoopThread("other", map).daemon(true).usePoll(tried.row.usePoll()).start();
    }

    void run(Runnable command) {
      thread.execute(command);
    }

    /** What another thread may ask of a socket of this loop. */
    void use() {
      dispatcher.socket().getsockname();
      dispatcher.socket().takeError();
      dispatcher.setReuseAddr();
      dispatcher.interestChanged();
    }

    @Override
    public void close() {
      if (thread != null) thread.close();
    }
  }

  private static final class Play {
    private final Site site;
    private final OtherLoop other;
    private final Case tried;
    private final Scene scene;
    private final Script script;

    /** Completed by the thread that calls. */
    private final CompletableFuture<Void> called = new CompletableFuture<>();

    private boolean isDone;

    Play(Site site, OtherLoop other, Case tried) {
      this.site = site;
      this.other = other;
      this.tried = tried;
      scene = new Scene(site);
      script = scene.script;
    }

    void play() {
      scene.at(tried.place, this::act);
      site.until(() -> isDone, "call");
      scene.judgeNumbers();
      if (tried.goesOn()) scene.goOn();
      else if (tried.peer != Peer.WAITS && !script.isClosed) scene.untilTold();
      site.passes(5);
      scene.close();
      scene.judgeBytes();
      judgeCallbacks();
      scene.judgeSilence();
    }

    /** The callback. */
    private void act() {
      if (script.isClosed) return;
      Remote remote = scene.met.remote();
      if (tried.peer == Peer.ENDS) remote.close();
      else if (tried.peer == Peer.RESETS) remote.reset();
      switch (tried.waits) {
        case FOR_A_THREAD -> {
          Other.thread("worker", this::call);
          awaitCall();
        }
        case FOR_A_LOCK -> awaitLock();
        case FOR_A_LOOP -> {
          other.run(this::call);
          awaitCall();
        }
        case FOR_A_LOOP_IT_CALLS -> {
          CyclicBarrier both = new CyclicBarrier(2);
          other.run(
              () -> {
                await(both);
                call();
              });
          await(both);
          other.use();
          awaitCall();
        }
      }
      isDone = true;
    }

    private Void call() {
      try {
        site.watch.call("guest", "its " + tried.call, () -> scene.make(tried.call));
        called.complete(null);
      } catch (OsException refused) {
        site.watch.note("refused: " + refused.errno());
        called.complete(null); // It answers, as a socket does that would block.
      } catch (Throwable thrown) {
        called.completeExceptionally(thrown);
      }
      return null;
    }

    private void awaitLock() {
      ReentrantLock lock = new ReentrantLock();
      CountDownLatch isLocked = new CountDownLatch(1);
      Other.thread(
          "worker",
          () -> {
            lock.lock();
            try {
              isLocked.countDown();
              return call();
            } finally {
              lock.unlock();
            }
          });
      try {
        assertTrue(isLocked.await(LIMIT_SECONDS, TimeUnit.SECONDS), "the worker has no lock");
        assertTrue(lock.tryLock(LIMIT_SECONDS, TimeUnit.SECONDS), this::late);
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted; " + site.watch, e);
      }
      awaitCall();
    }

    private void awaitCall() {
      try {
        called.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        throw new AssertionError(late(), e);
      } catch (ExecutionException | InterruptedException e) {
        throw new AssertionError(tried.call + " failed; " + site.watch, e);
      }
    }

    private void await(CyclicBarrier both) {
      try {
        both.await(LIMIT_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException | BrokenBarrierException | InterruptedException e) {
        throw new AssertionError("the other loop's callback is not there; " + site.watch, e);
      }
    }

    private String late() {
      return tried.call + " waits for the callback; " + site.watch;
    }

    private void judgeCallbacks() {
      assertEquals(0, script.count("handleConnect"), site.watch::toString);
      boolean isInPollOrder = tried.row.usePoll() || tried.row.mode().isHosted();
      int most = isInPollOrder ? 2 : 1; // In that order a hang-up comes on top.
      if (most == 2 && tried.row.kind() == Kind.WITH_SEND) most++; // It sends what is left first.
      assertTrue(script.count("handleClose") <= most, site.watch::toString);
      assertTrue(script.count("handleError") <= 1, site.watch::toString);
    }
  }
}
