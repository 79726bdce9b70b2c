package org.asyncore.asynchat;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a channel has yet to send, first things first: {@code producer_fifo}.
 *
 * <p>A live view. {@link AsyncChat} fills and empties it; a program may change it, too, by the
 * names of Python's {@code deque} or Java's: nothing is sent by that, the next pass sees to it, and
 * no limit of the channel is asked. Bytes of which a part was sent are at the head as what is left
 * of them, and a producer's piece is in front of the producer: who inserts at 0 inserts in the
 * middle of what is being sent, as in Python. Confined to the thread that loops the channel's map.
 *
 * <pre>
 * producer_fifo[0]               first()
 * producer_fifo.append(x)        addLast(Entry.of(x))
 * producer_fifo.appendleft(x)    addFirst(Entry.of(x))
 * producer_fifo.insert(i, x)     insert(i, Entry.of(x))
 * producer_fifo.popleft()        removeFirst()
 * producer_fifo.remove(x)        remove(entry)
 * None, for x                    Entry.close()
 * </pre>
 */
public final class ProducerFifo implements Iterable<ProducerFifo.Entry> {
  /** One thing to send. */
  public sealed interface Entry permits Piece, Source, CloseMark {
    /** A copy of bytes. */
    static Entry of(byte[] data) {
      return new Piece(Objects.requireNonNull(data, "data is null").clone());
    }

    /** A producer, to be asked until it ends. */
    static Entry of(Producer producer) {
      return new Source(Objects.requireNonNull(producer, "producer is null"));
    }

    /** The channel's end, by {@link AsyncChat#handleClose}: {@code None}. */
    static Entry close() {
      return new CloseMark();
    }
  }

  /** A queue that had more entries than this leaves its table behind when it is empty. */
  private static final int KEPT = 1024;

  private final Runnable touched;

  /** What a program's own change calls beside that. */
  private final Runnable changed;

  private Deque<Entry> entries = new ArrayDeque<>();
  private long byteCount;

  /** How many entries there were at most since the table is this one. */
  private int most;

  /**
   * A caller's bytes, which are the only entry as long as his push goes on: nobody sees whether
   * they are a copy, and most are gone when it ends. Null for none.
   */
  private byte @Nullable [] lent;

  private int lentOffset;
  private int lentBytes;

  /**
   * An empty queue.
   *
   * @param touched called after each change
   * @param changed called after each change that is not its channel's
   */
  ProducerFifo(Runnable touched, Runnable changed) {
    this.touched = touched;
    this.changed = changed;
  }

  /** How many entries there are: {@code len(producer_fifo)}. */
  public int size() {
    return entries.size() + (lent == null ? 0 : 1);
  }

  /** Whether nothing is left to send. */
  public boolean isEmpty() {
    return lent == null && entries.isEmpty();
  }

  /** How many bytes are queued; what producers have yet to give does not count. */
  public long byteCount() {
    return byteCount + (lent == null ? 0 : lentBytes);
  }

  /** The entries of this moment. */
  @Override
  public Iterator<Entry> iterator() {
    return List.copyOf(entries()).iterator();
  }

  // --- for programs ---

  /**
   * What is sent next; it stays where it is.
   *
   * @throws NoSuchElementException if there is nothing
   */
  public Entry first() {
    return entries().getFirst();
  }

  /** Queues an entry in front of all others. */
  public void addFirst(Entry entry) {
    putFirst(Objects.requireNonNull(entry, "entry is null"));
    changed.run();
  }

  /** Queues an entry behind all others. */
  public void addLast(Entry entry) {
    putLast(Objects.requireNonNull(entry, "entry is null"));
    changed.run();
  }

  /**
   * Queues an entry where so many are in front of it; takes as long as there are entries.
   *
   * @throws IndexOutOfBoundsException if the index is below 0 or above {@link #size()}
   */
  public void insert(int index, Entry entry) {
    Objects.requireNonNull(entry, "entry is null");
    Objects.checkIndex(index, size() + 1);
    Deque<Entry> inFront = new ArrayDeque<>();
    for (int i = 0; i < index; i++) inFront.push(entries().removeFirst());
    putFirst(entry);
    for (Entry each : inFront) entries.addFirst(each);
    changed.run();
  }

  /**
   * Takes the first entry out.
   *
   * @throws NoSuchElementException if there is none
   */
  public Entry removeFirst() {
    Entry first = first();
    drop();
    changed.run();
    return first;
  }

  /**
   * Takes one entry out, this very one, as {@link #first()} or the iterator gave it.
   *
   * @return whether it was there
   */
  public boolean remove(Entry entry) {
    Objects.requireNonNull(entry, "entry is null");
    for (Iterator<Entry> each = entries().iterator(); each.hasNext(); ) {
      if (each.next() != entry) continue;
      each.remove();
      took(entry);
      changed.run();
      return true;
    }
    return false;
  }

  /** Drops everything, a close that waits for its turn included. */
  public void clear() {
    lent = null;
    entries.clear();
    emptied();
    byteCount = 0;
    touched.run();
    changed.run();
  }

  @Override
  public String toString() {
    return entries().toString();
  }

  // --- for the channel ---

  /** Has a caller's bytes as its only entry; until {@link #keepLent} they must not change. */
  void lend(byte[] data, int offset, int byteCount) {
    lentOffset = offset;
    lentBytes = byteCount;
    lent = data;
  }

  /** Whose bytes are the only entry, which nobody has asked for; null if it is not so. */
  byte @Nullable [] lent() {
    return lent;
  }

  int lentOffset() {
    return lentOffset;
  }

  int lentBytes() {
    return lentBytes;
  }

  /** What is left of a caller's bytes is an entry like others from now on, and a copy. */
  void keepLent() {
    byte[] data = lent;
    if (data == null) return;
    lent = null;
    putLast(Piece.of(data, lentOffset, lentOffset + lentBytes));
  }

  private Deque<Entry> entries() {
    keepLent();
    return entries;
  }

  void putFirst(Entry entry) {
    entries().addFirst(entry);
    put(entry);
  }

  void putLast(Entry entry) {
    entries().addLast(entry);
    put(entry);
  }

  private void put(Entry entry) {
    most = Math.max(most, size());
    byteCount += bytesOf(entry);
    touched.run();
  }

  void drop() {
    if (lent != null) lent = null;
    else took(entries.removeFirst());
  }

  private void took(Entry entry) {
    byteCount -= bytesOf(entry);
    if (isEmpty()) emptied();
    touched.run();
  }

  /** Whether its head, if there is one, is to be sent now. */
  boolean isReady() {
    return !(entries().peekFirst() instanceof Source source) || source.producer().ready();
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
    drop();
    putFirst(entry);
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

    /** A copy of a part of an array. */
    static Piece of(byte[] array, int from, int to) {
      return new Piece(Arrays.copyOfRange(array, from, to));
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
