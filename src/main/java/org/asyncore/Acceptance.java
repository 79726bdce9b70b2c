package org.asyncore;

import java.util.HashSet;
import java.util.Set;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Held;
import org.jspecify.annotations.Nullable;

/**
 * A call in which a listener accepts: if it throws before somebody has taken the connection that
 * {@code accept} gave last, that is closed. In CPython it is then, because nobody refers to it any
 * more. One whose dispatcher threw in its own constructor is closed, too, and out of its map: there
 * is nobody whom a pass could call.
 *
 * <p>A connection that is not the last one has been dealt with: whoever asks for the next one has
 * kept it or closed it. Calls nest, by loops inside of callbacks. Confined to its thread: what
 * others accept meanwhile is theirs.
 */
final class Acceptance {
  private final Dispatcher listener;
  private final Thread thread = Thread.currentThread();

  /** What {@code accept} gave last; null for nothing. */
  private @Nullable AsyncSocket given;

  Acceptance(Dispatcher listener) {
    this.listener = listener;
  }

  /** {@code accept} gives a connection, or, null, is about to look for one. */
  void gives(@Nullable AsyncSocket socket) {
    if (Thread.currentThread() == thread) given = socket;
  }

  /** The call throws this. */
  void fails(Throwable thrown) {
    AsyncSocket last = given;
    if (last == null || last.fileno() < 0) return;
    Dispatcher taker = taker(last);
    boolean isHeld = last instanceof Held held && held.holder() != null;
    if (taker == null ? isHeld : !isOfConstructor(taker, thrown)) return;
    try {
      if (taker != null) taker.unmade();
      last.close();
    } catch (RuntimeException failed) {
      thrown.addSuppressed(failed);
    }
  }

  private @Nullable Dispatcher taker(AsyncSocket socket) {
    if (socket instanceof Held held) {
      return held.holder() instanceof Holding holding ? holding.get() : null;
    }
    Dispatcher there = listener.map().get(socket.fileno());
    return there != null && there.socket() == socket ? there : null;
  }

  /** Whether it came out of a constructor of the dispatcher's class, as its trace tells. */
  private static boolean isOfConstructor(Dispatcher taker, Throwable thrown) {
    Set<String> classes = new HashSet<>();
    for (Class<?> type = taker.getClass(); type != Dispatcher.class; type = type.getSuperclass()) {
      classes.add(type.getName());
    }
    for (StackTraceElement frame : thrown.getStackTrace()) {
      if (frame.getMethodName().equals("<init>") && classes.contains(frame.getClassName())) {
        return true;
      }
    }
    return false;
  }
}
