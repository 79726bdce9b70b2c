package org.asyncore.border;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.asyncore.Asyncore;
import org.asyncore.ExitNow;
import org.asyncore.ScheduledCall;
import org.asyncore.fixture.NettyIo;
import org.asyncore.fixture.Other;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A loop, or the group of a pipeline, ends at any instant: what {@code send} took arrives, or the
 * peer hears that it does not; who is open stays open where asyncore's would, and nothing is left
 * of the rest.
 *
 * <pre>
 * ends      {@link End}: who ends it, and how
 * places    {@link Place}: the callback that is under way
 * answers   one that the kernel takes, and one of which most waits on our side
 * rows      {@link Row}: who calls the dispatcher, on what
 * </pre>
 */
class LoopEndsTest {
  private static final int ROWS = 60;
  private static final int SHORT = 100;
  private static final int LONG = 400_000;
  private static final int NARROW = 20_000;
  private static final Duration LIMIT = Duration.ofSeconds(5);

  enum End {
    STOP,
    STOP_BESIDE,
    CLOSE_ALL,
    CLOSE_ALL_BESIDE,
    EXIT_NOW,
    INTERRUPT,
    /** Of Netty's group, without a quiet period. */
    SHUTDOWN,
    SHUTDOWN_BESIDE;

    boolean isOfGroups() {
      return this == SHUTDOWN || this == SHUTDOWN_BESIDE;
    }

    boolean closes() {
      return this == CLOSE_ALL || this == CLOSE_ALL_BESIDE;
    }
  }

  record Case(Row row, Place place, End end, int answer) {
    boolean isAllowed() {
      if (end.isOfGroups() != row.mode().isForeign()) return false;
      if (row.io() == NettyIo.IO_URING) return false; // differences.md#hosted-on-io-uring
      if (place == Place.PREDICATE && end == End.CLOSE_ALL) return false; // EBADF, as in asyncore.
      if (row.mode() == Mode.READ_AHEAD || row.mode() == Mode.OWN_GROUP) return false; // One loop.
      return place.isIn(row.mode());
    }
  }

  static Stream<Case> cases() {
    Set<Kind> kinds = EnumSet.of(Kind.PLAIN, Kind.WITH_SEND);
    Stream<Row> rows = Row.of(List.of(Mode.values()), kinds);
    return Sample.of(rows.flatMap(LoopEndsTest::cases).filter(Case::isAllowed), ROWS);
  }

  private static Stream<Case> cases(Row row) {
    return Stream.of(Place.values())
        .flatMap(place -> Stream.of(End.values()).flatMap(end -> cases(row, place, end)));
  }

  private static Stream<Case> cases(Row row, Place place, End end) {
    return Stream.of(SHORT, LONG).map(answer -> new Case(row, place, end, answer));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatWasTakenArrivesOrThePeerHearsThatItDoesNot(Case tried) throws Exception {
    try (Site site = new Site(tried.row)) {
      new Play(site, tried).play();
      site.judge();
    }
  }

  private static final class Play {
    private final Site site;
    private final Case tried;
    private final Scene scene;
    private final Script script;
    private Other<Void> other;
    private boolean isDone;

    Play(Site site, Case tried) {
      this.site = site;
      this.tried = tried;
      scene = new Scene(site, NARROW);
      script = scene.script;
    }

    void play() throws Exception {
      scene.at(tried.place, this::act);
      if (tried.row.mode().isForeign()) {
        site.until(() -> isDone && site.eventLoop().isTerminated(), "end of the group");
      } else {
        loop();
      }
      if (other != null) other.result();
      if (tried.end.closes() || tried.end.isOfGroups()) judgeClosed();
      else judgeOpen();
    }

    /** The callback. */
    private void act() {
      if (script.isClosed) return;
      scene.give(tried.answer);
      switch (tried.end) {
        case STOP -> site.map().stop();
        case CLOSE_ALL -> closeAll();
        case SHUTDOWN -> shutdown();
        case STOP_BESIDE -> beside(site.map()::stop);
        case CLOSE_ALL_BESIDE ->
            beside(
                () -> {
                  closeAll();
                  site.map().wakeup(); // As in asyncore, a wait goes on.
                });
        case SHUTDOWN_BESIDE -> beside(this::shutdown);
        case INTERRUPT -> Thread.currentThread().interrupt();
        case EXIT_NOW -> {
          isDone = true;
          throw new ExitNow("at " + tried.place);
        }
      }
      isDone = true;
    }

    private void beside(Runnable end) {
      other =
          Other.thread(
              "ender",
              () -> {
                end.run();
                return null;
              });
    }

    private void closeAll() {
      site.map().keepRunning(false);
      try {
        Asyncore.closeAll(site.map(), true);
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted in closeAll; " + site.watch, e);
      }
    }

    private void shutdown() {
      EventLoopGroup group = site.eventLoop();
      group.shutdownGracefully(0, LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    /** Until it ends as it is told to. */
    private void loop() throws Exception {
      boolean[] isLate = {false};
      ScheduledCall limit =
          site.map()
              .callLater(
                  LIMIT,
                  () -> {
                    isLate[0] = true;
                    site.map().stop();
                  });
      try {
        Asyncore.loop(Asyncore.FOREVER, tried.row.usePoll(), site.map());
        assertFalse(tried.end == End.EXIT_NOW, () -> "ExitNow is gone; " + site.watch);
      } catch (ExitNow thrown) {
        assertEquals(End.EXIT_NOW, tried.end, site.watch::toString);
      } catch (InterruptedException thrown) {
        assertEquals(End.INTERRUPT, tried.end, site.watch::toString);
      } finally {
        limit.cancel();
      }
      assertFalse(isLate[0], () -> "no end in " + LIMIT + "; " + site.watch);
      assertTrue(isDone, () -> "it ended by itself; " + site.watch);
    }

    /** As in asyncore: it is in its map, and another loop goes on with it. */
    private void judgeOpen() {
      if (!script.isClosed) {
        assertEquals(scene.dispatcher, site.map().get(scene.dispatcher.fileno()));
        if (tried.place != Place.HANDLE_CLOSE) scene.goOn();
      }
      scene.close();
      scene.judgeBytes();
      scene.judgeSilence();
    }

    private void judgeClosed() {
      Remote remote = scene.met.remote();
      site.until(() -> remote.end() != null, "end of the peer's connection");
      int came = remote.receivedCount();
      boolean isWhole = came == scene.given() - scene.dispatcher.queuedBytes();
      assertTrue(
          isWhole || remote.end().equals("reset"),
          () -> came + " of " + scene.given() + " came, then " + remote.end() + "; " + site.watch);
      if (tried.end.closes()) assertTrue(script.isClosed, site.watch::toString);
      scene.dispatcher.close(); // At any time, from any thread.
      assertEquals(-1, scene.dispatcher.fileno());
      remote.close();
      scene.judgeBytes();
      scene.judgeSilence();
    }
  }
}
