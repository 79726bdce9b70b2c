package org.asyncore;

import java.util.Arrays;
import java.util.BitSet;
import org.asyncore.internal.LoopPollster;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Readiness;
import org.jspecify.annotations.Nullable;

/**
 * What the dispatchers of a map have answered to {@code readable()} and {@code writable()}: the
 * first part of a {@link Pass}, kept for the next one.
 *
 * <p>A row is asked in every pass, or, if its dispatcher {@linkplain Interest#ON_TOUCH asks for
 * that}, after it was touched. An answer goes to the pollster where it is a new one. When another
 * pass has asked in between, all of this is started over. Confined to the thread that holds the
 * turn.
 */
final class InterestTable {
  private static final int NOT_ASKING = Integer.MAX_VALUE;

  private final SocketMap map;

  /** Keeps the interests of the rows. */
  private final LoopPollster pollster;

  /** The rows of the pass; an index of theirs is one of the arrays and of the pollster. */
  private Rows rows = Rows.none();

  private Dispatcher[] dispatchers = new Dispatcher[16];
  private AsyncSocket[] sockets = new AsyncSocket[16];
  private int[] numbers = new int[16];

  /** How many of the interests are not 0. */
  private int count;

  /** How many of the map's renumberings the numbers know of. */
  private int renumberings;

  private final BitSet everyPass = new BitSet();

  /** To be asked in the next pass. */
  private BitSet due = new BitSet();

  /** To be asked in this pass. */
  private BitSet asking = new BitSet();

  /** The row that is asked now. */
  private int at = NOT_ASKING;

  private boolean select;
  private @Nullable InterestCheck check;

  InterestTable(SocketMap map, LoopPollster pollster) {
    this.map = map;
    this.pollster = pollster;
  }

  /** How many want anything. */
  int count() {
    return count;
  }

  /** The number of the row that has an index of the pollster. */
  int number(int index) {
    return numbers[index];
  }

  /** Whether a dispatcher, and its socket, are those that were asked under that row. */
  boolean isOf(int index, Dispatcher dispatcher) {
    return dispatchers[index] == dispatcher && sockets[index] == dispatcher.socket();
  }

  /** What that row was interested in, as flags of Readiness. */
  int interest(int index) {
    return pollster.interest(index);
  }

  /**
   * Asks, in map order, who was in the map when it began.
   *
   * @param select whether as {@code poll} or as {@code poll2}
   */
  void ask(boolean select, @Nullable LoopObserver observer) {
    this.select = select;
    map.passes().called(null);
    boolean stands = pollster.begin(!select);
    map.calls().ask();
    Rows now = map.rows().now();
    if (stands && now.layout == rows.layout) catchUp(now);
    else startOver(now);
    renumber();
    collectTouched();
    takeDue();
    LoopObserver told = observer != null && observer.wantsAsked() ? observer : null;
    for (int row = asking.nextSetBit(0); row >= 0; row = asking.nextSetBit(row)) {
      for (int end = asking.nextClearBit(row); row < end; row++) {
        at = row;
        if (dispatchers[row] != null) ask(row, told);
        if (map.rows().hasTouched())
          collectTouched(); // Whoever comes later in map order sees it, too.
      }
    }
    asking.clear();
    at = NOT_ASKING;
  }

  /** The answers are frozen: has those asked again that are called in this pass. */
  void freeze() {
    renumber(); // From here on an event belongs to a number, whoever has that when its turn comes.
    for (int k = 0; k < pollster.readyCount(); k++) due.set(pollster.index(k));
  }

  // --- the rows ---

  private void startOver(Rows now) {
    pollster.clear();
    count = 0;
    due.clear();
    everyPass.clear();
    makeRoom(now.size);
    Arrays.fill(dispatchers, now.size, dispatchers.length, null);
    Arrays.fill(sockets, now.size, sockets.length, null);
    for (int row = 0; row < now.size; row++) adopt(row, now.at(row));
    rows = now;
  }

  private void catchUp(Rows now) {
    if (now == rows) return;
    for (Entry gone = now.removed;
        gone != null && gone != rows.removed;
        gone = gone.removedBefore) {
      if (gone.index < rows.size) forget(gone.index);
    }
    makeRoom(now.size);
    for (int row = rows.size; row < now.size; row++) adopt(row, now.at(row));
    rows = now;
  }

  /** Learns the new numbers of those whose sockets have changed theirs, and asks them again. */
  private void renumber() {
    int now = map.rows().renumberings();
    if (now == renumberings) return;
    renumberings = now;
    for (int row = 0; row < rows.size; row++) {
      if (dispatchers[row] == null || isKnown(row)) continue;
      sockets[row] = null;
      due.set(row);
    }
  }

  /** Whether the row still had the number that is known of it, which it has afterwards. */
  private boolean isKnown(int row) {
    int number = rows.atOrBefore(row).number;
    boolean isKnown = number == numbers[row];
    numbers[row] = number;
    return isKnown;
  }

  private void makeRoom(int size) {
    if (size <= numbers.length) return;
    int length = Math.max(size, numbers.length * 2);
    dispatchers = Arrays.copyOf(dispatchers, length);
    sockets = Arrays.copyOf(sockets, length);
    numbers = Arrays.copyOf(numbers, length);
  }

  /** Takes a new row; null for a gap. */
  private void adopt(int row, @Nullable Entry entry) {
    dispatchers[row] = entry == null ? null : entry.dispatcher;
    numbers[row] = entry == null ? -1 : entry.number;
    sockets[row] = null;
    if (entry != null) due.set(row);
  }

  private void forget(int row) {
    if (interest(row) != 0) answered(row, 0, null);
    dispatchers[row] = null;
    everyPass.clear(row);
    due.clear(row);
  }

  // --- whom to ask ---

  private void takeDue() {
    BitSet taken = due;
    due = asking; // Empty.
    asking = taken;
    asking.or(everyPass);
    check = InterestCheck.of(map, check);
    if (check != null) check.askAll(asking, rows.size);
  }

  private void collectTouched() {
    for (Entry entry = map.rows().takeTouched(); entry != null; ) {
      Entry below = entry.nextTouched;
      entry.nextTouched = null;
      if (rows.has(entry)) touched(entry.index);
      entry = below;
    }
    if (at == NOT_ASKING || map.rows().now().layout == rows.layout) return;
    for (int row = at + 1; row < rows.size; row++) touched(row); // No longer to be told which.
  }

  private void touched(int row) {
    if (row <= at) {
      due.set(row);
      return;
    }
    asking.set(row);
    if (check != null) check.mayChange(row);
  }

  // --- asking ---

  private void ask(int row, @Nullable LoopObserver told) {
    Dispatcher dispatcher = dispatchers[row];
    if (dispatcher.asksOnTouch() && dispatcher.touches(rows.atOrBefore(row))) nextOnTouch(row);
    else if (!everyPass.get(row)) everyPass.set(row);
    int interest = interest(dispatcher, Callbacks.ask(dispatcher, told));
    int before = interest(row);
    if (check != null) check.answered(row, dispatcher, before, interest);
    AsyncSocket socket = dispatcher.socket();
    if (interest != before || socket != sockets[row]) answered(row, interest, socket);
  }

  private void nextOnTouch(int row) {
    everyPass.clear(row);
    Entry entry = rows.atOrBefore(row);
    if (entry.get()) entry.getAndSet(false); // Before it is asked: a touch from now on counts.
  }

  private int interest(Dispatcher dispatcher, int answers) {
    boolean readable = (answers & Readiness.IN) != 0;
    boolean writable = (answers & Readiness.OUT) != 0;
    int interest = readable ? Readiness.IN | Readiness.PRI : 0;
    if (readable && dispatcher.isAcceptPaused()) interest = Readiness.PRI; // Which never comes.
    // A listener is never written.
    if (writable && !dispatcher.accepting()) interest |= Readiness.OUT;
    // Select looks for urgent data if either was wanted, even of a listener that only wants to
    // write.
    if (select && writable) interest |= Readiness.PRI;
    return interest;
  }

  private void answered(int row, int interest, @Nullable AsyncSocket socket) {
    if (interest(row) != 0) count--;
    if (interest != 0) count++;
    sockets[row] = socket;
    // The number is what counts: a socket that no longer has it is as good as closed.
    boolean isOpen = socket != null && hasNumber(row, socket);
    pollster.register(row, isOpen ? socket : null, interest);
  }

  private boolean hasNumber(int row, AsyncSocket socket) {
    int number = socket.fileno();
    if (number == numbers[row]) return true;
    isKnown(row); // It may have changed since this pass began to ask.
    return number == numbers[row];
  }
}
