package org.asyncore.netty.pipeline;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.EventExecutor;
import java.net.SocketAddress;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.asyncore.netty.kernel.Addresses;
import org.asyncore.netty.kernel.DescriptorNumbers;
import org.asyncore.netty.kernel.ForeignLoops;
import org.asyncore.netty.kernel.Kernel;
import org.asyncore.netty.loop.HostedLoop;
import org.asyncore.netty.loop.LoopBuffers;
import org.asyncore.netty.loop.TurnEventLoop;
import org.asyncore.netty.socket.HeldSends;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Transport;

/**
 * Serves a dispatcher that is hosted in a pipeline of the program's own: what happens requests a
 * dispatch, which a task of the executor makes later. So no callback ever runs inside a call of the
 * program, whichever handler, timer, promise or other dispatcher makes that call.
 *
 * <pre>
 * state       event                          next
 * QUIET       a request                      SCHEDULED   (a task is given to the executor)
 * SCHEDULED   the task runs                  QUIET       (if the dispatch leaves nothing to do)
 * SCHEDULED   a request                      SCHEDULED   (the same task sees to it)
 * </pre>
 *
 * <p>Confined to the executor of its handler's context, to which calls of other threads are handed.
 * {@link #interestChanged}, {@link #schedule} and closing are for any thread, also when the
 * executor has ended.
 */
public abstract class HostedDriver implements PipelineDriver {
  private final Transport transport;
  private final ForeignLoops loops;
  private final EventExecutor executor;
  private final PipelineSocket socket;
  private final PipelineEnd end;

  /** One object for all requests. */
  private final Runnable task = this::run;

  private boolean scheduled;

  /** How many calls of the program are under way, one inside the other. */
  private int callDepth;

  /** How many there were. */
  private int dispatches;

  /** Who makes the dispatch under way; null if there is none. Others see no more than old news. */
  private Thread dispatching;

  /** What is sent in the dispatch under way, at whose end it is flushed; null if there is none. */
  private HeldSends held;

  /** Something has changed since the dispatch under way looked. */
  private boolean requested;

  /** A socket at a handler's place in its pipeline, whose channel it owns from now on. */
  protected HostedDriver(Transport transport, ForeignLoops loops, ChannelHandlerContext context) {
    this.transport = transport;
    this.loops = loops;
    executor = context.executor();
    socket = new PipelineSocket(this, DescriptorNumbers.deal(), null);
    socket.take(context);
    end = new PipelineEnd(socket);
    HostedReads.installIn(context.channel(), socket.stream().in, loops);
    socket.stream().adopt();
    HostedLoop.add(context.channel());
  }

  public final PipelineSocket socket() {
    return socket;
  }

  /** Records what the pipeline reports. */
  public final PipelineEnd end() {
    return end;
  }

  // --- requests ---

  /** Asks and calls the dispatcher, as far as there is anything to call it for. */
  protected abstract void dispatch();

  /** Has it dispatched, soon. */
  protected final void request() {
    requested = true;
    if (scheduled) return;
    scheduled = true;
    if (!hand(task)) scheduled = false;
  }

  /** Whether something was requested since this was asked last. */
  protected final boolean takeRequest() {
    boolean was = requested;
    requested = false;
    return was;
  }

  /** Whether a dispatch is to come. */
  protected final boolean isRequested() {
    return scheduled;
  }

  private void run() {
    if (callDepth > 0) { // An executor that runs tasks inside of calls, as that of EmbeddedChannel.
      scheduled = false;
      return;
    }
    requested = false;
    dispatches++;
    HeldSends sends = HeldSends.ofThread();
    held = sends;
    dispatching = Thread.currentThread();
    try {
      dispatch();
    } finally {
      dispatching = null;
      held = null;
      scheduled = false;
      sends.flushAll();
      flushed();
      if (requested && !socket.isClosed()) request();
      if (executor.isShuttingDown()) endWithLoop();
    }
  }

  /**
   * An event loop that ends without a quiet period closes its channels, and then runs what tasks
   * there are, without another look: what these have opened or begun would never be closed.
   */
  private void endWithLoop() {
    HostedLoop.close(socket.channel());
  }

  /** Flushes what was sent, and sees to it that the channel is read if somebody wants that. */
  private void flushed() {
    if (socket.isClosed()) return;
    PipelineStream stream = socket.stream();
    if (stream.in.hasBytes()) stream.in.returnLent();
    stream.out.flush();
    stream.updateReading();
  }

  /** Gives the executor something to do; false if it has ended, and takes nothing any more. */
  private boolean hand(Runnable work) {
    try {
      executor.execute(work);
      return true;
    } catch (RejectedExecutionException ended) {
      return false;
    }
  }

  /** What the dispatcher wants may be another thing now. From any thread. */
  public final void interestChanged() {
    hand(this::writable); // Nobody is asked any more when the executor has ended.
  }

  /** What time it is for its dispatcher. From any thread. */
  public final long nanoTime() {
    return executor.ticker().nanoTime();
  }

  /** Has a dispatch make a call later. From any thread; cancelled at once if nobody will. */
  public final Future<?> schedule(BooleanSupplier isDue, Runnable call, long delayNanos) {
    Runnable timer =
        () -> {
          if (isDue.getAsBoolean()) due(call);
        };
    try {
      return executor.schedule(timer, delayNanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException ended) {
      return CompletableFuture.failedFuture(new CancellationException("the event loop has ended"));
    }
  }

  /** Whether each send is to leave by itself. */
  protected abstract boolean sendsAtOnce();

  /** The time of a scheduled call has come. */
  protected abstract void due(Runnable call);

  /** Whether the dispatcher wants to receive, from the end of this dispatch on. */
  protected final void wanted(boolean wanted) {
    socket.stream().wanted(wanted);
  }

  /** The channel has closed, and has not said so. */
  protected final void gone() {
    socket.stream().closedBelow();
    changed();
  }

  /** Leaves the channel open, to whoever comes next; what nobody asked for is theirs. */
  protected final void detach() {
    if (socket.isClosed()) return;
    socket.giveChannelAway();
    socket.stream().handOn();
  }

  // --- the socket's calls ---

  @Override
  public final Transport transport() {
    return transport;
  }

  /** When it has ended, there is no event loop that a call could meet. */
  @Override
  public final boolean mayCall() {
    return Thread.currentThread() == dispatching
        || executor.inEventLoop()
        || executor.isTerminated();
  }

  @Override
  public final void enter(String call) {
    if (mayCall()) {
      callDepth++;
      return;
    }
    throw new IllegalStateException(
        call
            + "() on "
            + Thread.currentThread().getName()
            + ": a hosted socket is confined to the event loop of its channel"
            + " (docs/differences.md#hosted-in-a-pipeline)");
  }

  /** Whoever is not on the event loop does not know whether that is in a callback. */
  @Override
  public final boolean enterUnlessCalling(String call) {
    if (!mayCall()) return false;
    callDepth++;
    return true;
  }

  @Override
  public final boolean handOver(Runnable call) {
    return hand(call);
  }

  @Override
  public final void exit() {
    if (--callDepth == 0 && requested && !scheduled) request();
  }

  /** Closes at once where that can be; else on the executor, or when that has ended. */
  @Override
  public final void close(Runnable closing) {
    if (mayCall()) closing.run();
    else if (!hand(closing)) executor.terminationFuture().addListener(ended -> closing.run());
  }

  @Override
  public final void sent() {
    PipelineOutput out = socket.stream().out;
    if (held != null && !sendsAtOnce()) out.sent(dispatches, held, false);
    else out.flush();
  }

  @Override
  public final void used() {
    request();
  }

  @Override
  public final LoopBuffers buffers() {
    return LoopBuffers.ofThread();
  }

  @Override
  public final Kernel past(Channel channel) {
    return loops.past(channel);
  }

  @Override
  public final boolean completesLater(Channel channel) {
    return loops.completesLater(channel);
  }

  @Override
  public final boolean forgetsEnded() {
    Channel channel = socket.channel();
    return loops.forgetsEnded(channel)
        && channel.isRegistered()
        && !(channel.eventLoop() instanceof TurnEventLoop); // Whose gates keep it.
  }

  @Override
  public final boolean keepsRegistration(Runnable then) {
    return loops.keepsRegistration(socket.channel(), then);
  }

  // --- news ---

  @Override
  public void changed() {
    request(); // Not of what: the dispatch looks.
  }

  // --- names, numbers, and the end ---

  @Override
  public final SocketAddress localAddress() {
    SocketAddress address = socket.channel().localAddress();
    return address == null ? null : Addresses.fromNetty(address);
  }

  @Override
  public final SocketAddress remoteAddress() {
    Channel channel = socket.channel();
    return channel.remoteAddress() == null ? null : Addresses.peerOf(channel, socket.family());
  }

  @Override
  public final void returnNumber(int number) {
    DescriptorNumbers.takeBack(number);
  }

  @Override
  public final void connects() {
    // If it fails, that is the end.
  }

  @Override
  public final void needLoop(String call) {
    throw new OsException(
        Errno.EOPNOTSUPP,
        call
            + "() on a hosted socket: its bootstrap does that"
            + " (docs/differences.md#hosted-in-a-pipeline)");
  }

  @Override
  public final boolean reopen() {
    return false; // Its channel was the bootstrap's to make.
  }

  @Override
  public final void closed() {
    // The event loop goes on, and sends what is left.
  }
}
