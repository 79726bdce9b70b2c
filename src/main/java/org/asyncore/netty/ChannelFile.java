package org.asyncore.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoHandle;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;

/**
 * A file on NIO: a channel of the JDK that can be read or written.
 *
 * <p>A selector calls the end of a pipe readable, which poll calls a hang-up. So where that must be
 * told, up to {@value #AHEAD} bytes are read ahead, as many as a pipe holds.
 */
final class ChannelFile extends FileSocket {
  private static final int AHEAD = 65536;

  private final SharedChannel shared;
  private final int dealt;
  private final ReceiveBuffer ahead = new ReceiveBuffer();
  private boolean ended;

  ChannelFile(NettyTransport transport, SharedChannel shared) {
    super(transport, new Handle(shared.channel()));
    this.shared = shared;
    dealt = shared.open();
    number(dealt);
  }

  /** A selector's view of a channel. Its events all stay at the gate. */
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
  void enlist() {
    shared.watch(this);
    super.enlist();
    noteKnown();
  }

  @Override
  int digest(int events) {
    int told = events;
    if ((events & Readiness.IN) != 0 && hangUpsAsked()) {
      lookAhead();
      told = (events & ~Readiness.IN) | known();
    }
    return told | known();
  }

  /**
   * The last of a pipe's other end is closed: poll tells that whatever it was asked, and a selector
   * only a reader that reads. From any thread.
   */
  void otherEndCloses() {
    handOver(
        () -> {
          noteKnown();
          if (known() != 0) found(0);
        });
  }

  private void lookAhead() {
    try {
      fill(AHEAD);
      noteKnown();
    } catch (OsException broken) {
      known(Readiness.IN | Readiness.ERR); // What it is, recv finds out again.
    }
  }

  /** Has at least {@code byteCount} bytes read ahead, if there are so many. */
  private synchronized void fill(int byteCount) {
    while (!ended && ahead.byteCount() < byteCount) {
      ByteBuffer piece = ByteBuffer.allocate(byteCount - ahead.byteCount());
      int came = shared.read(piece);
      ended = came < 0;
      if (came <= 0) return;
      ahead.add(Unpooled.wrappedBuffer(piece.flip()));
    }
  }

  private synchronized void noteKnown() {
    if (isClosed()) return;
    int now = ahead.byteCount() > 0 ? Readiness.IN : 0;
    if (ended) now |= Readiness.HUP;
    if (shared.isOtherEndClosed()) now |= shared.isReader() ? Readiness.HUP : Readiness.ERR;
    known(now);
  }

  @Override
  boolean readsAhead() {
    return true;
  }

  @Override
  void noteRead() {
    noteKnown();
  }

  @Override
  synchronized int read(ByteBuffer target) {
    if (ahead.byteCount() == 0 && !ended) return shared.read(target);
    fill(target.remaining());
    int came = ahead.take(target);
    return came == 0 ? -1 : came;
  }

  @Override
  int write(ByteBuffer data) {
    return shared.write(data);
  }

  private synchronized void release() {
    ahead.release();
  }

  @Override
  void closeChannel() {
    boolean wasWatched = !(gate instanceof IdleGate);
    deregister();
    shared.unwatch(this);
    release();
    shared.close(dealt);
    if (wasWatched) kernel.letGoOfClosed(transport().loop());
  }
}
