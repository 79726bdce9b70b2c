package org.asyncore.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Shutdown;
import org.asyncore.transport.WouldBlockException;
import org.jspecify.annotations.Nullable;

/**
 * The other side of a connection, which does what a test tells it to: a line of the test is a line
 * of the peer's script.
 *
 * <pre>{@code
 * Peer guest = loop.connect(6667);
 * guest.send("hello\n").expect("guest1: hello\r\n");
 * guest.end().expectEnd();
 * }</pre>
 *
 * <p>What it sends is there at once, unless {@link #inPieces} or a {@link Schedule} has it come bit
 * by bit. An {@code expect...} makes passes, and lets time go by, until it is met; one that is not
 * fails with all that was called and sent so far. Text is Latin-1. Confined to the test's thread.
 */
public final class Peer {
  private static final int ALL = Integer.MAX_VALUE;

  private final TestLoop loop;
  private final String name;
  private final String kind;
  private final MemoryStream socket;
  private @Nullable SocketAddress address;

  /** What was told to do and has not happened: bytes, an end, a reset. */
  private final Deque<Runnable> underWay = new ArrayDeque<>();

  private int pieceBytes = ALL;
  private int mayRead = ALL;
  private final ByteQueue received = new ByteQueue();

  /** Both ways, in order, for whoever reads a failure. */
  private final List<Happened> story = new ArrayList<>();

  /** Something that it did, or that came to it. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Happened(long nanos, String what, byte @Nullable [] data) {
    @Override
    public String toString() {
      return Texts.seconds(nanos) + "  " + what + (data == null ? "" : " " + Texts.quoted(data));
    }
  }

  /** How the other side's stream has ended; null while it has not. */
  private @Nullable String ending;

  private boolean isClosed;
  private boolean hasEnded;

  Peer(TestLoop loop, String name, MemoryStream socket) {
    this.loop = loop;
    this.name = name;
    kind = name.replace(' ', '-');
    this.socket = socket;
  }

  // --- what it does ---

  Peer connect(SocketAddress to) {
    Errno errno = socket.connectEx(to);
    if (errno != Errno.OK && errno != Errno.EINPROGRESS) throw new OsException(errno);
    address = socket.getsockname();
    story("connects to " + to);
    return this;
  }

  /** Where it is, as dispatchers see it. */
  public SocketAddress address() {
    return address == null ? socket.getsockname() : address;
  }

  /** Sends text. */
  public Peer send(String text) {
    if (text == null) throw new IllegalArgumentException("text is null");
    return send(text.getBytes(ISO_8859_1));
  }

  /** Sends bytes, behind what it was told before. */
  public Peer send(byte[] data) {
    if (data == null) throw new IllegalArgumentException("data is null");
    needSending("send");
    if (data.length == 0) throw new IllegalArgumentException("send of no bytes; end() is the end");
    int pieces = pieceBytes;
    for (int from = 0; from < data.length; ) {
      int until = pieces >= data.length - from ? data.length : from + pieces;
      byte[] piece = Arrays.copyOfRange(data, from, until);
      underWay.add(() -> put(piece));
      from = until;
    }
    return begin();
  }

  /** Sends one urgent byte: {@code MSG_OOB}. */
  public Peer sendUrgent(byte data) {
    needSending("sendUrgent");
    byte[] one = {data};
    underWay.add(
        () -> {
          story("sends urgent", one);
          offer(one, () -> socket.sendUrgent(one));
        });
    return begin();
  }

  /** Has what is sent from now on come in pieces of so many bytes, one a pass. */
  public Peer inPieces(int byteCount) {
    if (byteCount < 1) throw new IllegalArgumentException("byteCount < 1: " + byteCount);
    pieceBytes = byteCount;
    return this;
  }

  /** Ends its stream, and goes on reading: {@code shutdown(SHUT_WR)}. */
  public Peer end() {
    needSending("end");
    hasEnded = true;
    underWay.add(
        () -> {
          story("ends its stream");
          quietly(() -> socket.shutdown(Shutdown.WR));
        });
    return begin();
  }

  /** Breaks the connection: the other side gets ECONNRESET. */
  public Peer reset() {
    return leave("reset", true);
  }

  /** Closes; what has come and was not read makes that a reset, as in the kernel. */
  public Peer close() {
    return leave("close", false);
  }

  private Peer leave(String what, boolean breaks) {
    needOpen(what);
    isClosed = true;
    underWay.add(
        () -> {
          story(breaks ? "resets" : "closes");
          if (breaks) socket.setsockopt(StandardSocketOptions.SO_LINGER, 0);
          socket.close();
        });
    return begin();
  }

  /** Reads all that comes, from now on; so it does at first. */
  public Peer readsAll() {
    return reads(ALL);
  }

  /** Reads no more: what is sent to it fills its buffer, then the other side's. */
  public Peer readsNothing() {
    return reads(0);
  }

  /** Reads so many bytes more, then stops. */
  public Peer reads(int byteCount) {
    if (byteCount < 0) throw new IllegalArgumentException("byteCount < 0: " + byteCount);
    needOpen("reads");
    mayRead = byteCount;
    loop.settle();
    return this;
  }

  private void needOpen(String call) {
    if (isClosed) throw new IllegalStateException(call + "() of " + name + ", which is closed");
  }

  private void needSending(String call) {
    needOpen(call);
    if (hasEnded) throw new IllegalStateException(call + "() of " + name + ", which has ended");
  }

  private void put(byte[] data) {
    story("sends", data);
    offer(data);
  }

  private void offer(byte[] data) {
    offer(data, () -> socket.send(data, 0, data.length));
  }

  /** Sends what there is room for; the rest is under way still, ahead of all else. */
  private void offer(byte[] data, IntSupplier send) {
    quietly(
        () -> {
          int taken = 0;
          try {
            taken = send.getAsInt();
          } catch (WouldBlockException full) {
            // Nobody has read what it sent before.
          }
          if (taken == data.length) return;
          byte[] rest = Arrays.copyOfRange(data, taken, data.length);
          underWay.addFirst(taken == 0 ? () -> offer(data, send) : () -> offer(rest));
        });
  }

  /** That the other side is gone is no trouble of its own: its reads tell. */
  private static void quietly(Runnable call) {
    try {
      call.run();
    } catch (OsException gone) {
      if (!gone.errno().isDisconnected()) throw gone;
    }
  }

  private Peer begin() {
    if (!loop.isScheduled() && pieceBytes == ALL) {
      while (moves()) {}
    }
    loop.network().wakeup();
    return this;
  }

  // --- for its loop ---

  /** What a schedule calls it. */
  String kind() {
    return kind;
  }

  boolean isUnderWay() {
    return !underWay.isEmpty();
  }

  /** Does the next of what is under way; whether it could. */
  boolean moves() {
    if (underWay.isEmpty() || isWaiting()) return false;
    int before = underWay.size();
    Runnable next = underWay.remove();
    next.run();
    return underWay.size() < before;
  }

  private boolean isWaiting() {
    return !socket.isClosed() && socket.isConnecting();
  }

  /** Reads what has come. */
  void reads() {
    while (mayRead > 0 && !socket.isClosed() && ending == null) {
      try {
        byte[] data = socket.recv(Math.min(mayRead, MemoryNetwork.DEFAULT_BUFFER));
        if (data.length == 0) {
          ending = "end";
          story("reads the end");
          return;
        }
        received.add(data, 0, data.length);
        if (mayRead != ALL) mayRead -= data.length;
        story("reads", data);
      } catch (WouldBlockException notNow) {
        return;
      } catch (OsException error) {
        ending = error.errno() == Errno.ECONNRESET ? "reset" : error.errno().name();
        story("finds " + error.errno());
      }
    }
  }

  private void story(String what) {
    story(what, null);
  }

  private void story(String what, byte @Nullable [] data) {
    story.add(new Happened(loop.clock().elapsed().toNanos(), what, data));
  }

  String report() {
    StringBuilder report = new StringBuilder();
    for (Happened line : story) report.append("  ").append(line).append('\n');
    if (!underWay.isEmpty()) {
      report.append("  ").append(underWay.size()).append(" more to do, when there is room\n");
    }
    return story.isEmpty() ? "  nothing\n" : report.toString();
  }

  // --- what it expects ---

  /** The bytes that come next are exactly these; later ones may follow. */
  public Peer expect(String text) {
    if (text == null) throw new IllegalArgumentException("text is null");
    return expect(text.getBytes(ISO_8859_1));
  }

  /** As {@link #expect(String)}. */
  public Peer expect(byte[] data) {
    if (data == null) throw new IllegalArgumentException("data is null");
    needReading();
    Supplier<String> missing = () -> Texts.quoted(data) + " from " + other() + found();
    loop.await(() -> received.size() >= data.length || isOther(data), missing);
    if (isOther(data)) throw loop.failure("expected " + missing.get());
    received.skip(data.length);
    return this;
  }

  /** Whether what has come can become this no more. */
  private boolean isOther(byte[] data) {
    byte[] have = received.toArray();
    int common = Math.min(have.length, data.length);
    boolean differs = Arrays.mismatch(have, 0, common, data, 0, common) >= 0;
    return differs || (ending != null && have.length < data.length);
  }

  /**
   * The bytes that come next begin with what the pattern matches; it takes as much as it can of
   * what has come when it first matches.
   *
   * @return what was matched, as its groups
   */
  public Matcher expect(Pattern pattern) {
    if (pattern == null) throw new IllegalArgumentException("pattern is null");
    needReading();
    loop.await(
        () -> pattern.matcher(text()).lookingAt() || ending != null,
        () -> "a match of " + pattern + " from " + other() + found());
    Matcher matcher = pattern.matcher(text());
    if (!matcher.lookingAt()) {
      throw loop.failure("expected a match of " + pattern + " from " + other() + found());
    }
    received.skip(matcher.end());
    return matcher;
  }

  /** The other side ends its stream, and nothing comes before. */
  public Peer expectEnd() {
    return expectEnding("end");
  }

  /** The other side breaks the connection, and nothing comes before. */
  public Peer expectReset() {
    return expectEnding("reset");
  }

  private Peer expectEnding(String wanted) {
    needReading();
    Supplier<String> missing = () -> "the " + wanted + " from " + other() + found();
    loop.await(() -> ending != null || !received.isEmpty(), missing);
    if (!wanted.equals(ending) || !received.isEmpty()) {
      throw loop.failure("expected " + missing.get());
    }
    return this;
  }

  /** Nothing comes for so long, neither bytes nor an end. */
  public Peer expectSilence(Duration time) {
    needReading();
    loop.advanceUntil(time, () -> ending != null || !received.isEmpty());
    if (ending != null || !received.isEmpty()) {
      throw loop.failure(
          "expected silence from " + other() + " for " + Texts.seconds(time.toNanos()) + found());
    }
    return this;
  }

  /** What has come and was not expected yet; it is, now. */
  public String received() {
    loop.settle();
    return new String(received.take(received.size()), ISO_8859_1);
  }

  private String text() {
    return new String(received.toArray(), ISO_8859_1);
  }

  private void needReading() {
    needOpen("expect");
    if (mayRead == 0)
      throw new IllegalStateException(name + " reads nothing: it may expect nothing");
  }

  private String other() {
    return "the other side of " + name;
  }

  private String found() {
    String bytes = received.isEmpty() ? "nothing" : Texts.quoted(received.toArray());
    return ", but found " + bytes + (ending == null ? "" : " and then the " + ending);
  }

  @Override
  public String toString() {
    return name;
  }
}
