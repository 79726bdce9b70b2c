package org.asyncore.asynchat;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * What a channel has yet to send, first things first: {@code producer_fifo}.
 *
 * <p>A live view; {@link AsyncChat} alone fills it. Confined to the thread that loops the channel's
 * map.
 */
public final class ProducerFifo implements Iterable<ProducerFifo.Entry> {
  /** One thing to send. */
  public sealed interface Entry permits Piece, Source, CloseMark {}

  /** A queue that had more entries than this leaves its table behind when it is empty. */
  private static final int KEPT = 1024;

  private final Runnable touched;
  private Deque<Entry> entries = new ArrayDeque<>();
  private long byteCount;

  /** How many entries there were at most since the table is this one. */
  private int most;

  /** An empty queue, which calls {@code touched} after each change. */
  ProducerFifo(Runnable touched) {
    this.touched = touched;
  }

  /** How many entries there are: {@code len(producer_fifo)}. */
  public int size() {
    return entries.size();
  }

  /** Whether nothing is left to send. */
  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** How many bytes are queued; what producers have yet to give does not count. */
  public long byteCount() {
    return byteCount;
  }

  /** The entries of this moment. */
  @Override
  public Iterator<Entry> iterator() {
    return List.copyOf(entries).iterator();
  }

  /** Drops everything, a close that waits for its turn included. */
  public void clear() {
    entries.clear();
    emptied();
    byteCount = 0;
    touched.run();
  }

  @Override
  public String toString() {
    return entries.toString();
  }

  Entry first() {
    return entries.getFirst();
  }

  void addFirst(Entry entry) {
    entries.addFirst(entry);
    most = Math.max(most, size());
    byteCount += bytesOf(entry);
    touched.run();
  }

  void addLast(Entry entry) {
    entries.addLast(entry);
    most = Math.max(most, size());
    byteCount += bytesOf(entry);
    touched.run();
  }

  void removeFirst() {
    byteCount -= bytesOf(entries.removeFirst());
    if (isEmpty()) emptied();
    touched.run();
  }

  /** A deque never gets smaller by itself. */
  private void emptied() {
    if (most > KEPT) entries = new ArrayDeque<>();
    most = 0;
  }

  /** How many entries its table was made for, at least. */
  int mostEntries() {
    return most;
  }

  void replaceFirst(Entry entry) {
    removeFirst();
    addFirst(entry);
  }

  private static int bytesOf(Entry entry) {
    return entry instanceof Piece piece ? piece.byteCount() : 0;
  }

  /** Bytes, or what is left of them. Never changes; sending makes a new one over the same array. */
  public static final class Piece implements Entry {
    private final byte[] array;
    private final int offset;

    Piece(byte[] array) {
      this(array, 0);
    }

    private Piece(byte[] array, int offset) {
      this.array = array;
      this.offset = offset;
    }

    /** How many bytes are left. */
    public int byteCount() {
      return array.length - offset;
    }

    /** A copy of what is left. */
    public byte[] bytes() {
      return Arrays.copyOfRange(array, offset, array.length);
    }

    byte[] array() {
      return array;
    }

    int offset() {
      return offset;
    }

    /** The slice from {@code sent} on, which like Python's may be empty. */
    Piece after(int sent) {
      return new Piece(array, offset + Math.min(sent, byteCount()));
    }

    @Override
    public String toString() {
      return "Piece[" + byteCount() + " bytes]";
    }
  }

  /**
   * A producer that has not ended.
   *
   * @param producer what will be asked
   */
  public record Source(Producer producer) implements Entry {}

  /**
   * Where {@link AsyncChat#closeWhenDone} closes the channel: Python's {@code None} in the queue.
   */
  public record CloseMark() implements Entry {}
}
