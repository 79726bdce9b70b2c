package org.asyncore.faults;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * The peer that does what a plan says: on the thread of the loop, between passes. It checks what
 * comes byte by byte.
 */
final class Faulty {
  /** More than it takes to send the most by datagrams of the smallest size, one a pass. */
  private static final int LIMIT_PASSES = 200_000;

  private final Link link;
  private final Codec codec;
  private final Pattern outgoing;
  private final Pattern incoming;
  private final Runnable pass;
  private final ByteBuffer buffer = ByteBuffer.allocate(65_536);

  /** What is on its way to the wire. */
  private final ArrayDeque<ByteBuffer> due = new ArrayDeque<>();

  /** Bytes that were given to the wire, or to the codec before it. */
  long sent;

  long received;

  /** It read the end of the stream, or its break. */
  boolean hasSeenEnd;

  /** The connection broke under its hands. */
  boolean isBroken;

  /** It closed the connection itself. */
  boolean isGone;

  private String corrupted;

  Faulty(Link link, Codec codec, Plan plan, Runnable pass) {
    this.link = link;
    this.codec = codec;
    this.pass = pass;
    outgoing = Conduct.incoming(plan);
    incoming = Conduct.outgoing(plan);
    offer(codec.answers());
  }

  String corrupted() {
    return corrupted;
  }

  boolean hasEndedWell() {
    return hasSeenEnd && !isBroken && codec.hasEnded();
  }

  void play(Step step) {
    if (isGone) return;
    switch (step.act()) {
      case SEND -> send(step.count());
      case DRIBBLE -> dribble(step.count());
      case COALESCE -> coalesce(step.count());
      case PAUSE -> repeat(step.count(), pass);
      case READ -> {
        read(step.count());
        pass.run();
      }
      case END_OUTPUT -> endOutput();
      case CLOSE -> leave(link::close);
      case RESET -> leave(link::reset);
      case RESET_IN_MID_SEND -> {
        give(step.count());
        flush();
        leave(link::reset);
      }
    }
  }

  private static void repeat(int count, Runnable action) {
    for (int i = 0; i < count; i++) action.run();
  }

  private void send(int byteCount) {
    give(byteCount);
    flush();
    pass.run();
  }

  private void dribble(int byteCount) {
    untilSent();
    give(byteCount);
    while (!due.isEmpty() && !isBroken) {
      ByteBuffer first = due.peek();
      int before = first.position();
      write(ByteBuffer.wrap(new byte[] {first.get(before)}), first);
      pass.run();
    }
  }

  private void write(ByteBuffer one, ByteBuffer of) {
    int taken = link.write(one);
    if (taken == Link.BROKEN) broken();
    else of.position(of.position() + taken);
    if (taken == 0) read(buffer.capacity()); // Else both wait for each other to read.
    if (!of.hasRemaining()) due.remove(of);
  }

  private void coalesce(int byteCount) {
    for (int i = 0; i < 3; i++) {
      give(byteCount / 3 + 1);
      flush();
    }
    pass.run();
  }

  private void give(int byteCount) {
    if (isBroken) return;
    offer(codec.encode(outgoing.bytes(sent, byteCount)));
    sent += byteCount;
  }

  private void offer(byte[] bytes) {
    if (bytes.length > 0) due.add(ByteBuffer.wrap(bytes));
  }

  private void flush() {
    for (ByteBuffer first; !isBroken && (first = due.peek()) != null; due.remove()) {
      if (link.write(first) == Link.BROKEN) broken();
      if (first.hasRemaining()) return;
    }
  }

  private void broken() {
    isBroken = true;
    due.clear();
  }

  /** Sends what it has begun to, reading on, so that nobody waits for the other. */
  private void untilSent() {
    for (int i = 0; !isBroken && !(due.isEmpty() && (hasSeenEnd || codec.isReady())); i++) {
      if (i == LIMIT_PASSES) throw new AssertionError(due.size() + " pieces are never taken");
      flush();
      pass.run();
      if (i > 20 || !codec.isReady()) read(buffer.capacity());
    }
  }

  private void endOutput() {
    untilSent();
    offer(codec.end());
    untilSent();
    if (!isBroken) link.endOutput();
    pass.run();
  }

  private void leave(Runnable how) {
    isGone = true;
    how.run();
    codec.close();
    pass.run();
  }

  /** Reads what is there, at most {@code byteCount} bytes of the wire; whether something came. */
  boolean read(int byteCount) {
    if (hasSeenEnd || isGone) return false;
    buffer.clear().limit(Math.min(byteCount, buffer.capacity()));
    int came = link.read(buffer);
    if (came == 0) return false;
    if (came < 0) {
      hasSeenEnd = true;
      if (came == Link.BROKEN) isBroken = true;
      return true;
    }
    check(codec.decode(Arrays.copyOf(buffer.array(), came)));
    offer(codec.answers());
    return true;
  }

  private void check(byte[] bytes) {
    int wrong = incoming.firstWrong(received, bytes);
    if (wrong >= 0 && corrupted == null)
      corrupted = "the peer's byte " + (received + wrong) + " is wrong";
    received += bytes.length;
  }

  /** One more turn after the last step; whether something moved. */
  boolean goOn() {
    if (isGone) return false;
    int before = due.size();
    flush();
    boolean hasRead = read(buffer.capacity());
    if (hasSeenEnd) leave(link::close);
    return hasRead || due.size() != before;
  }

  /** Speaks something else than was agreed. */
  void babble(byte[] bytes) {
    if (link.write(ByteBuffer.wrap(bytes)) == Link.BROKEN) broken();
  }

  /** Is gone at once, on the stack of somebody else's call. */
  void vanish(boolean isReset) {
    if (isGone) return;
    isGone = true;
    broken();
    if (isReset) link.reset();
    else link.close();
    codec.close();
  }

  void close() {
    if (isGone) return;
    isGone = true;
    link.close();
    codec.close();
  }
}
