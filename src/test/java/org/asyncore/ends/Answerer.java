package org.asyncore.ends;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.faults.Pattern;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.OsException;

/**
 * Reads the number of a peer, and sends it an answer of the length that its {@link StopPlan.Visit}
 * says; counts what {@code send} takes.
 */
final class Answerer extends Dispatcher {
  static final int QUESTION_BYTES = 4;
  private static final int PIECE = 65_536;
  private static final long PAUSE_NANOS = 100_000;

  private final StopPlan plan;
  private final Consumer<Answerer> asked;
  private final ByteBuffer question = ByteBuffer.allocate(QUESTION_BYTES);

  /** What it is asked for; null before. */
  private StopPlan.Visit visit;

  private int number = -1;
  private Pattern answer;
  private volatile int taken;
  private volatile boolean isOver;
  private boolean hasHeardAll;
  private boolean closesWhenSent;

  /**
   * @param asked hears of it once it knows who asks
   */
  Answerer(StopPlan plan, AsyncSocket socket, SocketMap map, Consumer<Answerer> asked) {
    super(socket, map);
    this.plan = plan;
    this.asked = asked;
  }

  /** Which peer it answers. */
  int number() {
    return number;
  }

  /** How many bytes of the answer were taken. */
  int taken() {
    return taken;
  }

  static Pattern answer(StopPlan plan, int number) {
    return new Pattern(plan.seed() * 7 + number);
  }

  @Override
  public boolean readable() {
    return !hasHeardAll;
  }

  @Override
  public boolean writable() {
    return visit != null && !visit.isSentByWorker() && !hasSentAll();
  }

  private boolean hasSentAll() {
    return taken == visit.answerBytes();
  }

  @Override
  public void handleRead() {
    int left = question.remaining();
    byte[] came = recv(Math.max(1, left));
    if (came.length == 0 || left == 0) return;
    question.put(came);
    if (question.hasRemaining()) return;
    number = question.getInt(0);
    visit = plan.visits().get(number);
    answer = answer(plan, number);
    asked.accept(this);
    if (!visit.isSentByWorker()) speak();
  }

  @Override
  public void handleWrite() {
    if (visit != null && !visit.isSentByWorker()) speak();
  }

  private void speak() {
    if (!hasSentAll()) sendSome();
    if (hasSentAll() && (closesWhenSent || hasHeardAll)) close();
  }

  /** Whether anything was taken. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // One thread sends.
  private boolean sendSome() {
    int sent = send(answer.bytes(taken, Math.min(PIECE, visit.answerBytes() - taken)));
    taken += sent;
    return sent > 0;
  }

  /** What another thread does: sends, as long as it can and somebody hears. */
  void work() {
    while (!isOver && !hasSentAll()) {
      try {
        if (!sendSome()) LockSupport.parkNanos(PAUSE_NANOS);
      } catch (OsException | IllegalStateException closed) {
        return; // The loop was faster.
      }
      if (socket() == null || socket().fileno() < 0) return;
    }
  }

  @Override
  public void handleClose() {
    hasHeardAll = true;
    if (visit == null || !visit.halfCloses() || hasSentAll()) close();
  }

  @Override
  public void close() {
    isOver = true;
    super.close();
  }

  @Override
  public void handleStop() {
    StopPlan.Farewell farewell = visit == null ? StopPlan.Farewell.CLOSES : visit.farewell();
    switch (farewell) {
      case CLOSES -> close();
      case FINISHES -> {
        closesWhenSent = true;
        if (visit.isSentByWorker() || hasSentAll()) close();
      }
      case STAYS -> {
        // Until it is closed.
      }
    }
  }

  @Override
  public void handleError(Throwable thrown) {
    close(); // A reset, or the end of TLS: its peer was told, or is gone.
  }
}
