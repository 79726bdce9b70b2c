package org.asyncore.observe;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import org.asyncore.Callback;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.internal.UseCount;
import org.asyncore.transport.AsyncFile;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Held;
import org.jspecify.annotations.Nullable;

/**
 * Looks for spins in the passes over one map. In doubt it takes it that a callback did something.
 *
 * <pre>
 * callback   told meanwhile                     did
 * any        bytes moved, opened, closed        something
 * any        calls on the socket, not told      something
 * any        a loop of its own ran              something
 * WRITE      send was offered bytes             something: it waits for room
 * WRITE      -                                  nothing: NOTHING_TO_WRITE
 * READ       recv gave no bytes                 nothing: HANG_UP
 * READ       -                                  nothing: UNREAD
 * ACCEPT     no descriptors                     nothing: NO_DESCRIPTORS
 * ACCEPT     -                                  nothing: NOT_ACCEPTED
 * CLOSE      -                                  nothing: HANG_UP
 * URGENT     -                                  nothing: URGENT_UNREAD
 * </pre>
 *
 * <p>For the thread that has the map's turn. What other threads do to a dispatcher ends its streaks
 * now or a little later.
 */
final class SpinDetector {
  /** A use that handleExptEvent makes itself: it asks for the pending error. */
  private static final int USES_OF_EXPT = 1;

  /** Of who is no suspect: counting is much of what a callback costs. */
  private static final int NOT_COUNTED = -1;

  private final WeakReference<SocketMap> map;
  private final SpinDoctor doctor;
  private DispatcherStreaks[] suspects = new DispatcherStreaks[64];

  private long pass;

  /** The last pass in which somebody did nothing, and when that was found. */
  private long idlePass = -1;

  private long now;

  /** How long passes have waited, of those in a streak. */
  private long waited;

  /** The same pass: somebody did something; somebody has been spinning. */
  private boolean passActed;

  private boolean passSpins;

  /** The current callback: whose number, what its socket counted before, and what was told. */
  private int number;

  private int usesBefore;
  private int usesTold;
  private boolean acted;
  private boolean ended;
  private boolean noDescriptors;

  SpinDetector(SocketMap map, SpinDoctor doctor) {
    this.map = new WeakReference<>(map);
    this.doctor = doctor;
  }

  boolean isOf(SocketMap asked) {
    return map.refersTo(asked);
  }

  void passStarted() {
    pass++;
    passActed = false;
    passSpins = false;
  }

  /** Whether a streak may go on, which is judged by how long the loop waits. */
  boolean wantsWaits() {
    return idlePass == pass - 1;
  }

  void waited(long nanos) {
    waited += nanos;
  }

  void passEnded() {
    acted = true; // For a callback that this pass ran inside of.
    if (passSpins && !passActed) doctor.pause();
  }

  void callbackStarted(Dispatcher dispatcher) {
    number = dispatcher.fileno();
    usesBefore = known(dispatcher, number) == null ? NOT_COUNTED : uses(dispatcher);
    usesTold = 0;
    acted = false;
    ended = false;
    noDescriptors = false;
  }

  /** The dispatcher, or the callback that made it, did something. */
  void acted(Dispatcher dispatcher) {
    acted = true;
    passActed = true;
    DispatcherStreaks suspect = known(dispatcher, dispatcher.fileno());
    if (suspect != null) suspect.acted();
  }

  /** A call on a socket that gave nothing. */
  void usedInVain() {
    usesTold++;
  }

  void ended() {
    usesTold++;
    ended = true;
  }

  void acceptFailed(Errno errno) {
    usesTold++;
    if (errno == Errno.EMFILE || errno == Errno.ENFILE) noDescriptors = true;
    else acted = true;
  }

  void callbackEnded(Dispatcher dispatcher, Callback callback) {
    if (pass == 0 || number < 0) return; // Hosted, and not in passes; or closed before it began.
    SpinReason reason = reason(callback);
    if (reason == null) return;
    if (acted || usedUntold(dispatcher, reason)) {
      passActed = true;
      DispatcherStreaks suspect = known(dispatcher, number);
      if (suspect != null) suspect.acted();
      return;
    }
    if (idlePass != pass) now = dispatcher.map().nanoTime();
    idlePass = pass;
    DispatcherStreaks suspect = suspect(dispatcher);
    if (usesBefore == NOT_COUNTED && !isCertain(reason)) return; // The next time tells.
    Streak streak = suspect.streak(reason);
    streak.add(pass, now, waited);
    if (!streak.isLong(doctor.limits(), now, waited)) return;
    passSpins = true;
    if (streak.isNews()) doctor.report(dispatcher, number, reason, streak, now);
  }

  private @Nullable SpinReason reason(Callback callback) {
    return switch (callback) {
      case READ -> ended ? SpinReason.HANG_UP : SpinReason.UNREAD;
      case WRITE -> SpinReason.NOTHING_TO_WRITE;
      case ACCEPT -> noDescriptors ? SpinReason.NO_DESCRIPTORS : SpinReason.NOT_ACCEPTED;
      case CLOSE -> SpinReason.HANG_UP;
      case URGENT -> SpinReason.URGENT_UNREAD;
      default -> null; // No event that would be there again.
    };
  }

  /** Whether the program may have called the socket itself, past its dispatcher. */
  private boolean usedUntold(Dispatcher dispatcher, SpinReason reason) {
    if (isCertain(reason) || usesBefore == NOT_COUNTED) return false;
    if (counted(dispatcher) == null) return true;
    int expected = usesTold + (reason == SpinReason.URGENT_UNREAD ? USES_OF_EXPT : 0);
    return uses(dispatcher) - usesBefore > expected;
  }

  /** Whether the socket was called, so that its uses tell nothing more. */
  private boolean isCertain(SpinReason reason) {
    return ended || noDescriptors || reason == SpinReason.HANG_UP;
  }

  private static int uses(Dispatcher dispatcher) {
    UseCount counted = counted(dispatcher);
    return counted == null ? 0 : counted.uses();
  }

  private static @Nullable UseCount counted(Dispatcher dispatcher) {
    AsyncSocket socket = dispatcher.socket();
    if (socket instanceof AsyncFile) return null; // Its owner may use the file past it.
    return socket instanceof UseCount counted ? counted : null;
  }

  private @Nullable DispatcherStreaks known(Dispatcher dispatcher, int number) {
    int index = index(number);
    if (index < 0 || index >= suspects.length) return null;
    DispatcherStreaks suspect = suspects[index];
    return suspect != null && suspect.is(dispatcher) ? suspect : null;
  }

  private DispatcherStreaks suspect(Dispatcher dispatcher) {
    DispatcherStreaks known = known(dispatcher, number);
    if (known != null) return known;
    int index = index(number);
    if (index >= suspects.length) {
      suspects = Arrays.copyOf(suspects, Math.max(index + 1, suspects.length * 2));
    }
    DispatcherStreaks made = new DispatcherStreaks(dispatcher);
    suspects[index] = made;
    return made;
  }

  /** Descriptors, and the numbers beyond them, by turns: both are low in their row. */
  private static int index(int number) {
    return number < Held.BEYOND_DESCRIPTORS
        ? 2 * number
        : 2 * (number - Held.BEYOND_DESCRIPTORS) + 1;
  }
}
