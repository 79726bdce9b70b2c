package org.asyncore.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Shutdown;
import org.asyncore.transport.WouldBlockException;

/**
 * The bytes of a connection that travel through a pipeline: what came out at its end and was not
 * asked for yet, and what is sent in there.
 *
 * <p>Owns received buffers until they are taken. Bounded both ways: the channel is not read while
 * {@link #FULL} bytes wait or nobody wants them, and a send takes no more than the channel's high
 * water mark allows. Confined to the channel's event loop.
 */
final class PipelineStream {
  /** How much may wait before the channel is read no more, in bytes. */
  static final int FULL = 65536;

  private static final int PIECE = 65536;
  private static final String LINGER = "org.asyncore.linger";

  private final ChannelHandlerContext context;
  private final Channel channel;
  private final ReceiveBuffer received = new ReceiveBuffer();
  private final ChannelFutureListener whenWritten = this::written;

  private boolean inputEnded;
  private RuntimeException readFailure;
  private RuntimeException writeFailure;

  /** The channel is closed below. */
  private boolean gone;

  private boolean outputEnded;
  private boolean closed;
  private boolean wanted = true;

  /** What auto-read was set to last. */
  private boolean reading;

  private boolean unflushed;

  /** How often something was received, and sent: whether a callback got anywhere. */
  private int receives;

  private int sends;

  PipelineStream(ChannelHandlerContext context) {
    this.context = context;
    channel = context.channel();
    reading = channel.config().isAutoRead();
  }

  Channel channel() {
    return channel;
  }

  ChannelHandlerContext context() {
    return context;
  }

  // --- what the pipeline reports ---

  void received(Object message) {
    if (closed || inputEnded) {
      ReferenceCountUtil.release(message);
    } else if (message instanceof ByteBuf bytes) {
      received.add(bytes);
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
    if (event instanceof ChannelInputShutdownEvent
        || event instanceof ChannelInputShutdownReadComplete) {
      endInput();
      return true;
    }
    if (event == SslCloseCompletionEvent.SUCCESS) inputEnded = true; // The peer's close_notify.
    if (event instanceof SslHandshakeCompletionEvent done && !done.isSuccess()) {
      failed(done.cause());
    }
    return false;
  }

  /** The peer's stream has ended below: under TLS that is an end only after close_notify. */
  private void endInput() {
    if (inputEnded) return;
    inputEnded = true;
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null || closed || tls.handshakeFuture().cause() != null) return;
    failed(new OsException(Errno.EIO, "the TLS stream is cut off: it ended without close_notify"));
  }

  void failed(Throwable cause) {
    if (readFailure == null) readFailure = ofCaller(cause);
  }

  void closedBelow() {
    endInput();
    gone = true;
  }

  /** The end was found before the handlers came. */
  void endedBefore() {
    inputEnded = true;
  }

  /** What recv or send throws: an errno where there is one, else what the handler itself threw. */
  private static RuntimeException ofCaller(Throwable cause) {
    if (cause instanceof ClassCastException ours) return ours;
    Throwable origin = cause instanceof DecoderException ? cause.getCause() : cause;
    if (!(origin instanceof SSLException)) return ErrnoMapping.osException(cause);
    return new OsException(Errno.EIO, "TLS: " + origin.getMessage(), origin);
  }

  private void written(Future<? super Void> write) {
    if (!write.isSuccess() && writeFailure == null && !closed)
      writeFailure = ofCaller(write.cause());
  }

  // --- what there is to do ---

  /** Whether recv has bytes, the end or an error to tell. */
  boolean canReceive() {
    return received.byteCount() > 0 || inputEnded || readFailure != null;
  }

  boolean hasBytes() {
    return received.byteCount() > 0;
  }

  /** Whether send has room, or an error to tell. */
  boolean canSend() {
    return channel.isWritable() || writeFailure != null || gone;
  }

  boolean isGone() {
    return gone;
  }

  boolean isFull() {
    return received.weight() >= FULL;
  }

  int receives() {
    return receives;
  }

  int sends() {
    return sends;
  }

  // --- receiving ---

  byte[] receive(int byteCount) {
    return fill() ? received.take(byteCount) : new byte[0];
  }

  int receive(ByteBuffer target) {
    return fill() ? received.take(target) : 0;
  }

  /** All the bytes of the oldest buffer, the caller's own; null at the end of the stream. */
  ByteBuf receive() {
    return fill() ? received.next() : null;
  }

  /** Makes sure that there are bytes to take; false is the end of the stream. */
  private boolean fill() {
    if (received.byteCount() > 0) {
      receives++;
      return true;
    }
    if (readFailure != null) {
      RuntimeException failure = readFailure;
      readFailure = null;
      receives++;
      throw failure;
    }
    if (inputEnded) return false;
    throw WouldBlockException.INSTANCE;
  }

  /** The next received buffer, the caller's own, or null: for whoever takes the channel over. */
  ByteBuf unread() {
    return received.byteCount() > 0 ? received.next() : null;
  }

  void wanted(boolean wanted) {
    this.wanted = wanted;
  }

  /** Has the channel read, or stop to, where that has changed. */
  void updateReading() {
    if (closed || gone) return;
    int limit = reading ? FULL : FULL / 2;
    boolean wish = wanted && received.weight() < limit;
    if (wish == reading) return;
    reading = wish;
    channel.config().setAutoRead(wish);
  }

  // --- sending ---

  /** Takes what there is room for; the caller flushes, at once or at the end of a dispatch. */
  int send(ByteBuffer data) {
    needOutput();
    if (!data.hasRemaining()) return 0;
    int start = data.position();
    int limit = data.limit();
    for (int room; data.hasRemaining() && (room = room()) > 0; ) {
      int piece = Math.min(Math.min(data.remaining(), room), PIECE);
      ByteBuf bytes = context.alloc().ioBuffer(piece);
      data.limit(data.position() + piece);
      bytes.writeBytes(data);
      data.limit(limit);
      write(bytes);
    }
    if (data.position() == start) throw WouldBlockException.INSTANCE;
    return data.position() - start;
  }

  /** As {@link #send(ByteBuffer)}, without a copy: what is taken is a slice, which is released. */
  int send(ByteBuf data) {
    needOutput();
    if (!data.isReadable()) return 0;
    int room = room();
    if (room == 0) throw WouldBlockException.INSTANCE;
    int taken = Math.min(data.readableBytes(), room);
    write(data.readRetainedSlice(taken));
    return taken;
  }

  private void needOutput() {
    if (writeFailure != null) {
      RuntimeException failure = writeFailure;
      writeFailure = null;
      sends++;
      throw failure;
    }
    if (gone || outputEnded) throw new OsException(Errno.EPIPE);
    if (!channel.isActive()) throw new OsException(Errno.ENOTCONN);
  }

  private int room() {
    long room = channel.bytesBeforeUnwritable();
    if (room == 0 && unflushed) {
      flush();
      room = channel.bytesBeforeUnwritable();
    }
    return (int) Math.min(room, Integer.MAX_VALUE);
  }

  private void write(ByteBuf bytes) {
    unflushed = true;
    sends++;
    context.write(bytes).addListener(whenWritten);
  }

  boolean isUnflushed() {
    return unflushed;
  }

  void flush() {
    if (!unflushed) return;
    unflushed = false;
    context.flush();
  }

  // --- ending ---

  void shutdown(Shutdown how) {
    if (!channel.isActive()) throw new OsException(Errno.ENOTCONN);
    if (how != Shutdown.WR) {
      inputEnded = true;
      received.release();
    }
    if (how == Shutdown.RD || outputEnded) return;
    outputEnded = true;
    unflushed = false;
    context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> shutdownOutput());
  }

  private void shutdownOutput() {
    if (closed || gone) return;
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls != null) tls.closeOutbound(); // The end of our stream is close_notify.
    else if (channel instanceof DuplexChannel duplex) duplex.shutdownOutput();
  }

  /** Closes the channel after what was sent, or after a while if the peer does not take it. */
  void close() {
    if (closed) return;
    release();
    if (gone) return;
    if (!channel.isActive()) {
      channel.close();
      return;
    }
    unflushed = false;
    ChannelFuture last = context.writeAndFlush(Unpooled.EMPTY_BUFFER);
    if (last.isDone()) {
      context.close();
      return;
    }
    long millis = (long) (1000 * Double.parseDouble(System.getProperty(LINGER, "30")));
    Future<?> limit = context.executor().schedule(this::cutOff, millis, TimeUnit.MILLISECONDS);
    last.addListener(
        sent -> {
          limit.cancel(false);
          context.close();
        });
  }

  private void cutOff() {
    System.getLogger("org.asyncore")
        .log(
            System.Logger.Level.WARNING,
            "a closed channel has bytes that its peer did not take in time: {0}",
            channel);
    channel.pipeline().firstContext().close(); // Past handlers that would send something first.
  }

  /** Ends its part in the channel; hands on what was received to the handlers behind its place. */
  void detach() {
    flush();
    for (ByteBuf unread; (unread = unread()) != null; ) context.fireChannelRead(unread);
    context.fireChannelReadComplete();
    if (inputEnded) context.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    ChannelConfig config = channel.config();
    config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, false); // Netty's own.
    config.setOption(ChannelOption.AUTO_CLOSE, true);
    release();
    config.setAutoRead(true);
    if (!inputEnded || !channel.isActive()) return;
    // Netty closes a channel of these options at the end of the stream; not before what is unsent.
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /** Has no more to do with the channel, which stays as it is. */
  void release() {
    closed = true;
    received.release();
  }
}
