package org.asyncore.netty.stream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import org.asyncore.netty.kernel.Addresses;
import org.asyncore.netty.kernel.ErrnoMapping;
import org.asyncore.netty.kernel.OpenSocket;
import org.asyncore.netty.kernel.Options;
import org.asyncore.netty.socket.ChannelConnection;
import org.asyncore.netty.socket.HandedOver;
import org.asyncore.netty.socket.NettySocket;
import org.asyncore.netty.socket.Orphan;
import org.asyncore.netty.socket.ReadinessHandler;
import org.asyncore.netty.socket.Reopening;
import org.asyncore.netty.socket.SocketLoop;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.Activity;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Datagram;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.Shutdown;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.WouldBlockException;

/**
 * A stream socket on a Netty channel: fresh, connecting, connected or listening.
 *
 * <p>Received bytes stay in the kernel until {@code recv} asks for them ({@link StreamInput}). So
 * whatever asyncore would see of the kernel, such as a hang-up behind unread bytes, is there to be
 * seen. Sent bytes are written and flushed at once, or after the callbacks that sent them where
 * nobody can tell ({@link StreamOutput}).
 */
public final class StreamSocket extends NettySocket
    implements ReadinessHandler.Facts, ChannelConnection {
  private static final byte[] NO_BYTES = {};

  // phase       event                     next
  // FRESH       connectEx, in progress    CONNECTING
  // FRESH       connectEx, at once        CONNECTED    (Unix domain sockets)
  // FRESH       listen                    LISTENING    (another channel takes the descriptor over)
  // CONNECTING  SO_ERROR 0, established   CONNECTED
  // CONNECTING  the JDK closed it         DEAD         (NIO, refused)
  // any         close                     the number is -1
  private enum Phase {
    FRESH,
    CONNECTING,
    CONNECTED,
    LISTENING,
    DEAD
  }

  /** Written by the holder of the turn, as is the phase; calls past the channel read them. */
  private volatile Channel channel;

  private volatile Phase phase;

  /**
   * The phase after calls past the channel, of which the holder of the turn knows nothing yet: a
   * call of his that is under way goes on as if they came after it. Null for none.
   */
  private volatile Phase ahead;

  private volatile boolean isBound;
  private ChannelFuture connect;

  /** With whom a connect past the channel began, of which that knows nothing yet; else null. */
  private SocketAddress untold;

  private final StreamInput input = new StreamInput(this);
  private final StreamOutput output = new StreamOutput(this);

  /** What SO_ERROR is to tell where the system can no longer be asked. */
  private Errno pendingError = Errno.OK;

  private Channel accepted;

  /** Null as long as nobody asks for it. */
  private volatile Activity activity;

  private boolean closeWhenFlushed;

  /** Nobody is to get what the channel reads from now on. */
  private boolean hasLetGo;

  /** Null unless it is closed, and not flushed. */
  private Orphan orphan;

  private volatile boolean shutdownWhenFlushed;

  /**
   * A fresh socket.
   *
   * @param hasTurn whether the loop's turn is ours; else it is registered later
   */
  public static StreamSocket fresh(SocketLoop transport, Family family, boolean hasTurn) {
    Channel channel = transport.kernel().newStream(family);
    return new StreamSocket(transport, family, channel, Phase.FRESH, hasTurn);
  }

  /** A socket over a connected channel that no loop has yet. */
  public static StreamSocket connected(SocketLoop transport, Family family, Channel channel) {
    return new StreamSocket(transport, family, channel, Phase.CONNECTED, true);
  }

  /**
   * A socket over a descriptor that somebody else has opened.
   *
   * @param hasTurn whether the loop's turn is ours; else it is registered later
   */
  public static StreamSocket over(SocketLoop transport, OpenSocket open, boolean hasTurn) {
    Phase phase = open.isListening() ? Phase.LISTENING : Phase.CONNECTED;
    StreamSocket socket =
        new StreamSocket(transport, open.family(), open.channel(), phase, hasTurn);
    if (open.error() != Errno.OK) socket.input.fail(open.error());
    return socket;
  }

  private StreamSocket(
      SocketLoop transport, Family family, Channel channel, Phase phase, boolean hasTurn) {
    super(transport, family, SocketType.STREAM);
    this.phase = phase;
    number(kernel().dealNumber(channel));
    try {
      take(channel, hasTurn);
    } catch (Throwable refused) {
      kernel().returnNumber(giveNumber());
      throw refused;
    }
  }

  private void take(Channel channel, boolean hasTurn) {
    prepare(channel);
    join(hasTurn);
  }

  /** Makes a channel, which no loop has yet, the one below this socket. */
  private void prepare(Channel channel) {
    this.channel = channel;
    ChannelConfig config = channel.config();
    input.take(config, kernel().hidesHangUps() && family() == Family.UNIX);
    config.setAutoClose(false);
    config.setConnectTimeoutMillis(0); // The operating system's own applies, as in Python.
    Options.allowHalfClosure(config);
    channel.pipeline().addLast(new ReadinessHandler(this));
  }

  @Override
  public Channel channel() {
    return channel;
  }

  // --- what happens on the connection ---

  @Override
  public Activity activity() {
    Activity known = activity;
    if (known == null) activity = known = new Activity(this, () -> transport().nanoTime());
    return known;
  }

  @Override
  public boolean isReading() {
    return (gate().interest() & Readiness.IN) != 0;
  }

  @Override
  public boolean waitsForRoom() {
    return phase == Phase.CONNECTED && lacksRoom();
  }

  void noteReceived() {
    Activity told = activity;
    if (told != null) told.received();
  }

  void noteSent(boolean waits) {
    Activity told = activity;
    if (told != null) told.sent(waits);
  }

  /**
   * Gives the channel away, its gate open, as what it is: fresh, connecting, connected, or gone
   * with an error that nobody was told of.
   */
  public HandedOver handOver() {
    needOpen();
    if (phase == Phase.LISTENING) throw new IllegalStateException("a listening socket");
    settleConnect();
    flush();
    transport().backlogged(this, false);
    gate().flushing(false); // The channel itself asks for room, once its gate is open.
    gate().watch(null);
    Holder holder = holder();
    int number = giveNumber();
    known(Readiness.NVAL);
    lookAgain(); // A pass that waits for this socket asks for the other one.
    ByteBuf unread = input.handOver();
    Errno error = pendingError == Errno.OK ? input.takeError() : pendingError;
    if (error == Errno.OK) error = output.takeError();
    if (error == Errno.OK && untold != null) error = kernel().takeError(channel);
    return new HandedOver(
        transport(),
        channel,
        family(),
        gate(),
        number,
        holder,
        this::successor,
        input.recvAllocator(),
        connect,
        activity,
        unread,
        input.hasEnded(),
        error);
  }

  /** How many bytes were read that nobody has asked for. */
  public int unread() {
    return input.byteCount();
  }

  // --- what the system and the channel report ---

  @Override
  protected int digest(int events) {
    int told = events;
    if (gate().flushing()) {
      if ((events & (Readiness.OUT | Readiness.ERR | Readiness.HUP)) != 0) flushMore();
      if (gate().flushing()) told &= ~Readiness.OUT; // Full: the bytes of an earlier send go first.
    }
    if (!kernel().hidesHangUps()) return told;
    if (phase == Phase.CONNECTING) {
      finishConnect();
      if (phase == Phase.CONNECTED) lookAgain(); // Now it can be asked for what it is ready for.
      return known();
    }
    if (phase == Phase.FRESH) return Readiness.OUT | Readiness.HUP;
    boolean isReadable = (events & Readiness.IN) != 0; // As whatever hangs up is.
    if (isReadable && hangUpsAsked() && gate().mustLookTwice()) lookAgain();
    return told;
  }

  @Override
  public void connected() {
    if (phase != Phase.LISTENING) phase = Phase.CONNECTED; // Netty calls listeners active, too.
  }

  @Override
  public void received(Object message) {
    if (hasLetGo) {
      drop(message);
    } else if (message instanceof ByteBuf bytes) {
      input.add(bytes);
    } else if (message instanceof Channel child) {
      accepted = child;
    } else {
      ReferenceCountUtil.release(message);
      throw new ClassCastException(
          "a dispatcher reads ByteBufs, not " + message.getClass().getName());
    }
  }

  /** A handler of the program may have something left to say when nobody hears any more. */
  private static void drop(Object message) {
    if (message instanceof Channel child) child.unsafe().closeForcibly();
    else ReferenceCountUtil.release(message);
  }

  @Override
  public void inputEnded() {
    input.end();
  }

  @Override
  public void writabilityChanged() {
    // The kernel is asked for room, not Netty's water mark.
  }

  @Override
  public void failed(Throwable cause) {
    Errno errno = ErrnoMapping.errno(cause);
    if (output.isWriting()) output.fail(errno);
    else input.fail(errno);
  }

  @Override
  public void closedBelow() {
    input.end();
    if (!isClosed()) die();
  }

  @Override
  protected void refused(Errno why) {
    pendingError = why;
    die();
  }

  /**
   * The channel is gone though nobody closed the socket: it stays readable and writable, and hung
   * up.
   */
  private void die() {
    phase = Phase.DEAD;
    known(Readiness.IN | Readiness.OUT | Readiness.HUP);
    if (pendingError != Errno.OK) known(known() | Readiness.ERR);
  }

  // --- binding, listening, accepting, connecting ---

  @Override
  public void bind(SocketAddress address) {
    if (!enterUnlessCalling()) {
      needOpen();
      Addresses.needFree(address);
      bindNow(Addresses.forChannel(channel, address));
      return;
    }
    try {
      needOpen();
      Addresses.needFree(address);
      await(channel.bind(Addresses.forChannel(channel, address)));
      isBound = true;
    } finally {
      exit();
    }
  }

  /** Past the channel, which has nothing to learn: it asks the system for its address. */
  private void bindNow(SocketAddress address) {
    directly(
        () -> {
          kernel().bindNow(channel, address);
          isBound = true;
        });
  }

  @Override
  public void listen(int backlog) {
    boolean hasTurn = enterUnlessCalling();
    try {
      needOpen();
      direct(() -> listenNow(backlog));
      if (hasTurn) catchUp();
      else handOver(this::catchUp);
    } finally {
      if (hasTurn) exit();
    }
  }

  /** Says whether another channel is in the place of this one, with which the loop is to part. */
  private boolean listenNow(int backlog) {
    Channel bound = channel;
    if (phaseBeside() == Phase.LISTENING) {
      kernel().listenAgain(bound, backlog);
      return false;
    }
    if (phaseBeside() != Phase.FRESH) throw new OsException(Errno.EINVAL);
    Channel listening = kernel().listen(bound, family(), isBound, backlog);
    prepare(listening);
    goAhead(
        Phase.LISTENING,
        () -> {
          gate().owner(null); // The descriptor, where there is one, is the listening channel's now.
          kernel().discard(bound, gate());
          rejoin(listening);
        });
    return true;
  }

  @Override
  public Accepted accept() {
    if (!enterUnlessCalling()) throw wouldBlock(Phase.LISTENING);
    try {
      needOpen();
      if (phase != Phase.LISTENING) throw new OsException(Errno.EINVAL);
      gate().deliver(Readiness.IN);
      input.throwError();
      Channel child = accepted;
      if (child == null) throw WouldBlockException.INSTANCE;
      accepted = null;
      AsyncSocket socket = transport().accepted(family(), child);
      return new Accepted(socket, Addresses.peerOf(child, family()));
    } finally {
      exit();
    }
  }

  @Override
  public Errno connectEx(SocketAddress address) {
    if (!enterUnlessCalling()) return connectBeside(address);
    try {
      needOpen();
      Addresses.needResolved(address);
      if (phase == Phase.DEAD) return Errno.ECONNABORTED;
      if (phase != Phase.FRESH) return connectAgain(address);
      SocketAddress peer = Addresses.forChannel(channel, address);
      Reopening reopening = Reopening.of(channel);
      if (activity != null) activity.connects();
      connect = channel.connect(peer);
      if (!connect.isDone()) {
        phase = Phase.CONNECTING;
        return Errno.EINPROGRESS;
      }
      if (connect.isSuccess()) return Errno.OK;
      if (!channel.isOpen()) reopen(reopening);
      return ErrnoMapping.errno(connect.cause());
    } catch (OsException refused) {
      return refused.errno();
    } finally {
      exit();
    }
  }

  private Errno connectAgain(SocketAddress address) {
    Errno errno = kernel().connectNow(channel, address);
    if (errno == Errno.OK && phase == Phase.CONNECTING) finishConnect();
    return errno;
  }

  /** As {@link #connectEx}, past the channel, on a thread without the turn. */
  private Errno connectBeside(SocketAddress address) {
    try {
      needOpen();
      Addresses.needResolved(address);
      SocketAddress peer = Addresses.forChannel(channel, address);
      Errno errno = direct(() -> connectNow(peer));
      handOver(this::catchUp);
      return errno;
    } catch (OsException refused) {
      return refused.errno();
    }
  }

  private Errno connectNow(SocketAddress peer) {
    if (phaseBeside() == Phase.DEAD) return Errno.ECONNABORTED;
    if (phaseBeside() != Phase.FRESH) return kernel().connectNow(channel, peer);
    Reopening reopening = Reopening.of(channel);
    Errno errno = kernel().connectNow(channel, peer);
    if (errno == Errno.OK || errno == Errno.EALREADY) {
      Phase next = errno == Errno.OK ? Phase.CONNECTED : Phase.CONNECTING;
      goAhead(next, () -> tellOfConnect(peer));
      return errno == Errno.OK ? errno : Errno.EINPROGRESS;
    }
    if (kernel().isSpent(channel)) owe(() -> reopen(reopening));
    return errno;
  }

  /** What the phase is to calls past the channel. */
  private Phase phaseBeside() {
    Phase ahead = this.ahead;
    return ahead == null ? phase : ahead;
  }

  /** Is in another phase as soon as the channel is told of what was done past it. */
  private void goAhead(Phase next, Runnable telling) {
    ahead = next;
    owe(
        () -> {
          if (phase != Phase.DEAD) phase = next;
          ahead = null;
          telling.run();
        });
  }

  /**
   * Tells the channel of a connect past it, which is under way or up; one that has failed is the
   * system's to tell, until another one has not.
   */
  private void tellOfConnect(SocketAddress peer) {
    untold = null;
    if (phase == Phase.DEAD) return; // The loop has not taken it.
    Channel up = kernel().connected(channel, family());
    if (up != null) {
      Channel spent = channel;
      gate().owner(null); // Its descriptor is the other one's now.
      gate().cancel();
      kernel().letGoOfClosed(transport().loop());
      Reopening.of(spent).onto(up, spent, this::prepare);
      phase = Phase.CONNECTED;
      rejoin(up);
    } else if (kernel().connectHasFailed(channel)) {
      untold = peer;
    } else {
      connect = channel.connect(peer); // As the system answers: it is under way.
      noteConnect();
    }
  }

  /**
   * Netty closes a channel whose connect failed at once; in asyncore the socket is still there to
   * try again.
   */
  private void reopen(Reopening reopening) {
    Channel spent = channel;
    Channel another = kernel().newStream(family());
    barDirect();
    gate().owner(null);
    spent.close(); // The JDK may have done so past it.
    phase = Phase.FRESH;
    known(0);
    int before = fileno();
    kernel().letGoOfClosed(transport().loop()); // Its name is free then.
    reopening.onto(another, spent, this::prepare);
    rejoin(another);
    allowDirect();
    number(kernel().dealNumber(another));
    kernel().returnNumber(before);
    reopening.bind(another);
  }

  /**
   * A connect is up, or has failed, as soon as the system says so, even if no pass has found it
   * yet.
   */
  private void settleConnect() {
    if (phase == Phase.CONNECTING && kernel().connectHasEnded(channel)) finishConnect();
  }

  /** Has the channel find out how its connect ended. */
  private void finishConnect() {
    if (untold != null) {
      tellOfConnect(untold);
      return;
    }
    gate().deliver(Readiness.OUT);
    gate().update(); // Another phase may be asked for other events.
    if (phase != Phase.CONNECTED) noteConnect();
  }

  private void noteConnect() {
    if (!connect.isDone() || connect.isSuccess()) return;
    pendingError = ErrnoMapping.errno(connect.cause());
    if (!channel.isOpen()) die(); // The JDK closes a channel that failed to connect.
  }

  @Override
  public Errno takeError() {
    if (!enterUnlessCalling()) return takeErrorNow();
    try {
      needOpen();
      if (kernel().hidesHangUps()) settleConnect(); // Epoll's errors are asked for first, below.
      Errno pending = takePending();
      if (pending == Errno.OK) pending = output.takeError(); // The system's, had it not told us.
      if (pending != Errno.OK) return pending;
      if (phase == Phase.DEAD) return Errno.OK;
      if (phase == Phase.CONNECTED && kernel().hidesHangUps()) return lookForError();
      Errno errno = kernel().takeError(channel);
      if (errno == Errno.OK) settleConnect();
      return errno;
    } finally {
      exit();
    }
  }

  /** As {@link #takeError}, past the channel: what the system knows. */
  private Errno takeErrorNow() {
    needOpen();
    return phaseBeside() == Phase.DEAD ? Errno.OK : direct(() -> kernel().takeError(channel));
  }

  private Errno takePending() {
    Errno pending = pendingError;
    pendingError = Errno.OK;
    known(known() & ~Readiness.ERR);
    return pending;
  }

  /** The JDK keeps no error to be asked for: reading tells. */
  private Errno lookForError() {
    lookAhead();
    return input.takeError();
  }

  private void lookAhead() {
    input.look();
    noteUnread();
  }

  @Override
  protected SocketAddress peerAddress() {
    if (kernel().hidesHangUps() && phase == Phase.CONNECTING) {
      settleConnect();
      if (phase == Phase.CONNECTING) return null; // The JDK has one already.
    }
    return super.peerAddress();
  }

  @Override
  protected SocketAddress peerAddressNow() {
    if (kernel().hidesHangUps() && phaseBeside() == Phase.CONNECTING) return null; // As above.
    return super.peerAddressNow();
  }

  // --- receiving ---

  @Override
  public byte[] recv(int byteCount) {
    if (!enterUnlessCalling()) {
      synchronized (input) {
        return fillNow(byteCount) ? input.take(byteCount) : NO_BYTES;
      }
    }
    try {
      synchronized (input) {
        return fill(byteCount) ? input.take(byteCount) : NO_BYTES;
      }
    } finally {
      noteUnread();
      exit();
    }
  }

  @Override
  public int recv(ByteBuffer target) {
    if (!enterUnlessCalling()) {
      synchronized (input) {
        return fillNow(target.remaining()) ? input.take(target) : 0;
      }
    }
    try {
      synchronized (input) {
        return fill(target.remaining()) ? input.take(target) : 0;
      }
    } finally {
      noteUnread();
      exit();
    }
  }

  /**
   * As {@link #fill}, past the channel, on a thread without the turn: what there is, read ahead or
   * in the kernel. An error is the next call's to tell that has the turn.
   */
  private boolean fillNow(int byteCount) {
    needOpen();
    if (input.hasBytes()) return true;
    if (phaseBeside() == Phase.DEAD) return false;
    if (phaseBeside() != Phase.CONNECTED) throw wouldBlock(Phase.CONNECTING);
    return direct(() -> input.fillUnconnected(byteCount));
  }

  /** What a call is told that would need the turn, of a socket that is as it should be for it. */
  private OsException wouldBlock(Phase needed) {
    needOpen();
    if (phaseBeside() == needed) return WouldBlockException.INSTANCE;
    return new OsException(needed == Phase.LISTENING ? Errno.EINVAL : Errno.ENOTCONN);
  }

  /** Makes sure that there are bytes to take; false is the end of the stream. */
  private boolean fill(int byteCount) {
    needOpen();
    if (input.isEnoughFor(byteCount)) return true;
    if (phase != Phase.CONNECTED) settleConnect();
    if (phase == Phase.CONNECTED) return fillConnected(byteCount);
    if (phase != Phase.DEAD) return input.fillUnconnected(byteCount);
    throwPending();
    input.throwError();
    return false;
  }

  private boolean fillConnected(int byteCount) {
    boolean hasCome = input.fill(byteCount);
    if (!hasCome || phase != Phase.DEAD) return hasCome;
    // Broken behind these bytes: the next call, whichever it is, is told.
    pendingError = input.takeError();
    if (pendingError != Errno.OK) known(known() | Readiness.ERR);
    return true;
  }

  @Override
  public Datagram recvfrom(int byteCount) {
    return new Datagram(recv(byteCount), null); // As Python: a stream has no sender to name.
  }

  @Override
  public byte[] recvUrgent(int byteCount) {
    if (!enterUnlessCalling()) {
      needOpen();
      try {
        return takeUrgentNow();
      } finally {
        handOver(this::noteUnread); // Bytes that came before it.
      }
    }
    try {
      needOpen();
      return new byte[] {input.takeUrgent()};
    } finally {
      noteUnread();
      exit();
    }
  }

  private byte[] takeUrgentNow() {
    synchronized (input) {
      return new byte[] {direct(input::takeUrgent)};
    }
  }

  /**
   * Bytes that came before an urgent one are ours to tell of, as the kernel has them no more; and
   * that there is room, as TCP says of a stream that is shut down.
   */
  private void noteUnread() {
    if (phase != Phase.CONNECTED || isClosed()) return;
    int known = input.hasBytes() ? Readiness.IN : 0;
    if (shutdownWhenFlushed && family() != Family.UNIX) known |= Readiness.OUT;
    known(known);
  }

  // --- sending ---

  @Override
  public int send(byte[] data, int offset, int byteCount) {
    if (!enterUnlessCalling()) return sendNow(ByteBuffer.wrap(data, offset, byteCount));
    try {
      if (!isConnected()) {
        return kernel().sendNow(channel, ByteBuffer.wrap(data, offset, byteCount));
      }
      return output.write(data, offset, null, byteCount);
    } finally {
      exit();
    }
  }

  @Override
  public int send(ByteBuffer data) {
    if (!enterUnlessCalling()) return sendNow(data);
    try {
      if (!isConnected()) return kernel().sendNow(channel, data);
      return output.write(null, 0, data, data.remaining());
    } finally {
      exit();
    }
  }

  /**
   * As {@link #send(ByteBuffer)}, past the channel, on a thread without the turn: behind what
   * callbacks have sent, as far as the kernel has room.
   */
  private int sendNow(ByteBuffer data) {
    needOpen();
    Phase phase = phaseBeside();
    if (phase == Phase.CONNECTED) return output.writeNow(data);
    if (phase == Phase.CONNECTING) throw WouldBlockException.INSTANCE;
    throw new OsException(family() == Family.UNIX ? Errno.ENOTCONN : Errno.EPIPE);
  }

  /** Why nothing is taken while the channel flushes: to the caller a shutdown has happened. */
  OsException full() {
    return shutdownWhenFlushed ? new OsException(Errno.EPIPE) : WouldBlockException.INSTANCE;
  }

  private boolean isConnected() {
    needOpen();
    if (phase != Phase.CONNECTED) settleConnect();
    if (phase != Phase.DEAD) return phase == Phase.CONNECTED;
    throwPending();
    throw new OsException(Errno.EPIPE);
  }

  /** Whoever comes first is told of the error: SO_ERROR, recv or send. */
  private void throwPending() {
    Errno pending = takePending();
    if (pending != Errno.OK) throw new OsException(pending);
  }

  @Override
  public void flush() {
    output.flush();
  }

  @Override
  public void flushOverdue() {
    output.flushPastChannel();
  }

  /** The kernel has room again for what an earlier send left. */
  private void flushMore() {
    output.flushMore();
    if (orphan != null) orphan.progressed();
    if (gate().flushing()) return;
    if (shutdownWhenFlushed) shutdownOutput();
    if (closeWhenFlushed) closeChannelNow();
  }

  @Override
  public int sendto(byte[] data, SocketAddress address) {
    throw new OsException(phase == Phase.CONNECTED ? Errno.EISCONN : Errno.ENOTCONN);
  }

  @Override
  public int sendUrgent(byte[] data) {
    if (!enterUnlessCalling()) {
      needOpen();
      return output.writeNow(() -> kernel().sendUrgent(channel, data));
    }
    try {
      needOpen();
      flush();
      if (gate().flushing()) throw full();
      int sent = kernel().sendUrgent(channel, data);
      noteSent(false);
      return sent;
    } finally {
      exit();
    }
  }

  // --- ending ---

  @Override
  public void shutdown(Shutdown how) {
    if (!enterUnlessCalling()) {
      needOpen();
      if (phaseBeside() != Phase.CONNECTED) throw new OsException(Errno.ENOTCONN);
      handOver(() -> shutdownIfOpen(how));
      return;
    }
    try {
      needOpen();
      if (phase != Phase.CONNECTED) settleConnect();
      if (phase != Phase.CONNECTED) throw new OsException(Errno.ENOTCONN);
      if (how != Shutdown.WR) {
        input.shut();
        await(((DuplexChannel) channel).shutdownInput());
        input.end();
      }
      if (how == Shutdown.RD) return;
      flush();
      if (gate().flushing()) shutdownWhenFlushed = true;
      else shutdownOutput();
    } finally {
      noteUnread();
      exit();
    }
  }

  private void shutdownIfOpen(Shutdown how) {
    if (isClosed() || phase != Phase.CONNECTED) return; // Which has ended it already.
    shutdown(how);
  }

  private void shutdownOutput() {
    shutdownWhenFlushed = false;
    noteUnread();
    if (channel.unsafe().outboundBuffer() != null) ((DuplexChannel) channel).shutdownOutput();
  }

  @Override
  protected void closeChannel() {
    flush();
    if (activity != null) activity.closed();
    boolean drops = Options.closeWithoutWaiting(channel);
    if (gate().flushing() && !drops) {
      closeWhenFlushed = true;
      gate().ask(0);
      orphan = new Orphan(transport().loop(), channel, Orphan.usualNanos(), activity, this::cutOff);
    } else {
      transport().backlogged(this, false); // As the kernel with SO_LINGER of 0: it is dropped.
      closeChannelNow();
    }
  }

  private void closeChannelNow() {
    closeWhenFlushed = false;
    if (kernel().hidesHangUps()) lookForUnread();
    // As the kernel does to bytes that it still has: closing on unread bytes resets the peer.
    if (input.hasBytes()) Options.resetOnClose(channel);
    input.release();
    hasLetGo = true;
    channel.close();
    kernel().letGoOfClosed(transport().loop());
  }

  @Override
  public void cutOff() {
    Options.resetOnClose(channel);
    closeChannelNow();
    output.noteFlushing(); // Nobody is to wait for it.
  }

  /** The JDK ends the stream before it closes a TCP socket, unless it knows of unread bytes. */
  private void lookForUnread() {
    if (phase == Phase.CONNECTED && family() != Family.UNIX) lookAhead();
  }

  @Override
  public int detach() {
    enter("detach");
    try {
      needOpen();
      int descriptor = kernel().detach(channel);
      flush();
      if (gate().flushing() || unread() > 0) throw WouldBlockException.INSTANCE;
      barDirect();
      gate().owner(null);
      gate().cancel();
      transport().backlogged(this, false);
      giveNumber();
      known(Readiness.NVAL);
      hasLetGo = true;
      if (activity != null) activity.closed();
      return descriptor;
    } finally {
      exit();
    }
  }

  // --- options ---

  @Override
  public <T> T getsockopt(SocketOption<T> option) {
    if (!enterUnlessCalling()) {
      needOpen();
      output.flushPastChannel();
      return direct(() -> Options.get(channel, option));
    }
    try {
      needOpen();
      flush();
      return Options.get(channel, option);
    } finally {
      exit();
    }
  }

  @Override
  public <T> void setsockopt(SocketOption<T> option, T value) {
    if (!enterUnlessCalling()) {
      needOpen();
      output.flushPastChannel();
      directly(() -> Options.set(channel, option, value));
      return;
    }
    try {
      needOpen();
      flush();
      Options.set(channel, option, value);
    } finally {
      exit();
    }
  }

  private static void await(ChannelFuture future) {
    // The turn is ours, so Netty did it on the way.
    if (!future.isDone()) throw new IllegalStateException("still under way: " + future);
    if (!future.isSuccess()) throw ErrnoMapping.osException(future.cause());
  }
}
