package org.asyncore.migrate;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCounted;
import java.util.List;
import javax.net.ssl.SSLException;
import org.asyncore.netty.pipeline.AutoRead;
import org.asyncore.netty.pipeline.AutoRead.Reason;
import org.jspecify.annotations.Nullable;

/**
 * In front of an {@link SslHandler}: gives it the peer's records one by one, so that it does not
 * take for a record what follows the last.
 *
 * <pre>
 * bytes behind the peer's close_notify   wait until this handler is removed, or the channel closed
 * another handshake (TLS 1.2 and older)  is refused, and nothing more of the peer is read
 * no record                              goes through: the SslHandler says what is wrong
 * </pre>
 *
 * <p>The JDK's TLS works on arrays, and copies other memory to and fro to decrypt it: so for it
 * records are collected in an array. That is no copy more: what is left of a record has to be put
 * in front of the next bytes anyway.
 *
 * <p>Owns what waits. Confined to the channel's event loop.
 */
final class TlsRecords extends ByteToMessageDecoder {
  private static final int HEADER = 5;
  private static final int FIRST_TYPE = 20;
  private static final int HANDSHAKE = 22;
  private static final int LAST_TYPE = 24;
  private static final int MAJOR_VERSION = 3;

  /** How much may wait before the channel is read no more, in bytes. */
  private static final int FULL = 65536;

  /** Null until the client's hello has chosen one, where names are told apart. */
  private @Nullable SslHandler tls;

  private boolean refused;

  TlsRecords() {
    setCumulator(this::collect);
  }

  private ByteBuf collect(ByteBufAllocator alloc, ByteBuf waiting, ByteBuf came) {
    // Engines of native code own their memory, and take what comes from the channel as it is.
    boolean isForJdk = tls != null && !(tls.engine() instanceof ReferenceCounted);
    return isForJdk
        ? collectInArray(alloc, waiting, came)
        : MERGE_CUMULATOR.cumulate(alloc, waiting, came);
  }

  private static ByteBuf collectInArray(ByteBufAllocator alloc, ByteBuf waiting, ByteBuf came) {
    try {
      boolean hasRoom = waiting.isReadable() && waiting.hasArray() && waiting.refCnt() == 1;
      if (hasRoom) return waiting.discardReadBytes().writeBytes(came);
      ByteBuf array = alloc.heapBuffer(waiting.readableBytes() + came.readableBytes());
      array.writeBytes(waiting).writeBytes(came);
      waiting.release();
      return array;
    } finally {
      came.release();
    }
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (tls == null) tls = context.pipeline().get(SslHandler.class);
    if (refused) in.skipBytes(in.readableBytes());
    else if (tls != null && tls.engine().isInboundDone()) holdBack(context, in);
    else if (in.readableBytes() >= HEADER) decodeRecord(context, in, out);
  }

  private void holdBack(ChannelHandlerContext context, ByteBuf in) {
    AutoRead autoRead = AutoRead.of(context.channel());
    if (autoRead.isClosing()) {
      in.skipBytes(in.readableBytes()); // Nobody is going to ask for them.
      return;
    }
    if (in.readableBytes() < FULL) return;
    autoRead.pause(Reason.HELD, true);
    if (in.readableBytes() >= 2 * FULL) autoRead.breached();
  }

  /** Has the channel read again, if it is not because too much waits. */
  void resume(ChannelHandlerContext context) {
    AutoRead.of(context.channel()).pause(Reason.HELD, false);
  }

  private void decodeRecord(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    int start = in.readerIndex();
    int type = in.getUnsignedByte(start);
    boolean isRecord = type >= FIRST_TYPE && type <= LAST_TYPE;
    if (!isRecord || in.getUnsignedByte(start + 1) != MAJOR_VERSION) {
      out.add(in.readRetainedSlice(in.readableBytes()));
      return;
    }
    int byteCount = HEADER + in.getUnsignedShort(start + 3);
    if (in.readableBytes() < byteCount) return;
    if (type == HANDSHAKE && isAnotherHandshake()) refuse(context, in);
    else out.add(in.readRetainedSlice(byteCount));
  }

  /** What TLS 1.3 sends of this type later on is encrypted, and has another one outside. */
  private boolean isAnotherHandshake() {
    return tls != null
        && tls.handshakeFuture().isSuccess()
        && !tls.engine().getSession().getProtocol().equals("TLSv1.3");
  }

  private void refuse(ChannelHandlerContext context, ByteBuf in) {
    refused = true;
    in.skipBytes(in.readableBytes());
    context.fireExceptionCaught(new SSLException("renegotiation by the peer is refused"));
  }

  /** The end of input does not touch what waits. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    context.fireUserEventTriggered(event);
  }
}
