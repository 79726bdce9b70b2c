package org.asyncore.ends;

import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Other;
import org.asyncore.transport.AsyncSocket;

/** Plays a {@link StopPlan} and judges it. */
final class StopRun {
  /** How much longer an end may take than it was told, on a machine that has time for it. */
  private static final long SLACK_NANOS = 100_000_000;

  private static final int MOST_FRAMES = 6;
  private static final long LIMIT_NANOS = 15_000_000_000L;

  private final StopPlan plan;
  private final Path folder;
  private final Server server;
  private final CountDownLatch over = new CountDownLatch(1);
  private final List<Caller> callers = new ArrayList<>();
  private final List<Other<Caller.Heard>> hearing = new ArrayList<>();
  private final Map<Integer, Answerer> answerers = new ConcurrentHashMap<>();
  private final List<Other<Void>> workers = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private boolean isLate;
  private volatile Thread player;

  StopRun(StopPlan plan, Path folder) {
    this.plan = plan;
    this.folder = folder;
    server = Server.of(plan, this::answerer, folder);
  }

  private Dispatcher answerer(AsyncSocket socket, SocketMap map) {
    return new Answerer(plan, socket, map, this::asked);
  }

  private void asked(Answerer answerer) {
    answerers.put(answerer.number(), answerer);
    if (!plan.visits().get(answerer.number()).isSentByWorker()) return;
    Other<Void> worker =
        Other.thread(
            "worker",
            () -> {
              answerer.work();
              return null;
            });
    synchronized (workers) {
      workers.add(worker);
    }
  }

  /** What was wrong; nothing, if all is as it should be. */
  List<String> play() throws Exception {
    player = Thread.currentThread();
    SocketAddress address = server.start();
    try {
      for (int i = 0; i < plan.visits().size(); i++) call(i, address);
      LockSupport.parkNanos(plan.instantMicros() * 1000L);
      end();
      over.countDown();
      synchronized (workers) {
        for (Other<Void> worker : workers) worker.result();
      }
      for (int i = 0; i < callers.size(); i++) judge(i, hearing.get(i).result());
    } catch (Throwable failed) {
      wrong.add(failed + at(failed));
    } finally {
      over.countDown();
      for (Caller caller : callers) caller.close();
    }
    return wrong;
  }

  /** The last places of ours that it came by. */
  private static String at(Throwable thrown) {
    return at(thrown.getStackTrace());
  }

  /** Where it is now, while it is played. */
  String where() {
    return player == null ? "not begun" : at(player.getStackTrace());
  }

  private static String at(StackTraceElement[] frames) {
    return Stream.of(frames)
        .filter(frame -> frame.getClassName().startsWith("org.asyncore"))
        .limit(MOST_FRAMES)
        .map(frame -> " < " + frame.getFileName() + ":" + frame.getLineNumber())
        .collect(Collectors.joining());
  }

  private void call(int number, SocketAddress address) throws Exception {
    Caller caller = new Caller(plan, number, address, over);
    callers.add(caller);
    hearing.add(Other.thread("peer " + number, caller));
  }

  private void end() throws Exception {
    Starvation caller = Starvation.ofThisThread();
    long starved = server.starvedNanos(caller);
    long start = System.nanoTime();
    server.stop();
    long took = 0;
    while (!server.hasEnded()) {
      took = System.nanoTime() - start - (server.starvedNanos(caller) - starved);
      if (took > LIMIT_NANOS) throw new AssertionError("no end after " + took + " ns");
    }
    server.tidyUp();
    long most = server.mostMillis() * 1_000_000L;
    isLate = took > most + SLACK_NANOS;
  }

  /** All that was taken has come, or the peer knows that it has not; never more than was taken. */
  private void judge(int number, Caller.Heard heard) {
    Answerer answerer = answerers.get(number);
    int taken = answerer == null ? 0 : answerer.taken();
    boolean isWhole = heard.byteCount() == taken;
    boolean isKnown = heard.byteCount() < taken && !heard.isOrdinary();
    if (isWhole || isKnown || (plan.isUnix() && heard.byteCount() < taken)) return;
    wrong.add("peer " + number + ": send took " + taken + ", " + heard);
  }

  /** Whether the end took longer than it may, which has to be played again to be sure. */
  boolean isLate() {
    return isLate;
  }

  StopRun again() {
    return new StopRun(plan, folder);
  }

  @Override
  public String toString() {
    return plan.toString();
  }
}
