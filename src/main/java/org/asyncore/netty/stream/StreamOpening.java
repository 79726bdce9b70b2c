package org.asyncore.netty.stream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.net.SocketAddress;
import org.asyncore.netty.kernel.Addresses;
import org.asyncore.netty.kernel.ErrnoMapping;
import org.asyncore.netty.kernel.Kernel;
import org.asyncore.netty.socket.Reopening;
import org.asyncore.netty.stream.StreamSocket.Phase;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;

/**
 * How a {@link StreamSocket} comes to be bound, listening or connected: by its channel; or, on a
 * thread without the turn, past it, of which the channel is told as soon as anybody has the turn.
 *
 * <p>Calls of the program may come from any thread; everything else is for the holder of the turn,
 * but for what says otherwise.
 */
final class StreamOpening {
  private final StreamSocket socket;

  /**
   * The phase after calls past the channel, of which the holder of the turn knows nothing yet: a
   * call of his that is under way goes on as if they came after it. Null for none.
   */
  private volatile Phase ahead;

  private volatile boolean isBound;
  private ChannelFuture connect;

  /** What SO_ERROR is to tell where the system can no longer be asked. */
  private Errno pendingError = Errno.OK;

  /** With whom a connect past the channel began, of which that knows nothing yet; else null. */
  private SocketAddress untold;

  StreamOpening(StreamSocket socket) {
    this.socket = socket;
  }

  /** The connect under way, or the last one; null if nobody has connected. */
  ChannelFuture connect() {
    return connect;
  }

  /** Whether there is a connect of which the channel does not know, as it has failed. */
  boolean hasUntold() {
    return untold != null;
  }

  /** What the phase is to calls past the channel. Any thread. */
  Phase phaseBeside() {
    Phase next = ahead;
    return next == null ? socket.phase() : next;
  }

  /** Is in another phase as soon as the channel is told of what was done past it. */
  private void goAhead(Phase next, Runnable telling) {
    ahead = next;
    socket.owe(
        () -> {
          if (socket.phase() != Phase.DEAD) socket.phase(next);
          ahead = null;
          telling.run();
        });
  }

  // --- binding and listening ---

  void bind(SocketAddress address) {
    boolean hasTurn = socket.enterUnlessCalling();
    try {
      socket.needOpen();
      Addresses.needFree(address);
      SocketAddress own = Addresses.forChannel(channel(), address);
      if (hasTurn) bindChannel(own);
      else socket.directly(() -> bindNow(own));
    } finally {
      if (hasTurn) socket.exit();
    }
  }

  private void bindChannel(SocketAddress address) {
    StreamSocket.await(channel().bind(address));
    isBound = true;
  }

  /** Past the channel, which has nothing to learn: it asks the system for its address. */
  private void bindNow(SocketAddress address) {
    kernel().bindNow(channel(), address);
    isBound = true;
  }

  void listen(int backlog) {
    boolean hasTurn = socket.enterUnlessCalling();
    try {
      socket.needOpen();
      socket.directly(() -> listenNow(backlog));
      if (hasTurn) socket.catchUp();
      else socket.handOver(socket::catchUp);
    } finally {
      if (hasTurn) socket.exit();
    }
  }

  /** Another channel comes in the place of a fresh one, with which the loop is to part. */
  private void listenNow(int backlog) {
    Channel bound = channel();
    if (phaseBeside() == Phase.LISTENING) {
      kernel().listenAgain(bound, backlog);
      return;
    }
    if (phaseBeside() != Phase.FRESH) throw new OsException(Errno.EINVAL);
    Channel listening = kernel().listen(bound, socket.family(), isBound, backlog);
    socket.prepare(listening);
    goAhead(
        Phase.LISTENING,
        () -> {
          // The descriptor, where there is one, is the listening channel's now.
          socket.gate().owner(null);
          kernel().discard(bound, socket.gate());
          socket.rejoin(listening);
        });
  }

  // --- connecting ---

  Errno connectEx(SocketAddress address) {
    boolean hasTurn = socket.enterUnlessCalling();
    try {
      socket.needOpen();
      Addresses.needResolved(address);
      return hasTurn ? connectChannel(address) : connectBeside(address);
    } catch (OsException refused) {
      return refused.errno();
    } finally {
      if (hasTurn) socket.exit();
    }
  }

  private Errno connectChannel(SocketAddress address) {
    if (socket.phase() == Phase.DEAD) return Errno.ECONNABORTED;
    if (socket.phase() != Phase.FRESH) return connectAgain(address);
    SocketAddress peer = Addresses.forChannel(channel(), address);
    Reopening reopening = Reopening.of(channel());
    socket.noteConnects();
    connect = channel().connect(peer);
    if (!connect.isDone()) {
      socket.phase(Phase.CONNECTING);
      return Errno.EINPROGRESS;
    }
    if (connect.isSuccess()) return Errno.OK;
    if (!channel().isOpen()) reopen(reopening);
    return ErrnoMapping.errno(connect.cause());
  }

  private Errno connectAgain(SocketAddress address) {
    Errno errno = kernel().connectNow(channel(), address);
    if (errno == Errno.OK && socket.phase() == Phase.CONNECTING) finish();
    return errno;
  }

  /** As {@link #connectChannel}, past the channel, on a thread without the turn. */
  private Errno connectBeside(SocketAddress address) {
    SocketAddress peer = Addresses.forChannel(channel(), address);
    Errno errno = socket.direct(() -> connectNow(peer));
    socket.handOver(socket::catchUp);
    return errno;
  }

  private Errno connectNow(SocketAddress peer) {
    if (phaseBeside() == Phase.DEAD) return Errno.ECONNABORTED;
    if (phaseBeside() != Phase.FRESH) return kernel().connectNow(channel(), peer);
    Reopening reopening = Reopening.of(channel());
    Errno errno = kernel().connectNow(channel(), peer);
    if (errno == Errno.OK || errno == Errno.EALREADY) {
      goAhead(errno == Errno.OK ? Phase.CONNECTED : Phase.CONNECTING, () -> tell(peer));
      return errno == Errno.OK ? errno : Errno.EINPROGRESS;
    }
    if (kernel().isSpent(channel())) socket.owe(() -> reopen(reopening));
    return errno;
  }

  /**
   * Tells the channel of a connect past it, which is under way or up; one that has failed is the
   * system's to tell, until another one has not.
   */
  private void tell(SocketAddress peer) {
    untold = null;
    if (socket.phase() == Phase.DEAD) return; // The loop has not taken it.
    Channel spent = channel();
    Channel up = kernel().connected(spent, socket.family());
    if (up != null) {
      socket.gate().owner(null); // Its descriptor is the other one's now.
      socket.gate().cancel();
      kernel().letGoOfClosed(socket.socketLoop().eventLoop());
      Reopening.of(spent).onto(up, spent, socket::prepare);
      socket.phase(Phase.CONNECTED);
      socket.rejoin(up);
    } else if (kernel().connectHasFailed(spent)) {
      untold = peer;
    } else {
      connect = spent.connect(peer); // As the system answers: it is under way.
      noteFailure();
    }
  }

  /**
   * Netty closes a channel whose connect failed at once; in asyncore the socket is still there to
   * try again.
   */
  private void reopen(Reopening reopening) {
    Channel spent = channel();
    Channel another = kernel().newStream(socket.family());
    socket.barDirect();
    socket.gate().owner(null);
    spent.close(); // The JDK may have done so past it.
    socket.phase(Phase.FRESH);
    socket.known(0);
    int before = socket.fileno();
    kernel().letGoOfClosed(socket.socketLoop().eventLoop()); // Its name is free then.
    reopening.onto(another, spent, socket::prepare);
    socket.rejoin(another);
    socket.allowDirect();
    socket.number(kernel().dealNumber(another));
    kernel().returnNumber(before);
    reopening.bind(another);
  }

  /**
   * A connect is up, or has failed, as soon as the system says so, even if no pass has found it
   * yet.
   */
  void settle() {
    if (socket.phase() == Phase.CONNECTING && kernel().connectHasEnded(channel())) finish();
  }

  /** Has the channel find out how its connect ended. */
  void finish() {
    if (untold != null) {
      tell(untold);
      return;
    }
    socket.gate().deliver(Readiness.OUT);
    socket.gate().update(); // Another phase may be asked for other events.
    if (socket.phase() != Phase.CONNECTED) noteFailure();
  }

  private void noteFailure() {
    if (!connect.isDone() || connect.isSuccess()) return;
    pendingError(ErrnoMapping.errno(connect.cause()));
    if (!channel().isOpen()) socket.die(); // The JDK closes a channel that failed to connect.
  }

  // --- SO_ERROR, which tells how it went ---

  Errno takeError(StreamInput input, StreamOutput output) {
    boolean hasTurn = socket.enterUnlessCalling();
    try {
      socket.needOpen();
      return hasTurn ? takeErrorHere(input, output) : takeErrorBeside();
    } finally {
      if (hasTurn) socket.exit();
    }
  }

  private Errno takeErrorHere(StreamInput input, StreamOutput output) {
    boolean asksUs = kernel().hidesHangUps(); // Of epoll the errors are asked for first, below.
    if (asksUs) settle();
    Errno pending = takePending();
    if (pending == Errno.OK) pending = output.takeError(); // The system's, had it not told us.
    if (pending != Errno.OK) return pending;
    if (socket.phase() == Phase.DEAD) return Errno.OK;
    if (socket.phase() == Phase.CONNECTED && asksUs) {
      input.lookAhead(); // The JDK keeps no error to be asked for: reading tells.
      return input.takeError();
    }
    Errno errno = kernel().takeError(channel());
    if (errno == Errno.OK) settle();
    return errno;
  }

  /** Past the channel: what the system knows. */
  private Errno takeErrorBeside() {
    if (phaseBeside() == Phase.DEAD) return Errno.OK;
    return socket.direct(() -> kernel().takeError(channel()));
  }

  private Errno takePending() {
    Errno pending = pendingError;
    pendingError = Errno.OK;
    socket.known(socket.known() & ~Readiness.ERR);
    return pending;
  }

  /** Whoever comes first is told of the error: SO_ERROR, recv or send. */
  void throwPending() {
    Errno pending = takePending();
    if (pending != Errno.OK) throw new OsException(pending);
  }

  Errno pendingError() {
    return pendingError;
  }

  void pendingError(Errno errno) {
    pendingError = errno;
  }

  private Channel channel() {
    return socket.channel();
  }

  private Kernel kernel() {
    return socket.kernel();
  }
}
