package org.asyncore;

import java.lang.System.Logger.Level;
import java.util.BitSet;
import org.asyncore.transport.Readiness;
import org.jspecify.annotations.Nullable;

/**
 * Asks those, too, that nothing touched, and reports an answer that changed all the same: {@link
 * SocketMap#checkInterest(boolean)}.
 */
final class InterestCheck {
  /** Rows that may answer something new. */
  private final BitSet mayChange = new BitSet();

  private final SocketMap map;

  private InterestCheck(SocketMap map) {
    this.map = map;
  }

  /** The check of a pass over this map, null for none; {@code before} is that of the last pass. */
  static @Nullable InterestCheck of(SocketMap map, @Nullable InterestCheck before) {
    if (!map.checkInterest()) return null;
    return before == null ? new InterestCheck(map) : before;
  }

  /** Adds to {@code asking}, the rows that are to be asked anyway, all the others. */
  void askAll(BitSet asking, int size) {
    mayChange.clear();
    mayChange.or(asking);
    asking.set(0, size);
  }

  void mayChange(int row) {
    mayChange.set(row);
  }

  void answered(int row, Dispatcher dispatcher, int before, int now) {
    if (before == now || mayChange.get(row)) return;
    report(map, dispatcher, before, now);
  }

  /** Tells, once a class, of an answer that changed though nobody said so. */
  static void report(SocketMap map, Dispatcher dispatcher, int before, int now) {
    if (!map.passes().isFirstBreach(dispatcher.getClass())) return;
    boolean isReadable = ((before ^ now) & Readiness.IN) != 0;
    int flag = isReadable ? Readiness.IN : Readiness.OUT | Readiness.PRI;
    System.getLogger("org.asyncore")
        .log(
            Level.WARNING,
            "{0}.{1}() became {2} untouched: whatever changes it has to call interestChanged()"
                + " (docs/lifecycle.md#asked-on-touch)",
            dispatcher.getClass().getName(),
            isReadable ? "readable" : "writable",
            (now & flag) != 0);
  }
}
