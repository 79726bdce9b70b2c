package org.asyncore.netty.nio;

import io.netty.buffer.Unpooled;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoHandle;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import org.asyncore.netty.kernel.Descriptors.OpenFile;
import org.asyncore.netty.kernel.ReceiveBuffer;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;

/**
 * A file on NIO: a channel of the JDK that can be read or written.
 *
 * <p>A selector calls the end of a pipe readable, which poll calls a hang-up. So where that must be
 * told, up to {@value #AHEAD} bytes are read ahead, as many as a pipe holds.
 */
final class NioFile implements OpenFile {
  private static final int AHEAD = 65536;

  private final SharedChannel shared;
  private final Handle handle;
  private final int dealt;
  private final ReceiveBuffer ahead = new ReceiveBuffer();
  private boolean ended;

  /** Reading has failed since it last did not. */
  private boolean broken;

  private volatile Runnable news = () -> {};

  NioFile(SharedChannel shared) {
    this.shared = shared;
    handle = new Handle(shared.channel());
    dealt = shared.open();
  }

  /** A selector's view of a channel. */
  private record Handle(SelectableChannel selectableChannel) implements NioIoHandle {
    @Override
    public void handle(IoRegistration registration, IoEvent event) {
      throw new IllegalStateException("an event past the gate");
    }

    @Override
    public void close() {
      // The loop has ended; the channel is closed with the last of its numbers.
    }
  }

  @Override
  public int number() {
    return dealt;
  }

  @Override
  public IoHandle handle() {
    return handle;
  }

  @Override
  public boolean readsAhead() {
    return true;
  }

  @Override
  public void watched(Runnable news) {
    this.news = news;
    shared.watch(this);
  }

  @Override
  public int digest(int events, boolean hangUps) {
    if ((events & Readiness.IN) == 0 || !hangUps) return events;
    lookAhead();
    return events & ~Readiness.IN;
  }

  /**
   * The last of a pipe's other end is closed: poll tells that whatever it was asked, and a selector
   * only a reader that reads. From any thread.
   */
  void otherEndCloses() {
    news.run();
  }

  private synchronized void lookAhead() {
    try {
      fill(AHEAD);
      broken = false;
    } catch (OsException failed) {
      broken = true;
    }
  }

  /** Has at least {@code byteCount} bytes read ahead, if there are so many. */
  private void fill(int byteCount) {
    while (!ended && ahead.byteCount() < byteCount) {
      ByteBuffer piece = ByteBuffer.allocate(byteCount - ahead.byteCount());
      int came = shared.read(piece);
      ended = came < 0;
      if (came <= 0) return;
      ahead.add(Unpooled.wrappedBuffer(piece.flip()));
    }
  }

  @Override
  public synchronized int known() {
    boolean isOver = shared.isOtherEndClosed();
    // What was written before that may have come behind the last look: poll tells both at once.
    if (isOver && shared.isReader() && ahead.byteCount() == 0) lookAhead();
    if (broken) return Readiness.IN | Readiness.ERR; // What it is, recv finds out again.
    int known = ahead.byteCount() > 0 ? Readiness.IN : 0;
    if (ended) known |= Readiness.HUP;
    if (isOver) known |= shared.isReader() ? Readiness.HUP : Readiness.ERR;
    return known;
  }

  @Override
  public synchronized int read(ByteBuffer target) {
    int came = take(target);
    broken = false;
    return came;
  }

  private int take(ByteBuffer target) {
    if (ahead.byteCount() == 0 && !ended) return shared.read(target);
    fill(target.remaining());
    int came = ahead.take(target);
    return came == 0 ? -1 : came;
  }

  @Override
  public int write(ByteBuffer data) {
    return shared.write(data);
  }

  private synchronized void release() {
    ahead.release();
  }

  @Override
  public void close() {
    shared.unwatch(this);
    release();
    shared.close(dealt);
  }
}
