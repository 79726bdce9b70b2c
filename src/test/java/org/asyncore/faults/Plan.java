package org.asyncore.faults;

import io.netty.channel.epoll.Epoll;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.asyncore.transport.Family;
import org.asyncore.transport.SocketType;

/**
 * What happens in one run: everything that chance decides, drawn from the seed alone. The same seed
 * gives the same plan on every machine that has epoll.
 *
 * @param wire what lies between dispatcher and peer
 * @param host who calls the dispatcher
 * @param hasThread whether a hosted dispatcher's event loop runs on a thread of its own, and not by
 *     hand on the peer's
 * @param isClient whether the dispatcher connects, or is accepted
 * @param outBytes how many bytes the dispatcher wants to send
 * @param sendSize how many it offers at once
 * @param recvSize how many it asks for at once
 * @param reads whether it reads once for each handleRead, or until nothing is left
 * @param isEager whether writable() is true always, as asyncore's default is
 * @param socketBuffer the size of the peer's receive buffer, 0 for the system's
 * @param meddling what others do
 */
record Plan(
    long seed,
    String transport,
    Wire wire,
    Host host,
    boolean hasThread,
    boolean usePoll,
    boolean isClient,
    Style style,
    Meeting meeting,
    Ending ending,
    Trouble trouble,
    int outBytes,
    int sendSize,
    int recvSize,
    Reads reads,
    boolean isEager,
    int socketBuffer,
    List<Step> steps,
    Meddling meddling) {

  enum Wire {
    INET,
    INET6,
    UNIX,
    /** The dispatcher is a file that reads. */
    PIPE_IN,
    /** The dispatcher is a file that writes. */
    PIPE_OUT,
    UDP,
    UDP6;

    /** What the first generator draws from. */
    private static final Wire[] FIRST = {INET, INET6, UNIX, PIPE_IN, PIPE_OUT};

    boolean isPipe() {
      return this == PIPE_IN || this == PIPE_OUT;
    }

    boolean isTcp() {
      return this == INET || this == INET6;
    }

    boolean isUdp() {
      return this == UDP || this == UDP6;
    }
  }

  enum Host {
    LOOP,
    /** A loop, with a handler in front. */
    PIPED,
    LOOP_TLS,
    HOSTED,
    HOSTED_TLS;

    boolean isTls() {
      return this == LOOP_TLS || this == HOSTED_TLS;
    }

    boolean isHosted() {
      return this == HOSTED || this == HOSTED_TLS;
    }
  }

  enum Style {
    PLAIN,
    WITH_SEND,
    CHAT
  }

  /** How dispatcher and peer meet; only a client meets otherwise than well. */
  enum Meeting {
    WELL,
    REFUSED,
    /** Nobody answers: the listener's backlog is full. The dispatcher gives up. */
    BLACK_HOLE,
    /** The peer resets before the first pass. */
    RESET_AT_ONCE
  }

  enum Ending {
    /** The dispatcher closes when the peer has. */
    WITH_PEER,
    /** It closes when it has sent all. */
    WHEN_SENT
  }

  enum Reads {
    ONCE,
    ALL,
    INTO_A_BUFFER
  }

  /** What a callback does out of turn. */
  enum Deed {
    NOTHING,
    CLOSE,
    /** An exception, after which handleError closes. */
    THROW,
    /** An exception, after which handleError does nothing. */
    THROW_AND_STAY,
    /** Leaves the loop, and goes on with the next. */
    EXIT
  }

  /** A deed, and in which call of which callback it is done. */
  record Trouble(Deed deed, String callback, int call) {}

  private static final int LARGE = 120_000;

  /** Draws a plan. */
  static Plan of(long seed) {
    Plan plan = new Additions(seed).to(new Drawing(seed).plan());
    return plan.with(Meddling.of(plan));
  }

  Family family() {
    return switch (wire) {
      case INET6, UDP6 -> Family.INET6;
      case UNIX -> Family.UNIX;
      default -> Family.INET;
    };
  }

  SocketType socketType() {
    return wire.isUdp() ? SocketType.DGRAM : SocketType.STREAM;
  }

  /** Whether the peer ends the connection without having read all. */
  boolean peerBreaks() {
    return meeting != Meeting.WELL
        || meddling.mayBreak()
        || steps.stream().anyMatch(Step::endsConnection);
  }

  private Plan with(Meddling meddling) {
    return new Plan(
        seed,
        transport,
        wire,
        host,
        hasThread,
        usePoll,
        isClient,
        style,
        meeting,
        ending,
        trouble,
        outBytes,
        sendSize,
        recvSize,
        reads,
        isEager,
        socketBuffer,
        steps,
        meddling);
  }

  boolean peerEnds() {
    return steps.stream().anyMatch(step -> step.act() == Step.Act.END_OUTPUT);
  }

  @Override
  public String toString() {
    return "seed "
        + seed
        + ": "
        + transport
        + ' '
        + wire
        + ' '
        + host
        + (hasThread ? " with a thread" : "")
        + (usePoll ? " poll " : " select ")
        + (isClient ? "client " : "server ")
        + style
        + "\n  meets "
        + meeting
        + ", ends "
        + ending
        + ", "
        + trouble
        + "\n  sends "
        + outBytes
        + " by "
        + sendSize
        + ", reads by "
        + recvSize
        + ' '
        + reads
        + (isEager ? ", eager" : "")
        + ", peer's buffer "
        + socketBuffer
        + "\n  peer "
        + steps
        + "\n  "
        + meddling;
  }

  /** The order of the draws is part of what a seed means: new ones go to the end. */
  private static final class Drawing {
    private final long seed;
    private final SplittableRandom random;

    Drawing(long seed) {
      this.seed = seed;
      random = new SplittableRandom(seed);
    }

    Plan plan() {
      String transport = random.nextInt(5) < 3 && Epoll.isAvailable() ? "epoll" : "nio";
      Wire wire = pick(Wire.FIRST);
      Host host = wire.isPipe() ? Host.LOOP : wire == Wire.UNIX ? pickPlain() : pick(Host.values());
      boolean isClient = random.nextBoolean();
      Style style = wire.isPipe() ? Style.PLAIN : pick(Style.values());
      Meeting meeting = meeting(wire, host, isClient);
      Ending ending = ending(wire);
      int outBytes = wire == Wire.PIPE_IN || random.nextInt(5) == 0 ? 0 : size();
      List<Step> steps = meeting == Meeting.WELL ? steps(wire, ending) : List.of();
      return new Plan(
          seed,
          transport,
          wire,
          host,
          false,
          random.nextBoolean(),
          isClient,
          style,
          meeting,
          ending,
          trouble(host),
          outBytes,
          1 + random.nextInt(random.nextBoolean() ? 100_000 : 600),
          8 + random.nextInt(random.nextBoolean() ? 65_536 : 600),
          pick(Reads.values()),
          random.nextInt(4) == 0,
          random.nextBoolean() ? 0 : 4096,
          steps,
          Meddling.NONE);
    }

    private <T> T pick(T[] of) {
      return of[random.nextInt(of.length)];
    }

    private Host pickPlain() {
      return pick(new Host[] {Host.LOOP, Host.PIPED, Host.HOSTED});
    }

    private int size() {
      return 1 + random.nextInt(random.nextInt(3) == 0 ? LARGE : 2_000);
    }

    private Ending ending(Wire wire) {
      if (wire == Wire.PIPE_OUT)
        return Ending.WHEN_SENT; // Who only writes does not hear of an end.
      if (wire == Wire.PIPE_IN) return Ending.WITH_PEER;
      return random.nextInt(3) == 0 ? Ending.WHEN_SENT : Ending.WITH_PEER;
    }

    private Meeting meeting(Wire wire, Host host, boolean isClient) {
      if (!isClient || wire.isPipe() || random.nextInt(8) > 0) return Meeting.WELL;
      Meeting drawn = pick(Meeting.values());
      return drawn == Meeting.BLACK_HOLE && (!wire.isTcp() || host.isHosted())
          ? Meeting.REFUSED
          : drawn;
    }

    private Trouble trouble(Host host) {
      Deed deed = random.nextInt(3) > 0 ? Deed.NOTHING : pick(Deed.values());
      String callback =
          pick(new String[] {"handleConnect", "handleRead", "handleWrite", "handleClose"});
      if (host.isHosted() && deed != Deed.NOTHING) {
        // Nobody calls loop() there, and what is thrown is not called again without news.
        deed = deed == Deed.CLOSE || callback.equals("handleClose") ? Deed.CLOSE : Deed.THROW;
      }
      boolean isLate =
          callback.equals("handleClose") && (deed == Deed.EXIT || deed == Deed.THROW_AND_STAY);
      if (isLate) deed = Deed.THROW; // Nothing would close it ever after, here as in asyncore.
      return new Trouble(deed, callback, 1 + random.nextInt(4));
    }

    private List<Step> steps(Wire wire, Ending ending) {
      List<Step> steps = new ArrayList<>();
      for (int left = random.nextInt(8); left > 0; left--) steps.add(step(wire));
      int end = random.nextInt(ending == Ending.WITH_PEER ? 8 : 12);
      if (end < 4)
        steps.add(new Step(wire == Wire.PIPE_OUT ? Step.Act.CLOSE : Step.Act.END_OUTPUT, 1));
      else if (end < 6) steps.add(new Step(Step.Act.CLOSE, 1));
      else if (end == 6) steps.add(new Step(Step.Act.RESET, 1));
      else if (end == 7) steps.add(new Step(Step.Act.RESET_IN_MID_SEND, LARGE));
      return List.copyOf(steps);
    }

    private Step step(Wire wire) {
      boolean mayRead = wire != Wire.PIPE_IN;
      boolean maySend = wire != Wire.PIPE_OUT;
      return switch (random.nextInt(6)) {
        case 0, 1 -> maySend ? new Step(Step.Act.SEND, size()) : new Step(Step.Act.READ, size());
        case 2 ->
            maySend
                ? new Step(Step.Act.DRIBBLE, 1 + random.nextInt(40))
                : new Step(Step.Act.PAUSE, 3);
        case 3 -> maySend ? new Step(Step.Act.COALESCE, size()) : new Step(Step.Act.READ, 10);
        case 4 -> new Step(Step.Act.PAUSE, 1 + random.nextInt(8));
        default -> mayRead ? new Step(Step.Act.READ, size()) : new Step(Step.Act.PAUSE, 1);
      };
    }
  }

  /**
   * What was added to plans later, by a generator of its own: the other one's draws stay as they
   * were, and so do seeds to which this adds nothing.
   */
  private static final class Additions {
    /** One that adds nothing to the seeds that {@link FaultSuiteTest} keeps. */
    private static final long SALT = 6129;

    private static final int MOST_DATAGRAMS = 25;
    private static final int LARGEST_DATAGRAM = 2_000;

    private final SplittableRandom random;

    Additions(long seed) {
      random = new SplittableRandom(seed ^ SALT);
    }

    Plan to(Plan plan) {
      boolean isUdp = random.nextInt(5) == 0 && plan.wire.isTcp();
      boolean isTls = random.nextInt(3) == 0 && plan.wire == Wire.UNIX;
      boolean hasThread = random.nextInt(3) == 0 && plan.host.isHosted();
      if (isUdp) return overUdp(plan);
      Host host = !isTls ? plan.host : plan.host.isHosted() ? Host.HOSTED_TLS : Host.LOOP_TLS;
      return isTls || hasThread ? with(plan, host, hasThread) : plan;
    }

    private static Plan with(Plan plan, Host host, boolean hasThread) {
      return new Plan(
          plan.seed,
          plan.transport,
          plan.wire,
          host,
          hasThread,
          plan.usePoll,
          plan.isClient,
          plan.style,
          plan.meeting,
          plan.ending,
          plan.trouble,
          plan.outBytes,
          plan.sendSize,
          plan.recvSize,
          plan.reads,
          plan.isEager,
          plan.socketBuffer,
          plan.steps,
          plan.meddling);
    }

    /**
     * Few and small enough that no receive buffer runs over: datagrams that do not fit are lost.
     */
    private static Plan overUdp(Plan plan) {
      int sendSize = 1 + plan.sendSize % LARGEST_DATAGRAM;
      return new Plan(
          plan.seed,
          plan.transport,
          plan.wire == Wire.INET ? Wire.UDP : Wire.UDP6,
          Host.LOOP,
          false,
          plan.usePoll,
          plan.isClient,
          Style.PLAIN,
          plan.meeting == Meeting.BLACK_HOLE ? Meeting.REFUSED : plan.meeting,
          plan.ending,
          plan.trouble,
          Math.min(plan.outBytes, MOST_DATAGRAMS * sendSize),
          sendSize,
          plan.recvSize,
          plan.reads,
          plan.isEager,
          0,
          plan.steps,
          plan.meddling);
    }
  }
}
