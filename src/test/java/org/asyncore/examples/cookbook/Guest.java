package org.asyncore.examples.cookbook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * One who comes to a recipe, talks in a manner of its own, and compares every byte that it hears.
 * Confined to a thread of its own; what it says another one writes, so that it may hear meanwhile.
 */
final class Guest {
  private static final int SECONDS = 60;
  private static final int BULK = 10_000;
  private static final int SLOW_BYTES = 3 << 20; // More than buffers of both sides hold.
  private static final int NEVER = Integer.MAX_VALUE;

  /** How a guest talks. */
  enum Manner {
    PLAIN,
    /** A few bytes at a time. */
    DRIBBLING,
    /** Reads none of the bulk until the others have gone. */
    SLOW,
    /** Goes away in the middle, by a reset. */
    RESETTING,
    /** Goes away in the middle, by closing. */
    LEAVING;

    boolean vanishes() {
      return this == RESETTING || this == LEAVING;
    }
  }

  /** It went away, as it was to. */
  static final class Gone extends Exception {
    private static final long serialVersionUID = 1;
  }

  private final Manner manner;
  private final Random random;
  private final Executor writers;
  private final CountDownLatch others;
  private final Wire wire;

  /** Of all its connections. */
  private final List<Wire> wires;

  private CompletableFuture<Void> saying = CompletableFuture.completedFuture(null);
  private int leavesAt;
  private int steps;

  /**
   * Over this wire.
   *
   * @param leavesAt at which of its calls it goes away, if that is its manner
   * @param others whom a slow one waits for
   */
  Guest(
      Wire wire,
      Manner manner,
      int leavesAt,
      Random random,
      Executor writers,
      CountDownLatch others) {
    this(wire, manner, leavesAt, random, writers, others, new ArrayList<>());
  }

  private Guest(
      Wire wire,
      Manner manner,
      int leavesAt,
      Random random,
      Executor writers,
      CountDownLatch others,
      List<Wire> wires) {
    this.wire = wire;
    this.wires = wires;
    wires.add(wire);
    this.manner = manner;
    this.leavesAt = manner.vanishes() ? leavesAt : NEVER;
    this.random = random;
    this.writers = writers;
    this.others = others;
  }

  Manner manner() {
    return manner;
  }

  Random random() {
    return random;
  }

  /** It stays from now on. */
  void stays() {
    leavesAt = NEVER;
  }

  /** One more wire of the same guest, such as a data connection. */
  Guest joined(Wire wire) {
    Guest joined = new Guest(wire, manner, leavesAt, random, writers, others, wires);
    joined.steps = steps;
    return joined;
  }

  /** About how many bytes are to be moved for this one: more than buffers hold, for a slow one. */
  int volume() {
    return manner == Manner.SLOW ? SLOW_BYTES : 5_000 + random.nextInt(30_000);
  }

  byte[] data() {
    return data(Integer.MAX_VALUE);
  }

  /** At most so many. */
  byte[] data(int most) {
    byte[] data = new byte[Math.min(volume(), most)];
    random.nextBytes(data);
    return data;
  }

  void send(String text) throws Gone, IOException {
    send(text.getBytes(ISO_8859_1));
  }

  void send(byte[] data) throws Gone, IOException {
    boolean isLast = steps++ == leavesAt;
    byte[] said = isLast ? Arrays.copyOf(data, random.nextInt(data.length + 1)) : data;
    saying = saying.thenRunAsync(() -> write(said), writers);
    if (!isLast) return;
    if (random.nextBoolean()) join(); // Or some of it was never said.
    leave();
  }

  private void write(byte[] data) {
    Random pieces = new Random(data.length);
    boolean isDribbling = manner == Manner.DRIBBLING;
    try {
      for (int at = 0, count; at < data.length; at += count) {
        int most = !isDribbling ? data.length : at < 500 ? 20 : 3000;
        count = Math.min(isDribbling ? 1 + pieces.nextInt(most) : most, data.length - at);
        wire.out().write(data, at, count);
        wire.out().flush();
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Says no more. */
  void end() throws Gone, IOException {
    step();
    saying =
        saying.thenRunAsync(
            () -> {
              try {
                wire.ending().go();
              } catch (IOException failed) {
                throw new UncheckedIOException(failed);
              }
            },
            writers);
  }

  void expect(String wanted) throws Gone, IOException {
    expect(wanted.getBytes(ISO_8859_1));
  }

  void expect(byte[] wanted) throws Gone, IOException {
    boolean isLast = steps++ == leavesAt;
    int count = isLast ? random.nextInt(wanted.length + 1) : wanted.length;
    if (count > BULK) awaitOthers();
    byte[] heard = wire.in().readNBytes(count);
    byte[] start = Arrays.copyOf(wanted, count);
    if (count < 1000) assertEquals(new String(start, ISO_8859_1), new String(heard, ISO_8859_1));
    else assertArrayEquals(start, heard);
    if (isLast) leave();
  }

  /** So many bytes, whatever they are. */
  byte[] hear(int count) throws Gone, IOException {
    step();
    if (count > BULK) awaitOthers();
    byte[] heard = wire.in().readNBytes(count);
    assertEquals(count, heard.length, "bytes until the end");
    return heard;
  }

  /** A line, without its end. */
  String hearLine() throws Gone, IOException {
    step();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next; (next = wire.in().read()) != '\n'; line.write(next)) {
      assertTrue(next >= 0, () -> "the end, behind " + line.toString(ISO_8859_1));
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }

  void expectLine(String beginning) throws Gone, IOException {
    String line = hearLine();
    assertTrue(line.startsWith(beginning), () -> "no " + beginning + ": " + line);
  }

  void expectEnd() throws Gone, IOException {
    step();
    assertEquals(-1, wire.in().read());
  }

  /** Everything until this is found, or until the end, which is written as {@code <end>}. */
  String hearUntil(String pattern) throws IOException {
    Pattern wanted = Pattern.compile(pattern);
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    while (!wanted.matcher(heard.toString(ISO_8859_1)).find()) {
      int next;
      try {
        next = wire.in().read();
      } catch (SocketException reset) {
        next = -1;
      }
      if (next < 0) return heard.toString(ISO_8859_1) + "<end>";
      heard.write(next);
    }
    return heard.toString(ISO_8859_1);
  }

  private void step() throws Gone, IOException {
    if (steps++ == leavesAt) leave();
  }

  private void leave() throws Gone, IOException {
    for (Wire each : wires) {
      if (manner == Manner.RESETTING) each.reset().go();
      else each.close().go();
    }
    throw new Gone();
  }

  private void awaitOthers() {
    if (manner != Manner.SLOW) return;
    try {
      assertTrue(others.await(SECONDS, TimeUnit.SECONDS), "the others' end");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until all that it says is said. */
  void join() {
    try {
      saying.get(SECONDS, TimeUnit.SECONDS);
    } catch (Exception failed) {
      if (!manner.vanishes()) throw new AssertionError("it could not say all", failed);
    }
  }

  /** Goes, with all said. */
  void goodbye() throws IOException {
    try {
      join();
    } finally {
      wire.close().go();
    }
  }

  /** Goes with all its connections, without a look at what it said. */
  void away() throws IOException {
    for (Wire each : wires) each.close().go();
  }
}
