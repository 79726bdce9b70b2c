package org.asyncore.border;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.asyncore.fixture.Entry;
import org.asyncore.fixture.Provoker;
import org.asyncore.transport.OsException;
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

  /** The others are tried by {@link TurnsTest}. */
  private static final Set<Place> PLACES =
      EnumSet.complementOf(EnumSet.of(Place.PREDICATE, Place.TIMER));

  record Case(Row row, Place place, Call call, Entry entry) {
    boolean isAllowed() {
      if (!call.isTriedWith(row.kind()) || !place.isIn(row.mode())) return false;
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
    return PLACES.stream()
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
    private final Scene scene;
    private final Script script;
    private final Provoker provoker;
    private boolean isDone;

    /** What a handler made up was thrown out of the call, to who made it: that is word of it. */
    private boolean isTold;

    Play(Site site, Case tried) {
      this.site = site;
      this.tried = tried;
      scene = new Scene(site);
      script = scene.script;
      Remote remote = scene.met.remote();
      provoker =
          new Provoker(site.watch::note, remote::close, remote::reset, tried.isLate())
              .standBefore(scene.met.channel());
      site.passes(2);
    }

    void play() {
      scene.at(tried.place, this::act);
      site.until(() -> isDone, "call");
      scene.judgeNumbers();
      if (tried.goesOn()) scene.goOn();
      else if (tried.entry.ends() && !script.isClosed && !isTold) scene.untilTold();
      site.passes(5);
      scene.close();
      judgeBytes();
      judgeCallbacks();
      scene.judgeSilence();
    }

    private void act() {
      if (script.isClosed) return;
      provoker.arm(tried.entry);
      try {
        site.watch.call("guest", "its " + tried.call, () -> scene.make(tried.call));
      } catch (OsException refused) {
        site.watch.note("refused: " + refused.errno());
        isTold = tried.entry.isMadeUp();
      }
      if (tried.entry != Entry.PROMISE_FAILS) site.watch.call("guest", "nothing", provoker::fire);
      isDone = true;
    }

    private void judgeBytes() {
      boolean hasHole = tried.entry == Entry.PROMISE_FAILS;
      if (hasHole) scene.judgePeersBytes();
      else scene.judgeBytes();
      int provoked = script.received().length - scene.peersBytes().length;
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
  }
}
