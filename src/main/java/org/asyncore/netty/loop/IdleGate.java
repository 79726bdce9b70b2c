package org.asyncore.netty.loop;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;

/**
 * Stands where a gate will be: a file is registered with its loop when a pass first asks for it,
 * since most {@code FileWrapper}s are only read and written.
 */
@SuppressWarnings("try") // As Gate.
public final class IdleGate extends Gate {
  private final Runnable enlist;

  /** What {@code enlist} does is to put another gate here and to ask that one. */
  public IdleGate(IoHandle handle, Runnable enlist) {
    super(null, handle);
    this.enlist = enlist;
  }

  @Override
  public void update() {
    if (interest() != 0) enlist.run();
  }

  @Override
  public void deliver(int event) {
    // A file is read and written directly.
  }

  @Override
  public void handle(IoRegistration registration, IoEvent event) {
    throw new IllegalStateException("an event without a registration");
  }

  @Override
  public long submit(IoOps ops) {
    throw new IllegalStateException("no registration");
  }

  @Override
  @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature.
  public <T> T attachment() {
    throw new IllegalStateException("no registration");
  }
}
