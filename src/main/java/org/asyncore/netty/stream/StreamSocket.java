package org.asyncore.netty.stream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import org.asyncore.netty.kernel.ErrnoMapping;
import org.asyncore.netty.kernel.Kernel.OpenSocket;
import org.asyncore.netty.kernel.Options;
import org.asyncore.netty.socket.ChannelConnection;
import org.asyncore.netty.socket.HandedOver;
import org.asyncore.netty.socket.HeldSends;
import org.asyncore.netty.socket.NettySocket;
import org.asyncore.netty.socket.ReadinessHandler;
import org.asyncore.netty.socket.SocketLoop;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.Activity;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.Shutdown;
import org.asyncore.transport.SocketType;

/**
 * A stream socket on a Netty channel: fresh, connecting, connected or listening.
 *
 * <p>Received bytes stay in the kernel until {@code recv} asks for them ({@link StreamInput}). So
 * whatever asyncore would see of the kernel, such as a hang-up behind unread bytes, is there to be
 * seen. Sent bytes are written and flushed at once, or after the callbacks that sent them where
 * nobody can tell ({@link StreamOutput}). How it comes to be connected or listening is {@link
 * StreamOpening}'s to see to, and how it parts with its channel {@link StreamEnding}'s.
 */
public final class StreamSocket extends NettySocket
    implements ReadinessHandler.Facts, ChannelConnection, HeldSends.Sender {
  // phase       event                     next
  // FRESH       connectEx, in progress    CONNECTING
  // FRESH       connectEx, at once        CONNECTED    (Unix domain sockets)
  // FRESH       listen                    LISTENING    (another channel takes the descriptor over)
  // CONNECTING  SO_ERROR 0, established   CONNECTED
  // CONNECTING  the JDK closed it         DEAD         (NIO, refused)
  // any         close                     the number is -1
  enum Phase {
    FRESH,
    CONNECTING,
    CONNECTED,
    LISTENING,
    DEAD
  }

  /** Written by the holder of the turn, as is the phase; calls past the channel read them. */
  private volatile Channel channel;

  private volatile Phase phase;

  private final StreamOpening opening = new StreamOpening(this);
  private final StreamInput input = new StreamInput(this);
  private final StreamOutput output = new StreamOutput(this);
  private final StreamEnding ending = new StreamEnding(this, input, output);

  /** Null as long as nobody asks for it. */
  private volatile Activity activity;

  /**
   * A fresh socket.
   *
   * @param hasTurn whether the loop's turn is ours; else it is registered later
   */
  public static StreamSocket fresh(SocketLoop loop, Family family, boolean hasTurn) {
    Channel channel = loop.kernel().newStream(family);
    return new StreamSocket(loop, family, channel, Phase.FRESH, hasTurn);
  }

  /** A socket over a connected channel that no loop has yet. */
  public static StreamSocket connected(SocketLoop loop, Family family, Channel channel) {
    return new StreamSocket(loop, family, channel, Phase.CONNECTED, true);
  }

  /**
   * A socket over a descriptor that somebody else has opened.
   *
   * @param hasTurn whether the loop's turn is ours; else it is registered later
   */
  public static StreamSocket over(SocketLoop loop, OpenSocket open, boolean hasTurn) {
    Phase phase = open.isListening() ? Phase.LISTENING : Phase.CONNECTED;
    StreamSocket socket = new StreamSocket(loop, open.family(), open.channel(), phase, hasTurn);
    if (open.error() != Errno.OK) socket.input.fail(open.error());
    return socket;
  }

  private StreamSocket(
      SocketLoop loop, Family family, Channel channel, Phase phase, boolean hasTurn) {
    super(loop, family, SocketType.STREAM);
    this.phase = phase;
    number(kernel().dealNumber(channel));
    try {
      prepare(channel);
      join(hasTurn);
    } catch (Throwable refused) {
      kernel().returnNumber(giveNumber());
      throw refused;
    }
  }

  /** Makes a channel, which no loop has yet, the one below this socket. */
  void prepare(Channel channel) {
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

  void noteConnects() {
    Activity told = activity;
    if (told != null) told.connects();
  }

  /** Null as long as nobody asks for it. */
  Activity knownActivity() {
    return activity;
  }

  // --- its state, for its parts ---

  StreamOpening opening() {
    return opening;
  }

  StreamInput input() {
    return input;
  }

  boolean endsWhenFlushed() {
    return output.endsWhenFlushed();
  }

  Phase phase() {
    return phase;
  }

  void phase(Phase next) {
    phase = next;
  }

  /** The phase, after a look at the connect that is under way. */
  Phase settled() {
    if (phase == Phase.CONNECTING) opening.settle();
    return phase;
  }

  /** What the phase is to calls past the channel. Any thread. */
  Phase phaseBeside() {
    return opening.phaseBeside();
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
      if ((events & (Readiness.OUT | Readiness.ERR | Readiness.HUP)) != 0) ending.flushMore();
      if (gate().flushing()) told &= ~Readiness.OUT; // Full: the bytes of an earlier send go first.
    }
    if (!kernel().hidesHangUps()) return told;
    if (phase == Phase.CONNECTING) {
      opening.finish();
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
    input.received(message);
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
    opening.pendingError(why);
    die();
  }

  /**
   * The channel is gone though nobody closed the socket: it stays readable and writable, and hung
   * up.
   */
  void die() {
    phase = Phase.DEAD;
    known(Readiness.IN | Readiness.OUT | Readiness.HUP);
    if (opening.pendingError() != Errno.OK) known(known() | Readiness.ERR);
  }

  // --- binding, listening, accepting, connecting ---

  @Override
  public void bind(SocketAddress address) {
    opening.bind(address);
  }

  @Override
  public void listen(int backlog) {
    opening.listen(backlog);
  }

  @Override
  public Errno connectEx(SocketAddress address) {
    return opening.connectEx(address);
  }

  @Override
  public Accepted accept() {
    return input.accept();
  }

  @Override
  protected SocketAddress peerAddress() {
    boolean knowsTooEarly = kernel().hidesHangUps() && settled() == Phase.CONNECTING;
    return knowsTooEarly ? null : super.peerAddress(); // The JDK has one already.
  }

  @Override
  protected SocketAddress peerAddressNow() {
    if (kernel().hidesHangUps() && phaseBeside() == Phase.CONNECTING) return null; // As above.
    return super.peerAddressNow();
  }

  @Override
  public Errno takeError() {
    return opening.takeError(input, output);
  }

  // --- receiving ---

  @Override
  public byte[] recv(int byteCount) {
    return input.recv(byteCount);
  }

  @Override
  public int recv(ByteBuffer target) {
    return input.recv(target);
  }

  @Override
  public byte[] recvUrgent(int byteCount) {
    return input.recvUrgent();
  }

  // --- sending ---

  @Override
  public int send(byte[] data, int offset, int byteCount) {
    return output.send(data, offset, byteCount);
  }

  @Override
  public int send(ByteBuffer data) {
    return output.send(data);
  }

  @Override
  public int sendUrgent(byte[] data) {
    return output.sendUrgent(data);
  }

  @Override
  public void leave() {
    output.leave();
  }

  @Override
  public void flushOverdue() {
    output.flushPastChannel();
  }

  @Override
  public int sendto(byte[] data, SocketAddress address) {
    throw new OsException(phase == Phase.CONNECTED ? Errno.EISCONN : Errno.ENOTCONN);
  }

  // --- ending ---

  @Override
  public void shutdown(Shutdown how) {
    ending.shutdown(how);
  }

  @Override
  protected void closeChannel() {
    ending.close();
  }

  @Override
  public void cutOff() {
    ending.cutOff();
  }

  @Override
  public int detach() {
    return ending.detach();
  }

  /** Gives the channel away: see {@link StreamEnding#handOver}. */
  public HandedOver handOver() {
    needOpen();
    if (phase == Phase.LISTENING) throw new IllegalStateException("a listening socket");
    opening.settle();
    return ending.handOver();
  }

  // --- options ---

  @Override
  public <T> T getsockopt(SocketOption<T> option) {
    boolean hasTurn = enterUnlessCalling();
    try {
      needFlushed(hasTurn);
      return hasTurn ? Options.get(channel, option) : direct(() -> Options.get(channel, option));
    } finally {
      if (hasTurn) exit();
    }
  }

  @Override
  public <T> void setsockopt(SocketOption<T> option, T value) {
    boolean hasTurn = enterUnlessCalling();
    try {
      needFlushed(hasTurn);
      if (hasTurn) Options.set(channel, option, value);
      else directly(() -> Options.set(channel, option, value));
    } finally {
      if (hasTurn) exit();
    }
  }

  /** What was sent leaves before an option has another value. */
  private void needFlushed(boolean hasTurn) {
    needOpen();
    if (hasTurn) output.flush();
    else output.flushPastChannel();
  }

  static void await(ChannelFuture future) {
    // The turn is ours, so Netty did it on the way.
    if (!future.isDone()) throw new IllegalStateException("still under way: " + future);
    if (!future.isSuccess()) throw ErrnoMapping.osException(future.cause());
  }
}
