package org.asyncore.border;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Writes down what a program does and what it is told, and sees to two rules of the border: a call
 * that a program makes calls nobody, but for the few that asyncore's own call; and nobody is called
 * on another thread than the test's, on which all dispatchers of a {@link Site} live.
 *
 * <p>Safe from any thread.
 */
final class Watch {
  /** What a call may lead to, of the same dispatcher, as in asyncore. */
  private static final Set<String> END = Set.of("handleClose", "handleError");

  private static final Set<String> CONNECTION = Set.of("handleConnect", "handleError");
  private static final int MOST_TOLD = 80;

  private record Frame(String who, String what, boolean isCall) {}

  private final Thread home = Thread.currentThread();
  private final ThreadLocal<Deque<Frame>> frames = ThreadLocal.withInitial(ArrayDeque::new);
  private final List<String> lines = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();

  /** A call of the program's, on something of {@code who}. */
  <T> T call(String who, String what, Supplier<T> body) {
    return within(new Frame(who, what, true), body);
  }

  void call(String who, String what, Runnable body) {
    call(
        who,
        what,
        () -> {
          body.run();
          return null;
        });
  }

  /** A call by the library. */
  void callback(String who, String what, Runnable body) {
    judge(who, what);
    within(
        new Frame(who, what, false),
        () -> {
          body.run();
          return null;
        });
  }

  /** A predicate, which is a callback of the program's, too, but fills no log. */
  void asked(String who, String what) {
    needHome(who, "asked " + what);
    Frame inside = frames.get().peek();
    if (inside != null)
      wrong(who + " asked " + what + " INSIDE " + inside.who + "'s " + inside.what);
  }

  private void needHome(String who, String what) {
    Thread thread = Thread.currentThread();
    if (thread != home) wrong(who + " " + what + " ON " + thread.getName());
  }

  private <T> T within(Frame frame, Supplier<T> body) {
    note(frame.who + (frame.isCall ? " calls " : " ") + frame.what);
    frames.get().push(frame);
    try {
      return body.get();
    } catch (Throwable thrown) {
      note(frame.who + "'s " + frame.what + " throws " + thrown);
      throw thrown;
    } finally {
      frames.get().pop();
    }
  }

  private void judge(String who, String what) {
    needHome(who, what);
    Frame inside = frames.get().peek();
    if (inside == null) return;
    if (inside.who.equals(who) && mayLeadTo(inside, what)) return;
    wrong(who + " " + what + " INSIDE " + inside.who + "'s " + inside.what);
  }

  private static boolean mayLeadTo(Frame frame, String callback) {
    if (!frame.isCall) return END.contains(callback); // It called that itself.
    return switch (frame.what) {
      case "send", "recv", "push", "closeWhenDone", "initiateSend" -> END.contains(callback);
      case "connect" -> CONNECTION.contains(callback);
      default -> false;
    };
  }

  /** Whether a call or a callback is under way. */
  boolean isInside() {
    return !frames.get().isEmpty();
  }

  synchronized void note(String line) {
    String beside = Thread.currentThread() == home ? "" : Thread.currentThread().getName() + ": ";
    lines.add("  ".repeat(frames.get().size()) + beside + line);
  }

  synchronized void wrong(String what) {
    wrong.add(what);
    note("WRONG " + what);
  }

  synchronized List<String> wrong() {
    return List.copyOf(wrong);
  }

  /** What happened so far, the last lines of it. */
  @Override
  public synchronized String toString() {
    int from = Math.max(0, lines.size() - MOST_TOLD);
    return "so far:\n    " + String.join("\n    ", lines.subList(from, lines.size()));
  }
}
