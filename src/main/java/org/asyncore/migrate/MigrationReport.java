package org.asyncore.migrate;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.asyncore.Callback;
import org.asyncore.Dispatcher;
import org.asyncore.LoopObserver;
import org.asyncore.SocketMap;
import org.asyncore.internal.LoopTransport;
import org.asyncore.transport.Accepted;

/**
 * Finds out, class by class, what a running program uses of asyncore, and which rung of
 * docs/migrating.md each of its dispatchers could take next. Set it as the observer of one map or
 * of several, let the program do its work, then read {@link #text()} or {@link #json()}.
 *
 * <p>It knows what it saw: a feature that was not used while it looked is not in it. Costs each
 * callback, each call of {@code recv} and {@code send}, and each dispatcher in each pass a little;
 * not for good. Safe from any thread.
 */
public final class MigrationReport implements LoopObserver {
  /** A callback under way. */
  private static final class Frame {
    final Tally tally;
    boolean received;
    boolean offered;

    Frame(Tally tally) {
      this.tally = tally;
    }
  }

  /** What goes on on one thread: callbacks nest through loops, and passes do. */
  private static final class Under {
    final ArrayDeque<Frame> callbacks = new ArrayDeque<>();
    int passes;
  }

  private final ConcurrentMap<Class<?>, Tally> tallies = new ConcurrentHashMap<>();
  private final ThreadLocal<Under> under = ThreadLocal.withInitial(Under::new);

  /** Dispatchers, by identity hash, whose last read left something, or may have. */
  private final Set<Integer> leftovers = ConcurrentHashMap.newKeySet();

  /** A report with nothing in it yet. */
  public MigrationReport() {}

  /** What was seen so far, the class with the longest time in callbacks first. */
  public List<ClassUse> classes() {
    return tallies.values().stream()
        .map(Tally::use)
        .sorted(
            Comparator.comparingLong(ClassUse::callbackNanos)
                .reversed()
                .thenComparing(ClassUse::className))
        .toList();
  }

  /** For people: a paragraph a class. */
  public String text() {
    return ReportText.of(classes());
  }

  /** For programs: one JSON object, {@code classes} an array; names as in {@link ClassUse}. */
  public String json() {
    return ReportJson.of(classes());
  }

  /**
   * Writes an event {@code org.asyncore.ClassUse} for each class into the flight recordings that
   * are under way. Needs the module {@code jdk.jfr}.
   */
  public void writeEvents() {
    for (ClassUse use : classes()) ClassUseEvent.write(use);
  }

  /** How many dispatchers are known to have left something. */
  int leftoverCount() {
    return leftovers.size();
  }

  private Tally tally(Dispatcher dispatcher) {
    Class<?> type = dispatcher.getClass();
    Tally known = tallies.get(type);
    return known != null ? known : tallies.computeIfAbsent(type, Tally::new);
  }

  /** Without a pass it may also be that this was set in the middle of one. */
  private static boolean isHosted(Dispatcher dispatcher) {
    return !LoopTransport.of(dispatcher.map().transport()).hasPasses();
  }

  private static Integer key(Dispatcher dispatcher) {
    return System.identityHashCode(dispatcher);
  }

  @Override
  public void passStarted(SocketMap map, int depth) {
    Under mine = under.get();
    mine.passes++;
    Frame around = mine.callbacks.peekLast();
    if (around != null) around.tally.nestedLoops.increment();
  }

  @Override
  public void passEnded(SocketMap map) {
    under.get().passes--;
  }

  @Override
  public boolean wantsAsked() {
    return true;
  }

  @Override
  public void asked(Dispatcher dispatcher, boolean readable, boolean writable) {
    tally(dispatcher).asked.increment();
  }

  @Override
  public void callbackStarted(Dispatcher dispatcher, Callback callback) {
    Tally tally = tally(dispatcher);
    Under mine = under.get();
    mine.callbacks.addLast(new Frame(tally));
    if (mine.passes == 0 && isHosted(dispatcher)) tally.hosted = true;
    if (callback == Callback.READ && leftovers.remove(key(dispatcher))) {
      tally.redeliveredReads.increment();
    }
  }

  @Override
  public void callbackEnded(Dispatcher dispatcher, Callback callback, long nanos) {
    Frame frame = under.get().callbacks.pollLast();
    Tally tally = tally(dispatcher);
    tally.called(callback, nanos);
    if (frame == null) return; // Set in the middle of this callback.
    if (callback == Callback.WRITE && !frame.offered) tally.idleWrites.increment();
    if (callback == Callback.READ && !frame.received && dispatcher.fileno() >= 0) {
      leftovers.add(key(dispatcher));
    }
  }

  @Override
  public void failed(Dispatcher dispatcher, Throwable thrown) {
    tally(dispatcher).errors.increment();
  }

  @Override
  public void received(Dispatcher dispatcher, int byteCount, int room) {
    tally(dispatcher).bytesReceived.add(byteCount);
    Frame frame = under.get().callbacks.peekLast();
    if (frame != null) frame.received = true;
    if (byteCount == room && dispatcher.fileno() >= 0) leftovers.add(key(dispatcher));
    else leftovers.remove(key(dispatcher));
  }

  @Override
  public void sent(Dispatcher dispatcher, int byteCount, int offered) {
    Tally tally = tally(dispatcher);
    tally.bytesSent.add(byteCount);
    if (byteCount < offered) tally.partialSends.increment();
    Frame frame = under.get().callbacks.peekLast();
    if (frame != null && offered > 0) frame.offered = true;
  }

  @Override
  public void accepted(Dispatcher listener, Accepted connection) {
    Tally tally = tally(listener);
    tally.accepted.increment();
    if (isByHand()) tally.acceptedByHand.increment();
  }

  /** Whether somebody else than asyncore's own handleAccept called accept. */
  private static boolean isByHand() {
    return StackWalker.getInstance()
        .walk(
            stack ->
                stack
                    .filter(frame -> !frame.getMethodName().equals("accepted"))
                    .dropWhile(frame -> !frame.getMethodName().equals("accept"))
                    .dropWhile(frame -> frame.getMethodName().equals("accept"))
                    .findFirst()
                    .map(frame -> !frame.getClassName().equals(Dispatcher.class.getName()))
                    .orElse(true));
  }

  @Override
  public void opened(Dispatcher dispatcher) {
    tally(dispatcher).dispatchers.increment();
    leftovers.remove(key(dispatcher));
  }

  @Override
  public void closed(Dispatcher dispatcher) {
    leftovers.remove(key(dispatcher));
  }
}
