package org.asyncore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.asyncore.netty.NettyTransport;
import org.asyncore.transport.Transport;

/**
 * The dispatchers that one loop serves, by the numbers of their sockets and in the order in which
 * they came: {@code asyncore.socket_map}, or the dict that a program passes as {@code map}.
 *
 * <p>Putting a dispatcher in under a number that is there already keeps the number's place, as in a
 * dict. Each map has an event loop of its own, made when it is first needed and released with the
 * map.
 *
 * <p>Safe from any thread. A pass asks the dispatchers that were in the map when it began; whoever
 * comes later is asked in the next pass.
 */
public final class SocketMap implements Iterable<Dispatcher> {
  /** One row. */
  static final class Entry {
    final int number;
    final Dispatcher dispatcher;

    Entry(int number, Dispatcher dispatcher) {
      this.number = number;
      this.dispatcher = dispatcher;
    }
  }

  /**
   * The rows of a moment: {@code entries} up to {@code size}. A longer snapshot may share the
   * array: what is behind the size of a shorter one is none of its business.
   */
  static final class Snapshot {
    final Entry[] entries;
    final int size;

    Snapshot(Entry[] entries, int size) {
      this.entries = entries;
      this.size = size;
    }

    Snapshot with(Entry added) {
      Entry[] target = size < entries.length ? entries : Arrays.copyOf(entries, size * 2);
      target[size] = added;
      return new Snapshot(target, size + 1);
    }

    Snapshot replacing(Entry before, Entry after) {
      Entry[] copy = entries.clone();
      copy[indexOf(before)] = after;
      return new Snapshot(copy, size);
    }

    Snapshot without(Entry entry) {
      Entry[] copy = new Entry[entries.length];
      int index = indexOf(entry);
      System.arraycopy(entries, 0, copy, 0, index);
      System.arraycopy(entries, index + 1, copy, index, size - index - 1);
      return new Snapshot(copy, size - 1);
    }

    private int indexOf(Entry entry) {
      for (int i = 0; i < size; i++) {
        if (entries[i] == entry) return i;
      }
      throw new AssertionError("row of " + entry.number + " is lost");
    }
  }

  private static final int HIGHEST_NUMBER = 1 << 24; // Linux's nr_open stays well below.

  /** Guards changes; reading needs no lock. */
  private final Object lock = new Object();

  private volatile Snapshot rows = new Snapshot(new Entry[8], 0);

  /** Row by number, for what a pass looks up per event. */
  private volatile Entry[] byNumber = new Entry[16];

  private volatile Transport transport;

  /**
   * Who is told what this map's loop does; null for nobody. Plain: it is looked at per callback.
   */
  LoopObserver observer;

  /** How many passes an observer was told of that have not ended; for the holder of the turn. */
  private int observedPasses;

  /**
   * A pass that nobody is using, kept so that an idle loop allocates nothing; for the holder of the
   * turn.
   */
  private Pass sparePass;

  /** An empty map on the default transport: {@code -Dorg.asyncore.transport=auto|epoll|nio}. */
  public SocketMap() {}

  /**
   * An empty map on a transport by name.
   *
   * @param transportName {@code auto}, {@code epoll} or {@code nio}
   * @throws IllegalStateException if it is not available here, with Netty's reason as its cause
   */
  public SocketMap(String transportName) {
    transport = NettyTransport.open(transportName);
  }

  /** An empty map whose sockets come from, and are waited for on, this transport. */
  public SocketMap(Transport transport) {
    if (transport == null) throw new IllegalArgumentException("transport is null");
    this.transport = transport;
  }

  /** Where this map's sockets come from, and where its passes wait. */
  public Transport transport() {
    Transport known = transport;
    if (known != null) return known;
    synchronized (lock) {
      if (transport == null) transport = NettyTransport.open();
      return transport;
    }
  }

  /** Whether anybody has asked for the transport yet; a map without one has nothing to wait for. */
  boolean hasTransport() {
    return transport != null;
  }

  /** Who is told what this map's loop does; null for nobody. */
  public LoopObserver observer() {
    return observer;
  }

  /**
   * Sets who is told what the loop does with this map's dispatchers, from the next pass on. A
   * dispatcher that is in another map than the one it was made for tells the latter.
   *
   * @param observer null for nobody; {@link LoopObserver#andThen} makes one of two
   */
  public void observer(LoopObserver observer) {
    this.observer = observer;
  }

  /** A pass began, and has to be told of. */
  void passStarted(LoopObserver told) {
    told.passStarted(this, observedPasses++);
  }

  void passEnded(LoopObserver told) {
    observedPasses--;
    told.passEnded(this);
  }

  /** The dispatcher under a number, or null. */
  public Dispatcher get(int number) {
    Entry entry = entry(number);
    return entry == null ? null : entry.dispatcher;
  }

  /** Whether there is a dispatcher under a number. */
  public boolean containsKey(int number) {
    return get(number) != null;
  }

  /**
   * Puts a dispatcher in, calling nothing of it.
   *
   * @param number what its socket's {@code fileno()} says
   * @return the dispatcher that was there, or null
   */
  public Dispatcher put(int number, Dispatcher dispatcher) {
    if (number < 0 || number > HIGHEST_NUMBER) {
      throw new IllegalArgumentException("not a descriptor's number: " + number);
    }
    if (dispatcher == null) throw new IllegalArgumentException("dispatcher is null");
    Entry added = new Entry(number, dispatcher);
    synchronized (lock) {
      Entry before = entry(number);
      rows = before == null ? rows.with(added) : rows.replacing(before, added);
      if (number >= byNumber.length) {
        byNumber = Arrays.copyOf(byNumber, Math.max(number + 1, byNumber.length * 2));
      }
      byNumber[number] = added;
      return before == null ? null : before.dispatcher;
    }
  }

  /**
   * Takes a dispatcher out, calling nothing of it; its socket stays open.
   *
   * @return the dispatcher that was there, or null
   */
  public Dispatcher remove(int number) {
    synchronized (lock) {
      Entry entry = entry(number);
      if (entry == null) return null;
      rows = rows.without(entry);
      byNumber[number] = null;
      return entry.dispatcher;
    }
  }

  /** Takes all dispatchers out; their sockets stay open. */
  public void clear() {
    synchronized (lock) {
      rows = new Snapshot(new Entry[8], 0);
      byNumber = new Entry[16];
    }
  }

  /** How many dispatchers there are. */
  public int size() {
    return rows.size;
  }

  /** Whether a loop over this map would return at once. */
  public boolean isEmpty() {
    return size() == 0;
  }

  /** The dispatchers in map order, a copy: {@code list(map.values())}. */
  public List<Dispatcher> values() {
    List<Dispatcher> values = new ArrayList<>();
    for (Dispatcher dispatcher : this) values.add(dispatcher);
    return values;
  }

  /** Goes over the dispatchers of this moment, in map order. */
  @Override
  public Iterator<Dispatcher> iterator() {
    Snapshot now = rows;
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < now.size;
      }

      @Override
      public Dispatcher next() {
        if (!hasNext()) throw new NoSuchElementException();
        return now.entries[next++].dispatcher;
      }
    };
  }

  /** The rows of this moment: {@code list(map.items())}. */
  Snapshot snapshot() {
    return rows;
  }

  Pass takePass() {
    Pass pass = sparePass;
    sparePass = null;
    return pass == null ? new Pass(this) : pass;
  }

  void givePass(Pass pass) {
    sparePass = pass;
  }

  private Entry entry(int number) {
    Entry[] table = byNumber;
    return number < 0 || number >= table.length ? null : table[number];
  }

  @Override
  public String toString() {
    return values().toString();
  }
}
