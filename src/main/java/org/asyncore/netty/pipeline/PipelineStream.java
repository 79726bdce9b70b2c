package org.asyncore.netty.pipeline;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.asyncore.internal.LingerLimit;
import org.asyncore.netty.kernel.ErrnoMapping;
import org.asyncore.netty.kernel.Options;
import org.asyncore.netty.socket.Orphan;
import org.asyncore.netty.socket.ReadinessHandler;
import org.asyncore.transport.Activity;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Shutdown;

/**
 * A connection whose bytes travel through a pipeline: what came out at its end, what is sent in
 * there, and how both come to an end.
 *
 * <p>Confined to the channel's event loop.
 */
final class PipelineStream {
  private static final double NANOS_PER_SECOND = 1e9;

  /** How long a peer of TLS has to end the connection after us, in milliseconds. */
  private static final long END_MILLIS = 1000;

  final PipelineInput in;
  final PipelineOutput out;

  final ChannelHandlerContext context;
  private final PipelineDriver driver;
  final Channel channel;
  private final AutoRead autoRead;

  /** The peer's stream has ended below, and not only by TLS's close_notify. */
  private boolean endedBelow;

  /** Nothing more is wanted, since shutdown. */
  private boolean inputShut;

  /** The channel is closed below. */
  private boolean gone;

  /** How TLS was cut off; null if it was not. */
  private RuntimeException truncation;

  /** Whether anybody wants to receive; so it is at first. */
  private boolean wanted = true;

  /** Nobody is to hear of the channel any more. */
  private boolean closed;

  /** Closed with bytes unread, of which the peer has to know that nobody has read them. */
  private boolean resets;

  /** Null if nobody asks for it. */
  private Activity activity;

  /** Closed, all is sent, and the peer is to say that it has ended, too. */
  private boolean awaitsEnd;

  /**
   * @param driver hears that a write has failed
   */
  PipelineStream(ChannelHandlerContext context, PipelineDriver driver) {
    this.context = context;
    this.driver = driver;
    channel = context.channel();
    autoRead = AutoRead.of(channel);
    out = new PipelineOutput(context, driver, this::ofCaller);
    in = new PipelineInput(context, driver, autoRead, out);
  }

  void activity(Activity activity) {
    this.activity = activity;
    out.activity(activity);
  }

  /** Takes a channel as it is: fresh or up, half-closed or ended, with TLS at work or over. */
  void adopt() {
    autoRead.takeOver();
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls != null && tls.engine().isInboundDone()) in.end();
    // A fresh channel of NIO says that its input has ended, too.
    boolean isUp = channel.isActive();
    if (isUp && channel instanceof DuplexChannel duplex && duplex.isInputShutdown()) endInput();
    if (!channel.isOpen()) closedBelow();
    updateReading();
  }

  // --- what the pipeline reports ---

  /** What came out at the end of the pipeline, the stream's own from now on. */
  void received(Object message) {
    if (closed || inputShut) {
      ReferenceCountUtil.release(message);
    } else if (message instanceof ByteBuf bytes) {
      in.add(bytes);
      in.boundReading();
    } else {
      ReferenceCountUtil.release(message);
      failed(
          new ClassCastException(
              "a dispatcher reads ByteBufs, not "
                  + message.getClass().getName()
                  + ": put a handler in front of it that decodes to ByteBufs"));
    }
  }

  /** Learns from the events that Netty fires beside bytes; says whether others need not. */
  boolean learns(Object event) {
    if (ReadinessHandler.isInputEnd(event)) {
      endInput();
      return true;
    }
    if (event == SslCloseCompletionEvent.SUCCESS) endTls();
    if (event instanceof SslHandshakeCompletionEvent done) {
      if (!done.isSuccess()) in.failed(ofTls(done.cause())); // Also of no hello, or one too long.
      updateReading(); // It needs none any more.
    }
    return false;
  }

  /** The peer's close_notify is the end; but not if TLS was stopped, and its handler is gone. */
  private void endTls() {
    if (isSecure()) in.end();
    else if (!endedBelow && !inputShut) in.reopen();
    updateReading();
  }

  private boolean isSecure() {
    return channel.pipeline().get(SslHandler.class) != null;
  }

  /** The peer's stream has ended below: under TLS that is an end only after close_notify. */
  private void endInput() {
    endedBelow = true;
    out.inputEnded();
    if (in.hasReadAll() && !out.isBare() && driver.forgetsEnded()) autoRead.ended();
    if (closed && (awaitsEnd || isHandshakeLost())) closePastHandlers();
    if (in.hasEnded()) return;
    in.end();
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null || closed || tls.handshakeFuture().cause() != null) return;
    in.failed(truncated("it ended without close_notify", null));
  }

  private RuntimeException truncated(String how, Throwable cause) {
    truncation = new OsException(Errno.EIO, "the TLS stream is cut off: " + how, cause);
    return truncation;
  }

  void failed(Throwable cause) {
    in.failed(ofCaller(cause));
  }

  void closedBelow() {
    endInput();
    gone = true;
    out.end();
    if (truncation != null) out.failed(truncation);
  }

  /** What recv or send throws: an errno where there is one, else what the handler itself threw. */
  private RuntimeException ofCaller(Throwable cause) {
    if (cause instanceof ClassCastException ours) return ours;
    boolean isWrapped = cause instanceof DecoderException && cause.getCause() != null;
    Throwable origin = isWrapped ? cause.getCause() : cause;
    if (origin instanceof SSLException) return ofTls(origin);
    OsException error = ErrnoMapping.osException(cause);
    boolean looksLikeAnEnd = error.errno().isDisconnected() && !in.hasEnded() && isSecure();
    return looksLikeAnEnd ? truncated(error.errno().text(), cause) : error;
  }

  private static OsException ofTls(Throwable cause) {
    return new OsException(Errno.EIO, "TLS: " + cause.getMessage(), cause);
  }

  // --- what there is to do ---

  /** The channel is closed below. */
  boolean isGone() {
    return gone;
  }

  /** Whether send has room, or an error to tell. */
  boolean canSend() {
    return gone || out.canSend();
  }

  /** Whether anybody wants to receive, from the next {@link #updateReading} on. */
  void wanted(boolean wanted) {
    this.wanted = wanted;
  }

  /** Has the channel read, or stop to, where that has changed. */
  void updateReading() {
    if (closed || gone) return;
    in.updateReading(wanted || isTlsAtWork());
  }

  /** Whether a read that somebody asks for may go on to the channel. */
  boolean mayRead() {
    if (in.hasReadAll()) return false; // Epoll watches for nothing any more, and would refuse to.
    return closed || autoRead.mayRead();
  }

  /** Whether TLS has something to agree on with the peer, whoever wants bytes of it. */
  private boolean isTlsAtWork() {
    if (isHandshakeAhead()) return true;
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    return tls != null && tls.engine().isOutboundDone();
  }

  // --- ending ---

  void shutdown(Shutdown how) {
    if (!channel.isActive()) throw new OsException(Errno.ENOTCONN);
    if (how != Shutdown.WR) {
      inputShut = true;
      in.end(); // Behind what has come: as the kernel does, recv still gives that.
    }
    if (how == Shutdown.RD || out.hasEnded()) return;
    out.end();
    out.finish().addListener(sent -> shutdownOutput());
  }

  private void shutdownOutput() {
    if (closed || gone) return;
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls != null) {
      tls.closeOutbound(); // The end of our stream is close_notify.
      updateReading();
    } else if (channel instanceof DuplexChannel duplex) {
      duplex.shutdownOutput();
    }
  }

  /** Closes the channel after what was sent, or after a while if the peer does not take it. */
  void close() {
    if (closed) return;
    resets = in.hasBytes() && !isSecure(); // As the kernel does to bytes that it still has.
    release();
    if (gone || !channel.isActive()) {
      out.drop(); // Nobody takes it any more.
      if (channel.isOpen()) channel.close();
      return;
    }
    out.reset().clear();
    boolean drops = Options.closeWithoutWaiting(channel);
    if (drops || isHandshakeLost()) {
      out.flush(); // What cannot go out is released.
      closePastHandlers();
      return;
    }
    if (isSecure() || isHandshakeAhead()) autoRead.close(); // A handshake may hold bytes back.
    ChannelFuture last = out.finish();
    if (last.isDone()) closeSent();
    else last.addListener(sent -> closeSent());
    if (channel.isOpen()) limitClosing();
  }

  /** However much of it is in the kernel: close_notify may find no room, too. */
  private void limitClosing() {
    long nanos = (long) (LingerLimit.seconds() * NANOS_PER_SECOND);
    new Orphan(context.executor(), channel, nanos, activity, this::cutOff);
  }

  /** Whether something that was taken to be sent is lost: the peer must not see an ordinary end. */
  private boolean hasLost() {
    return channel.isOpen() && (resets || out.hasFailed());
  }

  /**
   * Closes when all is in the kernel. TLS talks back, tickets for instance; closing a socket on
   * unread bytes resets it, and what is on its way is lost. So its end is waited for, a little.
   */
  private void closeSent() {
    if (!channel.isOpen()) return; // Cut off meanwhile.
    out.reset().bar();
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null || !tls.handshakeFuture().isSuccess()) {
      if (hasLost()) Options.resetOnClose(channel);
      context.close();
      return;
    }
    tls.closeOutbound().addListener(sent -> endOutput());
  }

  private void endOutput() {
    if (!channel.isOpen()) return;
    if (hasLost()) Options.resetOnClose(channel);
    boolean isOpen = channel instanceof DuplexChannel open && !open.isInputShutdown();
    if (!isOpen || !channel.isActive()) {
      closePastHandlers();
      return;
    }
    awaitsEnd = true;
    ((DuplexChannel) channel).shutdownOutput();
    Future<?> limit =
        context.executor().schedule(this::closePastHandlers, END_MILLIS, TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(closed -> limit.cancel(false));
  }

  /** Waits no longer for what its closing has begun. */
  void cutOff() {
    out.reset().bar();
    if (!awaitsEnd) Options.resetOnClose(channel); // What came is not all there was.
    closePastHandlers();
  }

  /** Whether TLS waits for an answer that cannot come, and nothing can be sent without it. */
  private boolean isHandshakeLost() {
    return channel instanceof DuplexChannel duplex
        && duplex.isInputShutdown()
        && isHandshakeAhead();
  }

  /** Whether there is TLS that has not shaken hands; with names, the client's hello makes it. */
  private boolean isHandshakeAhead() {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) return channel.pipeline().get(SniHandler.class) != null;
    return !tls.handshakeFuture().isSuccess();
  }

  /** Past handlers that would send something first, or wait for it. */
  private void closePastHandlers() {
    channel.pipeline().firstContext().close();
  }

  /**
   * The channel is somebody else's: hands on what was received, and how it ended, to the handlers
   * behind its place, which may give the channel away again at once.
   */
  void handOn() {
    in.handOn();
    out.flush();
    out.reset().bar();
    closed = true;
    ChannelConfig config = channel.config();
    config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, false); // Netty's own.
    config.setOption(ChannelOption.AUTO_CLOSE, true);
    autoRead.release();
    for (ByteBuf unread; (unread = in.next()) != null; ) context.fireChannelRead(unread);
    context.fireChannelReadComplete();
    Throwable failure = in.takeFailure();
    if (failure == null) failure = out.takeFailure();
    if (failure != null) context.fireExceptionCaught(failure);
    if (in.hasEnded()) handOnEnd(config);
  }

  private void handOnEnd(ChannelConfig config) {
    if (!endedBelow && !inputShut) { // TLS's end is not that of the connection, nor of our side.
      context.fireUserEventTriggered(SslCloseCompletionEvent.SUCCESS);
      return;
    }
    context.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    if (!channel.isActive() || config.getOption(ChannelOption.ALLOW_HALF_CLOSURE)) return;
    // Netty closes a channel of these options at the end of the stream; not before what is unsent.
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /** Has no more to do with the channel, which stays as it is. */
  private void release() {
    closed = true;
    in.release();
  }
}
