package org.asyncore.netty.loop;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * An event loop, and a group of one, that runs on whichever thread holds its turn: Netty's channels
 * and ours register with it, and their I/O is run by a pass.
 */
public final class TurnEventLoop extends TurnExecutor implements ChannelEventLoop {
  private static final long NO_DEADLINE = -1;

  /** How many shares of tasks a loop runs at most as it is closed: a second's, or 800,000. */
  private static final int MOST_LAST_SHARES = 100;

  /** The same time, taken twice by way of two clocks, may differ by so much. */
  private static final long CLOCKS_APART_NANOS = 1000;

  private final IoHandler handler;
  private final Wait wait = new Wait();
  private final LoopBuffers buffers = new LoopBuffers();
  private final InterruptibleWait interruptibleWait;
  private final Promise<Void> terminated = GlobalEventExecutor.INSTANCE.newPromise();
  private volatile boolean closed;

  /** What the next pass is to call, before its dispatchers. */
  private final Queue<Runnable> posted = new ArrayDeque<>(0);

  /** Whose pass began last: the sockets' gates follow what it registered. */
  private Until passing;

  /** Whether a pass that waits has to end its wait, to ask again. */
  private volatile boolean woken;

  private volatile boolean awaitsChannels;
  private boolean wasBusy;

  public TurnEventLoop(GatedIoHandler.Factory factory) {
    handler = factory.newHandler(this);
    handler.initialize();
    interruptibleWait = new InterruptibleWait(handler::wakeup);
  }

  public GatedIoHandler handler() {
    return (GatedIoHandler) handler;
  }

  public LoopBuffers buffers() {
    return buffers;
  }

  // --- input and output, for the holder of the turn ---

  /**
   * Runs I/O once without waiting, or until {@code until} has something or the time is over.
   *
   * @param waitNanos 0 does not wait, {@link Long#MAX_VALUE} has no end
   */
  public void runIo(long waitNanos, Until until) throws InterruptedException {
    if (Thread.interrupted()) throw new InterruptedException();
    if (waitNanos == 0 || until.reached()) {
      look(until);
      runTasks();
      if (isDemanded()) stepAside();
      return;
    }
    long deadline = deadlineAfter(waitNanos);
    long spinNanos = until.spinNanos();
    long start = spinNanos == 0 ? 0 : ticker().nanoTime();
    do {
      if (spinNanos > 0 && ticker().nanoTime() - start < spinNanos) {
        look(until);
      } else {
        spinNanos = 0;
        block(deadline, until);
      }
      runTasks();
      if (Thread.interrupted()) throw new InterruptedException();
      if (isDemanded()) stepAside();
    } while (!until.reached() && (deadline == NO_DEADLINE || ticker().nanoTime() - deadline < 0));
  }

  private void look(Until until) {
    wait.begin(false, NO_DEADLINE, until);
    handler.run(wait);
    wait.end();
  }

  private void block(long deadline, Until until) {
    wait.begin(true, deadline, until);
    interruptibleWait.start();
    try {
      handler.run(wait);
    } finally {
      interruptibleWait.stop();
      wait.end();
    }
  }

  private long deadlineAfter(long waitNanos) {
    long now = ticker().nanoTime();
    return waitNanos >= Long.MAX_VALUE - now ? NO_DEADLINE : now + waitNanos;
  }

  /** What a run of I/O waits for. */
  public interface Until {
    boolean reached();

    /** How long to look again and again before the thread sleeps; 0 to sleep at once. */
    default long spinNanos() {
      return 0;
    }

    /** How long until it is reached by itself; {@link Long#MAX_VALUE} for never. */
    default long untilNanos() {
      return Long.MAX_VALUE;
    }
  }

  @Override
  public void wakeup() {
    handler.wakeup();
  }

  // --- what ends the wait of a pass beside its sockets ---

  /** A pass begins; says whether the pass before it was of the same pollster. */
  public boolean begin(Until pass) {
    woken = false;
    boolean stands = passing == pass;
    passing = pass;
    return stands;
  }

  /** Has a pass that waits ask again. From any thread. */
  public void wakePass() {
    woken = true;
    if (!inEventLoop()) wakeup();
  }

  /** Whether {@link #wakePass} was called since the pass began. */
  public boolean isWoken() {
    return woken;
  }

  /** Has the next pass call this, before its dispatchers. */
  public void post(Runnable call) {
    posted.add(call);
  }

  public int postedCount() {
    return posted.size();
  }

  /** The call that was posted first; null for none. */
  public Runnable takePosted() {
    return posted.poll();
  }

  /** Whether a loop goes on while native channels are open. From any thread. */
  public void awaitChannels(boolean await) {
    awaitsChannels = await;
  }

  /** Whether a native channel is open that is waited for. From any thread. */
  public boolean isBusy() {
    return awaitsChannels && handler().nativeCount() > 0;
  }

  /**
   * Whether a call was posted, or the last native channel has closed that is waited for, which is
   * said once.
   */
  public boolean endsWait() {
    return !posted.isEmpty() || channelsHaveEnded();
  }

  private boolean channelsHaveEnded() {
    boolean before = wasBusy;
    wasBusy = isBusy();
    return before && !wasBusy;
  }

  /** How long the I/O may block: what Netty's handlers ask while they run. */
  private final class Wait implements IoHandlerContext {
    private boolean mayBlock;
    private long deadline;
    private Until until;

    /** What a handler was told last, if it was in this run: it may wait by it. */
    private long told;

    private boolean hasTold;

    void begin(boolean mayBlock, long deadline, Until until) {
      this.mayBlock = mayBlock;
      this.deadline = deadline;
      this.until = until;
      hasTold = false;
    }

    /** Whoever was waited for leads to the transport, which nothing here may keep alive. */
    void end() {
      mayBlock = false;
      until = null;
    }

    @Override
    public boolean canBlock() {
      // An interrupt is seen here first: NIO's handler would clear the flag.
      return mayBlock
          && !hasTasks()
          && !isDemanded()
          && until.untilNanos() > 0 // As demands: whoever rings now wakes nobody.
          && !isTooLate()
          && !Thread.currentThread().isInterrupted();
    }

    /** Whether a call came for a time before the deadline that a handler was told. */
    private boolean isTooLate() {
      if (!hasTold) return false;
      long alarm = alarmNanos();
      if (alarm == NO_DEADLINE) return false;
      return told == NO_DEADLINE || told - alarm > CLOCKS_APART_NANOS;
    }

    @Override
    public long deadlineNanos() {
      told = sooner(sooner(nextScheduledTaskDeadlineNanos(), deadline), alarmNanos());
      hasTold = true;
      return told;
    }

    private long alarmNanos() {
      long untilNanos = mayBlock ? until.untilNanos() : Long.MAX_VALUE;
      return untilNanos == Long.MAX_VALUE ? NO_DEADLINE : deadlineAfter(untilNanos);
    }

    private static long sooner(long one, long other) {
      if (one == NO_DEADLINE) return other;
      return other == NO_DEADLINE ? one : Math.min(one, other);
    }

    @Override
    public long delayNanos(long currentTimeNanos) {
      // Netty passes System.nanoTime() here, which is not the time of its ticker.
      long end = deadlineNanos();
      return end == NO_DEADLINE ? Long.MAX_VALUE : Math.max(0, end - ticker().nanoTime());
    }
  }

  // --- channels ---

  @Override
  public IoEventLoop next() {
    return this;
  }

  @Override
  public IoEventLoopGroup parent() {
    return null;
  }

  @Override
  public Future<IoRegistration> register(IoHandle handle) {
    Promise<IoRegistration> promise = newPromise();
    if (inEventLoop()) register(handle, promise);
    else execute(() -> register(handle, promise));
    return promise;
  }

  private void register(IoHandle handle, Promise<IoRegistration> promise) {
    try {
      promise.setSuccess(handler.register(handle));
    } catch (Exception refused) {
      promise.setFailure(refused);
    }
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> handleType) {
    return handler.isCompatible(handleType);
  }

  @Override
  public boolean isIoType(Class<? extends IoHandler> handlerType) {
    return handlerType.isInstance(handler().real());
  }

  // --- the end ---

  /** Closes what is registered and the selector; for when nobody can loop any more. */
  public void close() {
    enter();
    try {
      if (closed) return;
      runLastTasks();
      handler.prepareToDestroy();
      runLastTasks();
      closed = true;
      cancelScheduledTasks();
      handler.destroy();
      buffers.release();
      terminated.trySuccess(null);
    } finally {
      exit();
    }
  }

  /** All there are, unless they beget others without an end. */
  private void runLastTasks() {
    for (int shares = 0; shares < MOST_LAST_SHARES && !runTasks(); shares++) {
      // Another share.
    }
  }

  /** Closes it at once or, while a callback runs on another thread, when that is over. */
  @Override
  @Deprecated
  @SuppressWarnings("InlineMeSuggester") // Netty's to replace.
  public void shutdown() {
    if (!enterUnlessCalling()) {
      execute(this::close);
      return;
    }
    try {
      close();
    } finally {
      exit();
    }
  }

  @Override
  public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
    shutdown();
    return terminated;
  }

  @Override
  public Future<?> terminationFuture() {
    return terminated;
  }

  @Override
  public boolean isShuttingDown() {
    return closed;
  }

  @Override
  public boolean isShutdown() {
    return closed;
  }

  @Override
  public boolean isTerminated() {
    return closed;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return terminated.await(timeout, unit);
  }
}
