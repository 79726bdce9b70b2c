package org.asyncore.limits;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.handler.timeout.WriteTimeoutHandler;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.asyncore.limits.TimedOutException.Kind;
import org.asyncore.netty.socket.ChannelConnection;
import org.asyncore.transport.Activity;

/** The timeouts of one connection. Confined to the thread that serves its dispatcher. */
final class Expiries implements ChannelConnection.Limits {
  private final Map<Kind, Expiry> expiries = new EnumMap<>(Kind.class);

  static Expiries of(Activity activity) {
    if (activity.limits() instanceof Expiries known) return known;
    Expiries first = new Expiries();
    activity.limits(first);
    return first;
  }

  void set(Kind kind, Expiry expiry) {
    Expiry before = expiries.put(kind, expiry);
    if (before != null) before.end();
    expiry.begin();
  }

  void clear() {
    closed();
    expiries.clear();
  }

  @Override
  public long lingerNanos() {
    return Math.min(leftNanos(Kind.IDLE), leftNanos(Kind.WRITE));
  }

  private long leftNanos(Kind kind) {
    Expiry expiry = expiries.get(kind);
    return expiry == null ? Long.MAX_VALUE : expiry.leftNanos();
  }

  @Override
  public void closed() {
    for (Expiry expiry : expiries.values()) expiry.end();
  }

  @Override
  public void migrated(ChannelHandlerContext place) {
    closed();
    long read = limitNanos(Kind.READ);
    long idle = limitNanos(Kind.IDLE);
    long write = limitNanos(Kind.WRITE);
    if (write > 0) add(place, new WriteTimeoutHandler(write, TimeUnit.NANOSECONDS));
    if (read + idle == 0) return;
    add(place, new IdleStateHandler(true, read, 0, idle, TimeUnit.NANOSECONDS));
  }

  /** 0 for none, as Netty has it. */
  private long limitNanos(Kind kind) {
    Expiry expiry = expiries.get(kind);
    return expiry == null ? 0 : expiry.limitNanos();
  }

  private static void add(ChannelHandlerContext place, ChannelHandler handler) {
    if (place.isRemoved()) place.pipeline().addFirst(handler);
    else place.pipeline().addBefore(place.name(), null, handler);
  }
}
