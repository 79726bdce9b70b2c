package org.asyncore.netty;

import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.asyncore.internal.LoopPollster;
import org.asyncore.internal.LoopTransport;
import org.asyncore.netty.epoll.EpollForeignLoops;
import org.asyncore.netty.kernel.ForeignLoops;
import org.asyncore.netty.nio.NioKernel;
import org.asyncore.netty.pipeline.HostedDriver;
import org.asyncore.netty.pipeline.PipelineSocket;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.asyncore.transport.SocketType;

/**
 * The transport of a map whose dispatchers live in pipelines of someone else's event loops: they
 * are called when their channels have news, so nobody loops, and no socket is made here.
 *
 * <p>Its sockets have numbers that no descriptor has, from 1 &lt;&lt; 30 on. Safe from any thread.
 */
public final class HostedTransport implements LoopTransport {
  private static final ForeignLoops FOREIGN_LOOPS = new EpollForeignLoops(new NioKernel());

  public HostedTransport() {
    NettyRelease.check();
  }

  @Override
  public String name() {
    return "hosted";
  }

  /** What the event loops of others need of us. */
  public ForeignLoops foreignLoops() {
    return FOREIGN_LOOPS;
  }

  @Override
  public AsyncSocket socket(Family family, SocketType type) {
    throw new UnsupportedOperationException(
        "createSocket() in a hosted map: a bootstrap makes its channels"
            + " (docs/differences.md#hosted-in-a-pipeline)");
  }

  @Override
  public LoopPollster pollster() {
    throw new IllegalStateException(
        "loop() over a hosted map: its event loops call its dispatchers"
            + " (docs/differences.md#hosted-in-a-pipeline)");
  }

  @Override
  public void interestChanged(AsyncSocket socket) {
    driver(socket).interestChanged();
  }

  @Override
  public boolean hasPasses() {
    return false;
  }

  @Override
  public boolean isServedElsewhere(AsyncSocket socket) {
    return !driver(socket).mayCall();
  }

  @Override
  public long nanoTime(AsyncSocket socket) {
    return driver(socket).nanoTime();
  }

  @Override
  public Future<?> schedule(
      AsyncSocket socket, BooleanSupplier isDue, Runnable call, long delayNanos) {
    return driver(socket).schedule(isDue, call, delayNanos);
  }

  private static HostedDriver driver(AsyncSocket socket) {
    return (HostedDriver) ((PipelineSocket) socket).driver();
  }
}
