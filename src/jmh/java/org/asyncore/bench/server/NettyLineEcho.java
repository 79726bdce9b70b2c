package org.asyncore.bench.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;

/**
 * Answers each line with itself, as somebody writes it who counts allocations: lines are found
 * where they were read, and all answers to what was read leave in one buffer, by one write and one
 * flush.
 */
final class NettyLineEcho extends NettyEcho {
  /** The beginning of a line whose end has not come; null for none. */
  private ByteBuf rest;

  /** What this read is answered; null for nothing. */
  private ByteBuf answers;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf input = (ByteBuf) message;
    if (rest != null) {
      input = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), rest, input);
      rest = null;
    }
    if (answers == null) answers = context.alloc().buffer(input.readableBytes());
    for (int end; (end = endOfLine(input)) >= 0; ) {
      answers.writeBytes(input, end + 1 - input.readerIndex());
    }
    if (input.isReadable()) rest = input;
    else input.release();
  }

  private static int endOfLine(ByteBuf input) {
    return input.indexOf(input.readerIndex(), input.writerIndex(), (byte) '\n');
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (answers != null) context.write(answers, context.voidPromise());
    answers = null;
    context.flush();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (rest != null) rest.release();
    rest = null;
  }
}
