package org.asyncore.netty.pipeline;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.util.AttributeKey;
import java.util.EnumSet;
import java.util.Set;
import org.asyncore.netty.socket.Reopening;

/**
 * The one of this library that sets a channel's auto-read: a set of reasons not to read. While
 * there is one, nothing is read, whoever sets auto-read: traffic shapers and proxies do that, too.
 * Their own pauses stay theirs.
 *
 * <pre>
 * first reason            auto-read is switched off, if it is on
 * auto-read set by others it asks the channel to read: the dispatcher's handler swallows that, and
 *                         switches auto-read off again
 * bytes come even so      a handler in front reads by itself: this one is put in front of it
 * last reason goes        auto-read is switched on, unless others had switched it off before
 * </pre>
 *
 * <p>Confined to the channel's event loop.
 */
public final class AutoRead extends ChannelOutboundHandlerAdapter implements Reopening.StaysBehind {
  /** Why a channel is not to be read. */
  public enum Reason {
    /** The dispatcher does not want to receive. */
    UNWANTED,
    /** So much waits for {@code recv} that no more may. */
    FULL,
    /** A handler in front has so much that it cannot hand on. */
    HELD
  }

  private static final String NAME = "asyncore auto-read";
  private static final AttributeKey<AutoRead> KEY = AttributeKey.valueOf(AutoRead.class, "owner");

  private final Channel channel;
  private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);

  /** Whether auto-read is on but for our reasons. */
  private boolean isOnElse;

  /** The connection is being closed: what comes is dropped, and nothing waits. */
  private boolean closing;

  private boolean isInFront;

  /** There is nothing to read any more, and whoever asks is not heard. */
  private boolean ended;

  private AutoRead(Channel channel) {
    this.channel = channel;
  }

  /** The owner of this channel's auto-read. */
  public static AutoRead of(Channel channel) {
    AutoRead known = channel.attr(KEY).get();
    if (known != null) return known;
    AutoRead made = new AutoRead(channel);
    channel.attr(KEY).set(made);
    return made;
  }

  /** Whether there is a reason not to read. */
  public boolean isPaused() {
    return !reasons.isEmpty();
  }

  public boolean isClosing() {
    return closing;
  }

  /** Whether the channel is read, as far as anybody has a say in it. */
  boolean isOn() {
    return channel.config().isAutoRead();
  }

  /** Gives a reason, or takes it back. */
  public void pause(Reason reason, boolean pause) {
    if (closing) return;
    boolean wasPaused = isPaused();
    if (!(pause ? reasons.add(reason) : reasons.remove(reason))) return;
    if (!wasPaused) {
      isOnElse = isOn();
      if (isOnElse) channel.config().setAutoRead(false);
    } else if (!isPaused() && isOnElse) {
      channel.config().setAutoRead(true);
    }
  }

  /** The channel is ours now, whatever those before have made of it. */
  public void takeOver() {
    closing = false;
    reasons.clear();
    if (!isOn()) channel.config().setAutoRead(true);
  }

  /** From now on it is read to be dropped: an end has to be seen, or a handshake to be done. */
  public void close() {
    closing = true;
    reasons.clear();
    channel.config().setAutoRead(true);
  }

  /** The channel is somebody else's now; Netty takes no handler back, so its next owner is new. */
  public void release() {
    if (isInFront && !channel.pipeline().context(this).isRemoved()) channel.pipeline().remove(this);
    channel.attr(KEY).set(null);
    channel.config().setAutoRead(true);
  }

  /**
   * Somebody wants the channel to be read now.
   *
   * @return whether it may be; else who wants it is heard when there is no reason any more
   */
  boolean mayRead() {
    ChannelConfig config = channel.config();
    if (!isPaused()) return true;
    if (!config.isAutoRead()) return false;
    isOnElse = true;
    config.setAutoRead(false);
    return false;
  }

  /** Bytes came though there is a reason: whoever asked for them is not behind us. */
  public void breached() {
    if (isInFront || closing || !channel.isOpen()) return;
    putInFront();
    mayRead();
  }

  private void putInFront() {
    isInFront = true;
    channel.pipeline().addFirst(NAME, this);
  }

  /**
   * The peer's stream has ended: epoll watches for nothing any more, and a loop of somebody else
   * may fail to begin again. So a handler in front that goes on asking for bytes, as TLS does, is
   * not heard.
   */
  void ended() {
    if (ended || !channel.isOpen()) return;
    ended = true;
    if (!isInFront) putInFront();
  }

  @Override
  public void read(ChannelHandlerContext context) {
    if (!ended && mayRead()) context.read();
  }
}
