package org.asyncore.bench.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/** Answers each line, which a decoder has cut out and freed of its end, with itself. */
final class NettyFrameEcho extends NettyEcho {
  private static final int CRLF = '\r' << 8 | '\n';

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf line = (ByteBuf) message;
    ByteBuf answer = context.alloc().buffer(line.readableBytes() + 2);
    answer.writeBytes(line).writeShort(CRLF);
    line.release();
    context.write(answer);
  }
}
