package org.asyncore.faults;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.asyncore.faults.Plan.Meeting;
import org.asyncore.faults.Plan.Wire;
import org.asyncore.fixture.Entry;
import org.asyncore.fixture.OddNames;

/**
 * What others do in one run who are neither the dispatcher nor its peer: handlers in front of it,
 * whoever else opens descriptors, other work of the loop.
 *
 * @param moment when a handler fires an event, or NEVER
 * @param event which
 * @param call in which call of its kind, or which pass
 * @param isLate whether behind what passes it then, and not in front of it
 * @param withholds whether a handler keeps bytes and gives them out when it is next passed
 * @param closer who closes the channel below the dispatcher; others then take its descriptor
 * @param autoRead who else sets it
 * @param flood what the loop has to do beside
 * @param name the Unix peer's, as {@link OddNames} has it; empty for none
 * @param shutsDown whether the dispatcher shuts its output down before it closes
 */
record Meddling(
    Moment moment,
    Entry event,
    int call,
    boolean isLate,
    boolean withholds,
    Closer closer,
    AutoRead autoRead,
    Flood flood,
    String name,
    boolean shutsDown) {
  static final Meddling NONE =
      new Meddling(
          Moment.NEVER,
          Entry.USER_EVENT,
          0,
          false,
          false,
          Closer.NOBODY,
          AutoRead.LEFT_ALONE,
          Flood.NONE,
          "",
          false);

  /** On whose stack an event is fired. */
  enum Moment {
    NEVER,
    /** On nobody's, before a pass. */
    BETWEEN,
    SEND,
    RECV,
    SHUTDOWN,
    CLOSE
  }

  enum Closer {
    NOBODY,
    /** A handler in front, at some bytes. */
    HANDLER,
    /** TLS, whose peer does not speak it. */
    HANDSHAKE
  }

  enum AutoRead {
    LEFT_ALONE,
    /** On, at all bytes and before each pass. */
    ON,
    /** Off at all bytes, and on again by a task, as traffic shapers do. */
    SHAPED
  }

  /** One that adds nothing to the seeds that {@link FaultSuiteTest} keeps. */
  private static final long SALT = 4389;

  /** Draws what a plan gets; all draws are made for each. */
  static Meddling of(Plan plan) {
    return new Drawing(plan).meddling();
  }

  private boolean isNothing() {
    boolean isNobodyInFront =
        moment == Moment.NEVER
            && !withholds
            && closer == Closer.NOBODY
            && autoRead == AutoRead.LEFT_ALONE;
    return isNobodyInFront && flood == Flood.NONE && name.isEmpty() && !shutsDown;
  }

  /** Whether it may end the connection in the middle. */
  boolean mayBreak() {
    return closer != Closer.NOBODY || (moment != Moment.NEVER && event.mayEnd());
  }

  private static final class Drawing {
    private final Plan plan;
    private final SplittableRandom random;

    Drawing(Plan plan) {
      this.plan = plan;
      random = new SplittableRandom(plan.seed() ^ SALT);
    }

    Meddling meddling() {
      if (random.nextBoolean()) return NONE;
      boolean hasFront = plan.host() != Plan.Host.LOOP;
      boolean isMet = plan.meeting() == Meeting.WELL;
      boolean isFired = isOneOf(2) && hasFront;
      Moment moment = anyBut(Moment.NEVER, Moment.values());
      Entry event = event();
      int call = 1 + random.nextInt(random.nextInt(3) == 0 ? 20 : 3);
      boolean isLate = random.nextBoolean();
      boolean withholds = isOneOf(4) && hasFront;
      Closer closer = !isOneOf(5) || !hasFront || !isMet ? Closer.NOBODY : closer();
      AutoRead autoRead = anyBut(AutoRead.LEFT_ALONE, AutoRead.values());
      boolean isSet = isOneOf(3) && hasFront;
      Flood flood = isOneOf(3) ? flood() : Flood.NONE;
      String name = name();
      boolean isNamed = isOneOf(2) && plan.wire() == Wire.UNIX && !plan.isClient() && isMet;
      boolean shutsDown = isOneOf(4) && hasFront;
      Meddling drawn =
          new Meddling(
              isFired ? moment : Moment.NEVER,
              event,
              call,
              isLate,
              withholds,
              closer,
              isSet ? autoRead : AutoRead.LEFT_ALONE,
              flood,
              isNamed ? name : "",
              shutsDown || (isFired && moment == Moment.SHUTDOWN));
      return drawn.isNothing() ? NONE : drawn;
    }

    private <T> T anyBut(T none, T[] all) {
      List<T> others = Stream.of(all).filter(each -> !each.equals(none)).toList();
      return others.get(random.nextInt(others.size()));
    }

    private boolean isOneOf(int count) {
      return random.nextInt(count) == 0;
    }

    private Entry event() {
      Entry drawn = anyBut(Entry.READ, Entry.values());
      boolean isPeers = drawn == Entry.PEER_ENDS || drawn == Entry.PEER_RESETS;
      return isPeers && plan.hasThread() ? Entry.CLOSE : drawn; // The peer is on this thread.
    }

    private Closer closer() {
      boolean isTls = random.nextBoolean() && plan.host().isTls();
      return isTls ? Closer.HANDSHAKE : Closer.HANDLER;
    }

    private Flood flood() {
      Flood drawn = anyBut(Flood.NONE, Flood.values());
      return plan.host().isHosted() && drawn.isOfAMap() ? Flood.TASKS : drawn;
    }

    private String name() {
      return OddNames.ALL.get(random.nextInt(OddNames.ALL.size()));
    }
  }
}
