package org.asyncore.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import java.util.function.Consumer;

/**
 * The promise of all writes of a channel at once, for one that nobody stands in front of: as
 * Netty's void promise it is never done, but what fails is told to the sender, and not to the
 * pipeline.
 */
final class PipelineWrite extends DefaultChannelPromise {
  private final ChannelHandlerContext context;
  private final Consumer<Throwable> failed;

  PipelineWrite(ChannelHandlerContext context, Consumer<Throwable> failed) {
    super(context.channel());
    this.context = context;
    this.failed = failed;
  }

  /** A promise of one write only. */
  ChannelPromise single() {
    return context.newPromise().addListener(this::written);
  }

  private void written(Future<? super Void> write) {
    if (!write.isSuccess()) failed.accept(write.cause());
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
    return true;
  }

  @Override
  public ChannelPromise setSuccess(Void result) {
    return this;
  }

  @Override
  public boolean tryFailure(Throwable cause) {
    failed.accept(cause);
    return true;
  }

  @Override
  public ChannelPromise setFailure(Throwable cause) {
    failed.accept(cause);
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
