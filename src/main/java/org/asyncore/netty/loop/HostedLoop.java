package org.asyncore.netty.loop;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The channels of hosted dispatchers on one event loop of somebody else, which closes those that
 * the loop leaves open as it ends: Netty's, ended without a quiet period, may run its last tasks
 * without another look at its channels, and then nobody can close them any more.
 *
 * <p>Confined to the event loop's thread.
 */
public final class HostedLoop {
  private static final FastThreadLocal<HostedLoop> OF_THREAD =
      new FastThreadLocal<>() {
        @Override
        protected void onRemoval(HostedLoop ended) {
          ended.close(); // A loop that always had a task left runs no hooks.
        }
      };

  private final Set<Channel> open = new LinkedHashSet<>();

  private HostedLoop() {}

  /** Has a channel closed when its loop ends, at the latest. */
  public static void add(Channel channel) {
    EventLoop loop = channel.eventLoop();
    if (!(loop instanceof SingleThreadEventExecutor executor)) return;
    if (loop.inEventLoop()) ofThread(executor).keep(channel);
    else loop.execute(() -> ofThread(executor).keep(channel));
  }

  private static HostedLoop ofThread(SingleThreadEventExecutor executor) {
    HostedLoop known = OF_THREAD.getIfExists();
    if (known != null) return known;
    HostedLoop made = new HostedLoop();
    OF_THREAD.set(made);
    executor.addShutdownHook(made::close);
    return made;
  }

  private void keep(Channel channel) {
    open.add(channel);
    channel.closeFuture().addListener(closed -> open.remove(channel));
  }

  private void close() {
    for (Channel each : List.copyOf(open)) close(each);
  }

  /** Past its handlers, which the loop serves no more. */
  public static void close(Channel channel) {
    if (channel.isOpen()) channel.unsafe().close(channel.unsafe().voidPromise());
  }
}
