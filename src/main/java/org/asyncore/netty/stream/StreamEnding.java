package org.asyncore.netty.stream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DuplexChannel;
import org.asyncore.netty.kernel.Options;
import org.asyncore.netty.socket.HandedOver;
import org.asyncore.netty.socket.Orphan;
import org.asyncore.netty.stream.StreamSocket.Phase;
import org.asyncore.transport.Activity;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.Held;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.Shutdown;
import org.asyncore.transport.WouldBlockException;

/**
 * How a {@link StreamSocket} parts with its channel: closes it, after what was sent; or gives its
 * descriptor, or the channel itself, to somebody else.
 *
 * <p>For the holder of the turn.
 */
final class StreamEnding {
  private final StreamSocket socket;
  private final StreamInput input;
  private final StreamOutput output;

  private boolean closeWhenFlushed;

  /** Null unless it is closed, and not flushed. */
  private Orphan orphan;

  StreamEnding(StreamSocket socket, StreamInput input, StreamOutput output) {
    this.socket = socket;
    this.input = input;
    this.output = output;
  }

  /** Ends one or both directions, after what was sent. From any thread. */
  void shutdown(Shutdown how) {
    if (!socket.enterUnlessCalling()) {
      socket.needOpen();
      if (socket.phaseBeside() != Phase.CONNECTED) throw new OsException(Errno.ENOTCONN);
      socket.handOver(() -> shutdownIfOpen(how));
      return;
    }
    try {
      socket.needOpen();
      if (socket.settled() != Phase.CONNECTED) throw new OsException(Errno.ENOTCONN);
      if (how != Shutdown.WR) endInput();
      if (how != Shutdown.RD) output.end();
    } finally {
      input.exit();
    }
  }

  private void shutdownIfOpen(Shutdown how) {
    if (socket.isClosed() || socket.phase() != Phase.CONNECTED) return; // It has ended already.
    try {
      shutdown(how);
    } catch (OsException over) {
      // So it is for the peer, too, of which the next pass tells.
    }
  }

  private void endInput() {
    input.shut();
    StreamSocket.await(((DuplexChannel) socket.channel()).shutdownInput());
    input.end();
  }

  /** Closes the channel, at once or when its bytes are out. */
  void close() {
    output.flush();
    Activity activity = socket.knownActivity();
    if (activity != null) activity.closed();
    boolean drops = Options.closeWithoutWaiting(socket.channel());
    if (socket.gate().flushing() && !drops) {
      closeWhenFlushed = true;
      socket.gate().ask(0);
      orphan =
          new Orphan(
              socket.socketLoop().eventLoop(),
              socket.channel(),
              Orphan.usualNanos(),
              activity,
              this::cutOff);
    } else {
      socket.socketLoop().backlogged(socket, false); // As with SO_LINGER of 0: it is dropped.
      closeNow();
    }
  }

  private void closeNow() {
    closeWhenFlushed = false;
    if (socket.kernel().hidesHangUps()) lookForUnread();
    // As the kernel does to bytes that it still has: closing on unread bytes resets the peer.
    if (input.hasBytes()) Options.resetOnClose(socket.channel());
    input.release();
    input.letGo();
    socket.channel().close();
    socket.kernel().letGoOfClosed(socket.socketLoop().eventLoop());
  }

  /** The JDK ends the stream before it closes a TCP socket, unless it knows of unread bytes. */
  private void lookForUnread() {
    if (socket.phase() == Phase.CONNECTED && socket.family() != Family.UNIX) input.lookAhead();
  }

  /** The kernel has room again for what an earlier send left. */
  void flushMore() {
    output.flushMore();
    if (orphan != null) orphan.progressed();
    if (socket.gate().flushing()) return;
    if (output.endsWhenFlushed()) output.endNow();
    if (closeWhenFlushed) closeNow();
  }

  /** Waits no longer for what was sent. */
  void cutOff() {
    Options.resetOnClose(socket.channel());
    closeNow();
    output.noteFlushing(); // Nobody is to wait for it.
  }

  /** Gives the descriptor away, open. */
  int detach() {
    socket.enter("detach");
    try {
      socket.needOpen();
      int descriptor = socket.kernel().detach(socket.channel());
      output.flush();
      if (socket.gate().flushing() || input.hasBytes()) throw WouldBlockException.INSTANCE;
      letDescriptorGo();
      return descriptor;
    } finally {
      socket.exit();
    }
  }

  private void letDescriptorGo() {
    socket.barDirect();
    socket.gate().owner(null);
    socket.gate().cancel();
    socket.socketLoop().backlogged(socket, false);
    socket.giveNumber();
    socket.known(Readiness.NVAL);
    input.letGo();
    if (socket.knownActivity() != null) socket.knownActivity().closed();
  }

  /**
   * Gives the channel away, its gate open, as what it is: fresh, connecting, connected, or gone
   * with an error that nobody was told of.
   */
  HandedOver handOver() {
    StreamOpening opening = socket.opening();
    output.flush();
    socket.socketLoop().backlogged(socket, false);
    socket.gate().flushing(false); // The channel itself asks for room, once its gate is open.
    socket.gate().watch(null);
    Held.Holder holder = socket.holder();
    int number = socket.giveNumber();
    socket.known(Readiness.NVAL);
    socket.lookAgain(); // A pass that waits for this socket asks for the other one.
    ByteBuf unread = input.handOver();
    Errno error = opening.pendingError();
    if (error == Errno.OK) error = input.takeError();
    if (error == Errno.OK) error = output.takeError();
    if (error == Errno.OK && opening.hasUntold())
      error = socket.kernel().takeError(socket.channel());
    return new HandedOver(
        socket.socketLoop(),
        socket.channel(),
        socket.family(),
        socket.gate(),
        number,
        holder,
        socket::successor,
        input.recvAllocator(),
        opening.connect(),
        socket.knownActivity(),
        unread,
        input.hasEnded(),
        error);
  }
}
