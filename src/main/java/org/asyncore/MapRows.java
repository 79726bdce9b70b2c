package org.asyncore;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Who is in a map: its rows, by number and in map order, and which of them are to be asked again.
 *
 * <p>Safe from any thread: changes are guarded by this, and reading needs no lock.
 */
final class MapRows implements Iterable<Dispatcher> {
  private final SocketMap map;

  private volatile Rows rows = Rows.none();

  private final RowTable byNumber = new RowTable();

  /** How often a row got another number. */
  private volatile int renumberings;

  /** Rows to be asked again, the top of a stack. */
  private final AtomicReference<Entry> touched = new AtomicReference<>();

  MapRows(SocketMap map) {
    this.map = map;
  }

  /** The rows of this moment: {@code list(map.items())}. */
  Rows now() {
    return rows;
  }

  @Nullable Dispatcher get(int number) {
    Entry entry = byNumber.get(number);
    return entry == null ? null : entry.dispatcher;
  }

  /** See {@link SocketMap#put}. */
  synchronized @Nullable Dispatcher put(int number, Dispatcher dispatcher) {
    Entry before = byNumber.get(number);
    if (before != null && before.dispatcher == dispatcher) {
      before.touch(); // Its socket may be another one.
      return dispatcher;
    }
    Entry added = new Entry(map, number, dispatcher);
    dispatcher.joined(added);
    rows = before == null ? rows.with(added) : rows.replacing(before, added);
    byNumber.put(added);
    map.calls().wakeForNew();
    if (before == null) return null;
    before.dispatcher.left(before);
    return before.dispatcher;
  }

  /** See {@link SocketMap#remove}. */
  synchronized @Nullable Dispatcher remove(int number) {
    Entry entry = byNumber.get(number);
    if (entry == null) return null;
    rows = rows.without(entry);
    byNumber.remove(number);
    entry.dispatcher.left(entry);
    return entry.dispatcher;
  }

  /**
   * Takes out whoever is under the number of a dispatcher, which gives it up in the same step.
   *
   * @return who that was; null for nobody
   */
  synchronized @Nullable Dispatcher leave(Dispatcher dispatcher) {
    return remove(dispatcher.giveUpNumber());
  }

  /**
   * Has a dispatcher's row under one number be that of another: the dispatcher's socket has changed
   * it. In its own map the dispatcher's own number changes in the same step. Whoever else is under
   * one of them by now stays.
   */
  synchronized void renumber(Dispatcher dispatcher, int before, int now) {
    RowTable.check(now);
    if (dispatcher.map() == map) dispatcher.renumbered(before, now);
    Entry entry = byNumber.get(before);
    if (entry == null || entry.dispatcher != dispatcher || byNumber.get(now) != null) return;
    byNumber.remove(before);
    entry.number = now;
    byNumber.put(entry);
    renumberings++;
    entry.touch();
  }

  int renumberings() {
    return renumberings;
  }

  /** Takes all out. */
  synchronized void clear() {
    Rows before = rows;
    rows = before.empty();
    byNumber.clear();
    for (int i = before.nextRow(0); i < before.size; i = before.nextRow(i + 1)) {
      Entry entry = before.atOrBefore(i);
      entry.dispatcher.left(entry);
    }
  }

  /** Takes these out, and nobody else. */
  synchronized void removeAll(Set<Dispatcher> left) {
    Rows now = rows;
    for (int i = now.nextRow(0); i < now.size; i = now.nextRow(i + 1)) {
      Entry entry = now.atOrBefore(i);
      if (left.contains(entry.dispatcher)) remove(entry.number);
    }
  }

  /** Goes over the dispatchers of this moment, in map order. */
  @Override
  public Iterator<Dispatcher> iterator() {
    Rows now = rows;
    return new Iterator<>() {
      private int next = now.nextRow(0);

      @Override
      public boolean hasNext() {
        return next < now.size;
      }

      @Override
      public Dispatcher next() {
        if (!hasNext()) throw new NoSuchElementException();
        Dispatcher dispatcher = now.atOrBefore(next).dispatcher;
        next = now.nextRow(next + 1);
        return dispatcher;
      }
    };
  }

  // --- rows to be asked again ---

  /** Puts a row on the stack of those to be asked again. */
  void touched(Entry entry) {
    Entry below;
    do {
      below = touched.get();
      entry.nextTouched = below;
    } while (!touched.compareAndSet(below, entry));
  }

  boolean hasTouched() {
    return touched.get() != null;
  }

  /** Takes the whole stack; each row tells the one below it until it is touched again. */
  @Nullable Entry takeTouched() {
    return hasTouched() ? touched.getAndSet(null) : null;
  }
}
