package org.asyncore.netty.pipeline;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;

/**
 * The promise of all writes of a channel at once, for one that nobody stands in front of: as
 * Netty's void promise it is never done, but what fails is told to the sender, and not to the
 * pipeline.
 */
abstract class SharedWritePromise extends DefaultChannelPromise {
  final ChannelHandlerContext context;

  SharedWritePromise(ChannelHandlerContext context) {
    super(context.channel());
    this.context = context;
  }

  /** Hears of the end of each write, and of a failure behind that. */
  abstract void writeEnded();

  /** Hears why a write has failed. */
  abstract void writeFailed(Throwable cause);

  /** A promise of one write only. */
  final ChannelPromise single() {
    return context.newPromise().addListener(this::written);
  }

  private void written(Future<? super Void> write) {
    writeEnded();
    if (!write.isSuccess()) writeFailed(write.cause());
  }

  @Override
  public boolean isVoid() {
    return true;
  }

  @Override
  public ChannelPromise unvoid() {
    return single();
  }

  @Override
  public boolean setUncancellable() {
    return true;
  }

  @Override
  public boolean trySuccess(Void result) {
    writeEnded();
    return true;
  }

  @Override
  public ChannelPromise setSuccess(Void result) {
    writeEnded();
    return this;
  }

  @Override
  public boolean tryFailure(Throwable cause) {
    writeEnded();
    writeFailed(cause);
    return true;
  }

  @Override
  public ChannelPromise setFailure(Throwable cause) {
    writeEnded();
    writeFailed(cause);
    return this;
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return false; // It stands for other writes, too.
  }

  @Override
  public ChannelPromise addListener(GenericFutureListener<? extends Future<? super Void>> added) {
    throw new IllegalStateException("a listener of a void promise");
  }
}
