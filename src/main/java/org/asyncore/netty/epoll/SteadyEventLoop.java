package org.asyncore.netty.epoll;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.AbstractEpollStreamChannel;
import io.netty.util.concurrent.AbstractEventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.asyncore.netty.loop.ChannelEventLoop;
import org.asyncore.netty.loop.TurnEventLoop;

/**
 * An epoll event loop of somebody else, with a {@link org.asyncore.netty.loop.Gate} before what
 * registers through it: where a channel wants nothing, epoll is asked for something that never
 * comes.
 *
 * <p>Netty 4.2.18 deletes a registration of no events, forgets that it did, and the next change
 * fails with ENOENT, which closes the channel, with all that it had to send. A channel comes there
 * when its peer has ended its stream and all is sent: it then watches for nothing, until the kernel
 * is full again. So a hosted channel registers anew, through this, as its input ends.
 *
 * <p>Everything else is the loop's own. As safe as that.
 */
final class SteadyEventLoop extends AbstractEventExecutor implements ChannelEventLoop {
  private final IoEventLoop real;

  private SteadyEventLoop(IoEventLoop real) {
    super(real.parent());
    this.real = real;
  }

  /**
   * Has a channel keep its registration from now on, unless its loop sees to that. On its event
   * loop.
   *
   * @param then runs when that is so, or the channel is closed
   * @return whether that is yet to come
   */
  static boolean steadies(Channel channel, Runnable then) {
    if (!(channel instanceof AbstractEpollStreamChannel) || !channel.isActive()) return false;
    if (!(channel.eventLoop() instanceof IoEventLoop loop) || !channel.isRegistered()) return false;
    if (loop instanceof TurnEventLoop || loop instanceof SteadyEventLoop) return false;
    SteadyEventLoop steady = new SteadyEventLoop(loop);
    channel.deregister().addListener(left -> back(channel, steady, then));
    return true;
  }

  private static void back(Channel channel, SteadyEventLoop steady, Runnable then) {
    if (!channel.isOpen()) {
      then.run();
      return;
    }
    ChannelPromise registered = channel.newPromise();
    registered.addListener(
        done -> {
          channel.unsafe().flush(); // What had asked for room has to ask anew.
          then.run();
        });
    channel.unsafe().register(steady, registered);
  }

  // --- registering ---

  @Override
  public Future<IoRegistration> register(IoHandle handle) {
    EpollGate gate = new EpollGate(null, handle);
    Promise<IoRegistration> promise = real.newPromise();
    real.register(gate)
        .addListener(
            (Future<IoRegistration> done) -> {
              if (!done.isSuccess()) {
                promise.setFailure(done.cause());
                return;
              }
              gate.real(done.getNow());
              promise.setSuccess(gate);
            });
    return promise;
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> handleType) {
    return real.isCompatible(handleType);
  }

  @Override
  public boolean isIoType(Class<? extends IoHandler> handlerType) {
    return real.isIoType(handlerType);
  }

  // --- the loop's own ---

  @Override
  public IoEventLoop next() {
    return this;
  }

  @Override
  public IoEventLoopGroup parent() {
    return (IoEventLoopGroup) real.parent();
  }

  @Override
  public boolean inEventLoop(Thread thread) {
    return real.inEventLoop(thread);
  }

  @Override
  public void execute(Runnable task) {
    real.execute(task);
  }

  @Override
  public Ticker ticker() {
    return real.ticker();
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    return real.schedule(task, delay, unit);
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
    return real.schedule(task, delay, unit);
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable task, long delay, long period, TimeUnit unit) {
    return real.scheduleAtFixedRate(task, delay, period, unit);
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable task, long delay, long pause, TimeUnit unit) {
    return real.scheduleWithFixedDelay(task, delay, pause, unit);
  }

  @Override
  public boolean isShuttingDown() {
    return real.isShuttingDown();
  }

  @Override
  public boolean isShutdown() {
    return real.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return real.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return real.awaitTermination(timeout, unit);
  }

  @Override
  public Future<?> terminationFuture() {
    return real.terminationFuture();
  }

  @Override
  public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
    return real.shutdownGracefully(quietPeriod, timeout, unit);
  }

  @Override
  @Deprecated
  public void shutdown() {
    real.shutdown();
  }
}
