package org.asyncore.migrate;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.PendingWriteQueue;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Behind an {@link SslHandler}: takes it away again when both sides have sent close_notify. Behind
 * one that comes when the client's hello has chosen it (SNI): lets nothing out before it is there.
 *
 * <pre>
 * NAMELESS   the client's hello has chosen               SECURE: what has waited goes out
 * NAMELESS   nobody was chosen, or the channel closes    FAILED: writes fail
 * SECURE     stop                                        what is written from now on waits
 * STOPPING   all written before is in the kernel         close_notify goes out
 * STOPPING   and the peer's close_notify has come        the handlers of TLS go, what waits goes
 *                                                        out, SslCloseCompletionEvent is fired
 * STOPPING   the peer's has not come in time             FAILED: exceptionCaught; writes fail
 * STOPPING   the peer's stream ends, or the channel      FAILED
 * </pre>
 *
 * <p>Owns what waits. Confined to the channel's event loop.
 */
final class TlsLink extends ChannelDuplexHandler {
  private enum State {
    NAMELESS,
    SECURE,
    STOPPING,
    PLAIN,
    FAILED
  }

  private State state;

  @SuppressWarnings("NullAway.Init") // There from handlerAdded on.
  private ChannelHandlerContext context;

  /** From stop on. */
  @SuppressWarnings("NullAway.Init")
  private SslHandler tls;

  /** While something has to wait: in the states NAMELESS and STOPPING. */
  @SuppressWarnings("NullAway.Init")
  private PendingWriteQueue waiting;

  /** Ends the wait for the peer's close_notify; null before ours is out. */
  private @Nullable Future<?> limit;

  /**
   * @param isNameless whether the {@link SslHandler} is still to be chosen
   */
  TlsLink(boolean isNameless) {
    state = isNameless ? State.NAMELESS : State.SECURE;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    this.context = context;
    if (state == State.NAMELESS) waiting = new PendingWriteQueue(context);
  }

  private void named(SniCompletionEvent event) {
    if (state != State.NAMELESS) return;
    if (context.pipeline().get(SslHandler.class) == null) {
      failNameless(event.cause());
      return;
    }
    state = State.SECURE;
    waiting.removeAndWriteAll();
    context.flush();
  }

  private void failNameless(@Nullable Throwable cause) {
    if (state != State.NAMELESS) return;
    state = State.FAILED;
    waiting.removeAndFailAll(new SSLException("the client has chosen no name for TLS", cause));
  }

  /** Begins to stop; refused, nothing has changed. */
  void stop(SslHandler tls) {
    if (state != State.SECURE) throw new IllegalStateException("stop() of TLS, called twice");
    state = State.STOPPING;
    this.tls = tls;
    waiting = new PendingWriteQueue(context);
    context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> sayGoodbye());
  }

  private void sayGoodbye() {
    if (state != State.STOPPING) return;
    tls.closeOutbound();
    long millis = tls.getHandshakeTimeoutMillis();
    limit =
        context
            .executor()
            .schedule(
                () -> fail(new SSLException("no close_notify from the peer in " + millis + " ms")),
                millis,
                TimeUnit.MILLISECONDS);
    finishIfAgreed();
  }

  private void finishIfAgreed() {
    if (limit == null || !tls.sslCloseFuture().isSuccess()) return;
    limit.cancel(false);
    state = State.PLAIN;
    ChannelPipeline pipeline = context.pipeline();
    pipeline.remove(tls);
    waiting.removeAndWriteAll();
    context.flush(); // With it what TLS had written last.
    ChannelHandlerContext records = pipeline.context(TlsRecords.class);
    if (records != null) ((TlsRecords) records.handler()).resume(records);
    context.fireUserEventTriggered(SslCloseCompletionEvent.SUCCESS);
    if (records != null) pipeline.remove(records.handler());
    pipeline.remove(this);
  }

  private void fail(SSLException cause) {
    if (state != State.STOPPING) return;
    state = State.FAILED;
    if (limit != null) limit.cancel(false);
    context.fireExceptionCaught(cause);
    waiting.removeAndFailAll(cause);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    switch (state) {
      case NAMELESS, STOPPING -> waiting.add(message, promise);
      case FAILED -> {
        ReferenceCountUtil.release(message);
        promise.tryFailure(new SSLException("TLS has failed, and nothing goes out without it"));
      }
      default -> context.write(message, promise);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SniCompletionEvent chosen) named(chosen);
    if (state == State.STOPPING && event == SslCloseCompletionEvent.SUCCESS) {
      finishIfAgreed(); // Or soon: what was written before is not out yet.
      return;
    }
    context.fireUserEventTriggered(event);
    if (event instanceof ChannelInputShutdownEvent && state == State.STOPPING) giveUp();
  }

  private void giveUp() {
    if (tls.sslCloseFuture().isSuccess()) return; // It ended after it had agreed.
    fail(new SSLException("the peer ended its stream, and did not agree to stop TLS"));
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    context.fireChannelInactive(); // Which tells of the end, before the exception.
    failNameless(null);
    fail(new SSLException("the connection closed while TLS was being stopped"));
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    failNameless(null);
    fail(new SSLException("the handlers of TLS were removed while TLS was being stopped"));
  }
}
