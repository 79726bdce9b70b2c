package org.asyncore.faults;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.io.ByteArrayOutputStream;
import java.util.function.Supplier;

/** What the peer makes of bytes before they are on the wire: nothing, or TLS. */
interface Codec {
  byte[] NONE = {};

  /** What goes onto the wire for these. */
  byte[] encode(byte[] bytes);

  /** What the wire's bytes say. */
  byte[] decode(byte[] bytes);

  /** What goes onto the wire without having been asked for: answers of a handshake. */
  byte[] answers();

  /** What goes onto the wire at the end of the output. */
  byte[] end();

  /** Whether the other side said that it has ended, where a codec has a word for it. */
  boolean hasEnded();

  /** Whether it passes bytes on by now. */
  boolean isReady();

  void close();

  /** Bytes as they are. */
  final class Plain implements Codec {
    @Override
    public byte[] encode(byte[] bytes) {
      return bytes;
    }

    @Override
    public byte[] decode(byte[] bytes) {
      return bytes;
    }

    @Override
    public byte[] answers() {
      return NONE;
    }

    @Override
    public byte[] end() {
      return NONE;
    }

    @Override
    public boolean hasEnded() {
      return true;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }

  /** Netty's own TLS, in memory. */
  final class Tls implements Codec {
    private final EmbeddedChannel channel;
    private final SslHandler handler;
    private boolean hasEnded;

    Tls(SslHandler handler) {
      this.handler = handler;
      channel = new EmbeddedChannel(handler, new Ends());
    }

    private final class Ends extends ChannelInboundHandlerAdapter {
      @Override
      public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == SslCloseCompletionEvent.SUCCESS) hasEnded = true;
      }

      @Override
      public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // The other side broke off; what came until then is judged.
      }
    }

    @Override
    public byte[] encode(byte[] bytes) {
      if (!channel.isOpen()) return NONE; // The handshake failed.
      channel.writeOneOutbound(Unpooled.wrappedBuffer(bytes));
      if (channel.isOpen()) channel.flushOutbound();
      return answers();
    }

    @Override
    public byte[] decode(byte[] bytes) {
      if (!channel.isOpen()) return NONE;
      channel.writeOneInbound(Unpooled.wrappedBuffer(bytes));
      if (channel.isOpen()) channel.flushInbound();
      return drain(channel::readInbound);
    }

    @Override
    public byte[] answers() {
      if (channel.isOpen()) channel.runPendingTasks();
      return drain(channel::readOutbound);
    }

    @Override
    public byte[] end() {
      if (!channel.isOpen()) return NONE;
      handler.closeOutbound();
      if (channel.isOpen()) channel.flushOutbound();
      return answers();
    }

    @Override
    public boolean hasEnded() {
      return hasEnded;
    }

    @Override
    public boolean isReady() {
      return handler.handshakeFuture().isDone();
    }

    @Override
    public void close() {
      channel.finishAndReleaseAll();
    }

    private static byte[] drain(Supplier<ByteBuf> from) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (ByteBuf buffer; (buffer = from.get()) != null; buffer.release()) {
        bytes.writeBytes(ByteBufUtil.getBytes(buffer));
      }
      return bytes.toByteArray();
    }
  }
}
