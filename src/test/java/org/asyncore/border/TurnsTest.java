package org.asyncore.border;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.asyncore.LoopThread;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Other;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.SocketType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No thread waits for a callback of the program, which may wait for that thread: for its lock, or
 * in a loop of its own.
 */
class TurnsTest {
  private static final int LIMIT_SECONDS = 3;
  private static final int ROUNDS = 50;

  /** What another thread calls while a callback is under way. */
  enum Call {
    SEND,
    SEND_MUCH,
    RECV,
    CLOSE,
    NAMES,
    OPTIONS,
    TAKE_ERROR,
    FILENO,
    INTEREST_CHANGED,
    CALL_LATER,
    EXECUTE,
    CREATE_SOCKET
  }

  enum Under {
    CALLBACK,
    PREDICATE
  }

  record Case(Row row, Call call, Under under) {
    @Override
    public String toString() {
      return row + ", " + call + " under a " + under;
    }
  }

  static Stream<Case> cases() {
    Set<Mode> modes = EnumSet.of(Mode.LOOP, Mode.IN_FRONT, Mode.TLS, Mode.MOVED);
    Stream<Case> all =
        Row.of(modes, List.of(Kind.PLAIN))
            .flatMap(
                row ->
                    Stream.of(Call.values())
                        .flatMap(
                            call ->
                                Stream.of(Under.values())
                                    .map(under -> new Case(row, call, under))));
    return Sample.of(all, 40);
  }

  /** The other thread has a lock that the callback is waiting for. */
  @ParameterizedTest
  @MethodSource("cases")
  void aCallFromElsewhereIsDoneWhileACallbackWaitsForItsThread(Case tried) {
    try (Site site = new Site(tried.row)) {
      Site.Met met = site.meet("guest");
      CountDownLatch inCallback = new CountDownLatch(1);
      CompletableFuture<String> called = new CompletableFuture<>();
      Other<String> worker =
          Other.thread(
              "worker",
              () -> {
                inCallback.await();
                called.complete(call(met, site, tried.call));
                return called.join();
              });
      boolean[] isDone = new boolean[1];
      Runnable waiting =
          () -> {
            inCallback.countDown();
            isDone[0] = isDone(called);
          };
      if (tried.under == Under.CALLBACK) {
        met.script()
            .on(
                "handleRead",
                me -> {
                  met.script().usually("handleRead");
                  waiting.run();
                });
        met.remote().send(Bytes.of(0, 1));
      } else {
        met.script().whenAsked(waiting);
      }
      site.until(() -> inCallback.getCount() == 0, "callback");
      assertTrue(isDone[0], () -> tried.call + " waits for the callback; " + site.watch);
      assertEquals("done", worker.result());
    }
  }

  private static boolean isDone(CompletableFuture<String> called) {
    try {
      called.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException late) {
      return false;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Goes past the guest's own methods, whose watch is for the test's thread alone. */
  private static String call(Site.Met met, Site site, Call call) {
    AsyncSocket socket = met.dispatcher().socket();
    byte[] bytes = Bytes.of(0, call == Call.SEND_MUCH ? 100_000 : 10);
    try {
      switch (call) {
        case SEND, SEND_MUCH -> socket.send(bytes, 0, bytes.length);
        case RECV -> socket.recv(10);
        case CLOSE -> socket.close();
        case NAMES -> {
          socket.getsockname();
          socket.getpeername();
        }
        case OPTIONS -> {
          socket.setsockopt(StandardSocketOptions.SO_KEEPALIVE, true);
          socket.getsockopt(StandardSocketOptions.SO_KEEPALIVE);
        }
        case TAKE_ERROR -> socket.takeError();
        case FILENO -> socket.fileno();
        case INTEREST_CHANGED -> met.dispatcher().interestChanged();
        case CALL_LATER -> met.dispatcher().callLater(Duration.ofMinutes(1), () -> {});
        case EXECUTE -> site.map().execute(() -> {});
        case CREATE_SOCKET -> site.map().transport().socket(Family.INET, SocketType.STREAM).close();
      }
    } catch (OsException refused) {
      return "done"; // It answers, as a socket does that would block.
    }
    return "done";
  }

  static Stream<Row> loops() {
    return Row.of(Mode.LOOP);
  }

  /** Both are in a callback, and call each other's sockets. */
  @ParameterizedTest
  @MethodSource("loops")
  void twoLoopsMayUseEachOthersSockets(Row row) throws Exception {
    row.assumeAvailable();
    try (LoopThread one = new LoopThread("one", new SocketMap(row.transport())).daemon(true);
        LoopThread two = new LoopThread("two", new SocketMap(row.transport())).daemon(true)) {
      one.usePoll(row.usePoll()).start();
      two.usePoll(row.usePoll()).start();
      AsyncSocket ofOne = one.map().transport().socket(Family.INET, SocketType.STREAM);
      AsyncSocket ofTwo = two.map().transport().socket(Family.INET, SocketType.STREAM);
      CyclicBarrier both = new CyclicBarrier(2);
      CompletableFuture<Void> first = using(one, ofTwo, both);
      CompletableFuture<Void> second = using(two, ofOne, both);
      first.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      second.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      ofOne.close();
      ofTwo.close();
    }
  }

  private static CompletableFuture<Void> using(
      LoopThread loop, AsyncSocket others, CyclicBarrier both) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(
        () -> {
          try {
            for (int i = 0; i < ROUNDS; i++) {
              both.await(LIMIT_SECONDS, TimeUnit.SECONDS);
              others.getsockname();
              others.setsockopt(StandardSocketOptions.SO_KEEPALIVE, i % 2 == 0);
            }
            done.complete(null);
          } catch (Exception e) {
            done.completeExceptionally(e);
          }
        });
    return done;
  }
}
