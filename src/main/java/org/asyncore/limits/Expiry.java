package org.asyncore.limits;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.asyncore.Dispatcher;
import org.asyncore.limits.TimedOutException.Kind;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.migrate.DispatcherEvent;
import org.asyncore.migrate.DispatcherHandler;
import org.asyncore.transport.AsyncSocket;

/**
 * What happens when a timeout of a dispatcher strikes. Confined to the event loop of its
 * connection.
 */
final class Expiry {
  private final Dispatcher dispatcher;
  private final Kind kind;
  private final Duration limit;
  private final Consumer<? super TimedOutException> action;

  /** The dispatcher is to be told already. */
  private boolean telling;

  Expiry(
      Dispatcher dispatcher,
      Kind kind,
      Duration limit,
      Consumer<? super TimedOutException> action) {
    this.dispatcher = dispatcher;
    this.kind = kind;
    this.limit = limit;
    this.action = action;
  }

  Kind kind() {
    return kind;
  }

  long nanos() {
    return limit.toNanos();
  }

  /**
   * Has the dispatcher told, if it is still there.
   *
   * @param own the dispatcher's own place in the pipeline
   * @param isStillDue asked when its turn has come: the same pass may have brought what was missed
   * @return false if the connection has migrated to somebody else
   */
  boolean strike(Channel channel, ChannelHandlerContext own, BooleanSupplier isStillDue) {
    if (isDispatchersOwn(channel)) {
      tell(channel, isStillDue);
      return true;
    }
    if (own.isRemoved()) return false;
    channel.pipeline().firstContext().close(); // Past handlers that would send something first.
    return true;
  }

  /** As {@link #strike}, for a dispatcher that may be gone. */
  void tell(Channel channel, BooleanSupplier isStillDue) {
    if (telling || !isDispatchersOwn(channel)) return;
    telling = true;
    DispatcherChannels.tell(
        dispatcher,
        new DispatcherEvent() {
          @Override
          public void tell(Dispatcher told) {
            telling = false;
            if (isDispatchersOwn(channel) && isStillDue.getAsBoolean()) {
              action.accept(new TimedOutException(kind, limit));
            }
          }

          @Override
          public void missed() {
            telling = false; // Whoever is out of its map just now hears of the next one.
          }
        });
  }

  boolean isConnecting() {
    return dispatcher.connecting();
  }

  private boolean isDispatchersOwn(Channel channel) {
    AsyncSocket socket = dispatcher.socket();
    return socket != null && socket.fileno() >= 0 && DispatcherChannels.channel(socket) == channel;
  }

  static ChannelHandlerContext ownContext(ChannelPipeline pipeline) {
    ChannelHandlerContext looped = pipeline.context(DispatcherChannels.DISPATCHER);
    return looped != null ? looped : pipeline.context(DispatcherHandler.class);
  }
}
