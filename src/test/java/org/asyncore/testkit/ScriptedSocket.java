package org.asyncore.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Datagram;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.Held;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.Shutdown;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.WouldBlockException;

/**
 * A socket without a system behind it: a test writes its script, then reads what it did.
 *
 * <pre>
 * ScriptedSocket socket = ScriptedSocket.connected().feed("HELO\r").feed("\n").end().room(4);
 * ...
 * assertEquals("220 ", socket.sent());
 * </pre>
 *
 * <p>Text is Latin-1. Each {@code feed} is one arrival: no recv takes bytes of two. Confined to one
 * thread at a time.
 */
public final class ScriptedSocket implements AsyncSocket, Held {
  private enum State {
    FRESH,
    LISTENING,
    CONNECTING,
    CONNECTED,
    FAILED,
    CLOSED
  }

  /** Something that recv will find: bytes, an error, or neither for the end of the stream. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Arrival(byte[] bytes, Errno errno, SocketAddress from) {}

  private final ScriptedTransport transport;
  private final Family family;
  private final SocketType type;
  private int fileno;
  private State state = State.FRESH;
  private Errno connectAnswer = Errno.EINPROGRESS;
  private Errno connectOutcome = Errno.OK;
  private Errno pendingError = Errno.OK;
  private final Deque<Arrival> arrivals = new ArrayDeque<>();
  private final Deque<byte[]> urgent = new ArrayDeque<>();
  private final Deque<ScriptedSocket> waiting = new ArrayDeque<>();
  private final Deque<Errno> sendErrors = new ArrayDeque<>();
  private final Deque<Errno> acceptErrors = new ArrayDeque<>();
  private int acceptCalls;
  private final List<byte[]> sends = new ArrayList<>();
  private final Map<SocketOption<?>, Object> options = new HashMap<>();
  private int room = Integer.MAX_VALUE;
  private int mostPerSend = Integer.MAX_VALUE;
  private boolean hungUp;
  private boolean sendEnded;
  private SocketAddress name;
  private SocketAddress peer;
  private Errno peerNameError = Errno.OK;
  private Holder holder;

  /** A fresh stream socket, neither bound nor connected, on a transport of its own. */
  public ScriptedSocket() {
    this(new ScriptedTransport());
  }

  /** A fresh stream socket. */
  public ScriptedSocket(ScriptedTransport transport) {
    this(transport, Family.INET, SocketType.STREAM);
  }

  public ScriptedSocket(ScriptedTransport transport, Family family, SocketType type) {
    this.transport = transport;
    this.family = family;
    this.type = type;
    fileno = transport.dealNumber();
  }

  /** A connected socket on a transport of its own. */
  public static ScriptedSocket connected() {
    return connected(new ScriptedTransport());
  }

  /** A connected socket. */
  public static ScriptedSocket connected(ScriptedTransport transport) {
    ScriptedSocket socket = new ScriptedSocket(transport);
    socket.state = State.CONNECTED;
    socket.peer = address(20000 + socket.fileno);
    return socket;
  }

  /** A loopback address, for scripts that need one. */
  public static InetSocketAddress address(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  // --- the script ---

  /** Lets bytes arrive. */
  public ScriptedSocket feed(String data) {
    return feed(data.getBytes(ISO_8859_1));
  }

  /** Lets bytes arrive. */
  public ScriptedSocket feed(byte[] data) {
    if (data.length == 0) throw new IllegalArgumentException("feed of no bytes; end() is the end");
    return arrive(new Arrival(data.clone(), Errno.OK, peer));
  }

  /** Ends the peer's stream: readable from then on, without bytes. */
  public ScriptedSocket end() {
    return arrive(new Arrival(new byte[0], Errno.OK, null));
  }

  /** Makes the recv that comes this far fail. */
  public ScriptedSocket failRecv(Errno errno) {
    return arrive(new Arrival(null, errno, null));
  }

  private ScriptedSocket arrive(Arrival arrival) {
    arrivals.add(arrival);
    return this;
  }

  /** Lets urgent data arrive. */
  public ScriptedSocket feedUrgent(String data) {
    urgent.add(data.getBytes(ISO_8859_1));
    return this;
  }

  /** How many bytes send takes from now on, in all; unlimited at first. */
  public ScriptedSocket room(int byteCount) {
    room = byteCount;
    return this;
  }

  /** How many bytes one send takes at most. */
  public ScriptedSocket takesAtMost(int byteCount) {
    mostPerSend = byteCount;
    return this;
  }

  /** Makes the next send fail. */
  public ScriptedSocket failSend(Errno errno) {
    sendErrors.add(errno);
    return this;
  }

  /** Lets connect begin, and fail with ECONNREFUSED. */
  public ScriptedSocket refuseConnect() {
    connectOutcome = Errno.ECONNREFUSED;
    return this;
  }

  /** What connect answers: OK for a connection at once, EAGAIN for one that never comes up. */
  public ScriptedSocket answerConnect(Errno errno) {
    connectAnswer = errno;
    return this;
  }

  /** Leaves an error for SO_ERROR. */
  public ScriptedSocket error(Errno errno) {
    pendingError = errno;
    return this;
  }

  /** Ends both directions: POLLHUP. */
  public ScriptedSocket hangUp() {
    hungUp = true;
    return this;
  }

  /** Lets a connection wait to be accepted. */
  public ScriptedSocket offer(ScriptedSocket connection) {
    waiting.add(connection);
    return this;
  }

  /** Makes the next accept fail, whatever waits; each call one more. */
  public ScriptedSocket failAccept(Errno errno) {
    acceptErrors.add(errno);
    return this;
  }

  /** Who is connected with it. */
  public ScriptedSocket peer(SocketAddress address) {
    peer = address;
    return this;
  }

  /** Makes getpeername fail. */
  public ScriptedSocket failPeerName(Errno errno) {
    peerNameError = errno;
    return this;
  }

  /** Loses its descriptor, as a channel does that somebody else closed: the next socket gets it. */
  public ScriptedSocket loseDescriptor() {
    needOpen();
    int before = fileno;
    fileno = transport.dealNumberBeyond();
    transport.giveBackNumber(before);
    if (holder != null) holder.numberChanged(before, fileno);
    return this;
  }

  // --- what it did ---

  /** How often accept was called. */
  public int acceptCalls() {
    return acceptCalls;
  }

  /** How many bytes have arrived that no recv took yet. */
  public int unread() {
    return arrivals.stream().mapToInt(each -> each.bytes == null ? 0 : each.bytes.length).sum();
  }

  /** All that was sent. */
  public String sent() {
    return String.join("", sends());
  }

  /** What each send took, sends of nothing included. */
  public List<String> sends() {
    return sends.stream().map(data -> new String(data, ISO_8859_1)).toList();
  }

  public boolean isClosed() {
    return state == State.CLOSED;
  }

  /** Whether the sending side was shut down. */
  public boolean sendEnded() {
    return sendEnded;
  }

  // --- the socket ---

  int readiness() {
    int error = pendingError == Errno.OK ? 0 : Readiness.ERR | Readiness.IN;
    return switch (state) {
      case CLOSED -> Readiness.NVAL;
      case LISTENING -> waiting.isEmpty() && acceptErrors.isEmpty() ? 0 : Readiness.IN;
      case CONNECTING -> 0;
      case FRESH ->
          type == SocketType.STREAM ? Readiness.OUT | Readiness.HUP | error : streams() | error;
      case FAILED -> Readiness.IN | Readiness.OUT | Readiness.HUP | error;
      case CONNECTED -> streams() | error;
    };
  }

  private int streams() {
    int found = 0;
    if (!arrivals.isEmpty()) found |= Readiness.IN;
    if (room > 0) found |= Readiness.OUT;
    if (!urgent.isEmpty()) found |= Readiness.PRI;
    if (hungUp) found |= Readiness.IN | Readiness.OUT | Readiness.HUP;
    return found;
  }

  @Override
  public void holder(Holder holder) {
    this.holder = holder;
  }

  @Override
  public Holder holder() {
    return holder;
  }

  @Override
  public int fileno() {
    return fileno;
  }

  @Override
  public Family family() {
    return family;
  }

  @Override
  public SocketType type() {
    return type;
  }

  @Override
  public void bind(SocketAddress address) {
    needOpen();
    name = address;
  }

  @Override
  public void listen(int backlog) {
    needOpen();
    state = State.LISTENING;
  }

  @Override
  public Errno connectEx(SocketAddress address) {
    needOpen();
    if (state == State.CONNECTED) return Errno.EISCONN;
    peer = address;
    switch (connectAnswer) {
      case OK -> state = State.CONNECTED;
      case EINPROGRESS -> {
        state = connectOutcome == Errno.OK ? State.CONNECTED : State.FAILED;
        pendingError = connectOutcome;
      }
      case EAGAIN, EALREADY -> state = State.CONNECTING;
      default -> state = State.FAILED;
    }
    return connectAnswer;
  }

  @Override
  public Accepted accept() {
    needOpen();
    if (state != State.LISTENING) throw new OsException(Errno.EINVAL);
    acceptCalls++;
    if (!acceptErrors.isEmpty()) throw new OsException(acceptErrors.remove());
    if (waiting.isEmpty()) throw WouldBlockException.INSTANCE;
    ScriptedSocket connection = waiting.remove();
    return new Accepted(connection, connection.peer);
  }

  @Override
  public int send(byte[] data, int offset, int byteCount) {
    needConnected();
    if (!sendErrors.isEmpty()) throw new OsException(sendErrors.remove());
    if (sendEnded) throw new OsException(Errno.EPIPE);
    int taken = Math.min(byteCount, Math.min(room, mostPerSend));
    if (taken == 0 && byteCount > 0) throw WouldBlockException.INSTANCE;
    sends.add(Arrays.copyOfRange(data, offset, offset + taken));
    if (room != Integer.MAX_VALUE) room -= taken;
    return taken;
  }

  @Override
  public int send(ByteBuffer data) {
    byte[] bytes = new byte[data.remaining()];
    data.duplicate().get(bytes);
    int taken = send(bytes, 0, bytes.length);
    data.position(data.position() + taken);
    return taken;
  }

  @Override
  public byte[] recv(int byteCount) {
    needConnected();
    Arrival arrival = arrivals.peek();
    if (arrival == null) throw WouldBlockException.INSTANCE;
    if (arrival.errno != Errno.OK) {
      arrivals.remove();
      throw new OsException(arrival.errno);
    }
    byte[] bytes = arrival.bytes;
    if (bytes.length == 0 && type == SocketType.STREAM) return bytes; // The end stays.
    arrivals.remove();
    if (bytes.length <= byteCount) return bytes;
    if (type == SocketType.STREAM) {
      byte[] rest = Arrays.copyOfRange(bytes, byteCount, bytes.length);
      arrivals.addFirst(new Arrival(rest, Errno.OK, arrival.from));
    }
    return Arrays.copyOf(bytes, byteCount);
  }

  @Override
  public int recv(ByteBuffer target) {
    byte[] bytes = recv(target.remaining());
    target.put(bytes);
    return bytes.length;
  }

  @Override
  public byte[] recvUrgent(int byteCount) {
    needConnected();
    if (urgent.isEmpty()) throw new OsException(Errno.EINVAL);
    return urgent.remove();
  }

  @Override
  public int sendUrgent(byte[] data) {
    return send(data, 0, data.length);
  }

  @Override
  public Datagram recvfrom(int byteCount) {
    SocketAddress from = arrivals.isEmpty() ? null : arrivals.peek().from;
    return new Datagram(recv(byteCount), from);
  }

  @Override
  public int sendto(byte[] data, SocketAddress address) {
    return send(data, 0, data.length);
  }

  @Override
  public void shutdown(Shutdown how) {
    needConnected();
    if (how != Shutdown.RD) sendEnded = true;
  }

  @Override
  public Errno takeError() {
    needOpen();
    Errno taken = pendingError;
    pendingError = Errno.OK;
    return taken;
  }

  @Override
  public <T> T getsockopt(SocketOption<T> option) {
    needOpen();
    return option.type().cast(options.get(option));
  }

  @Override
  public <T> void setsockopt(SocketOption<T> option, T value) {
    needOpen();
    options.put(option, value);
  }

  @Override
  public SocketAddress getsockname() {
    needOpen();
    return name == null ? address(10000 + fileno) : name;
  }

  @Override
  public SocketAddress getpeername() {
    needOpen();
    if (peerNameError != Errno.OK) throw new OsException(peerNameError);
    if (state != State.CONNECTED) throw new OsException(Errno.ENOTCONN);
    return peer;
  }

  @Override
  public void close() {
    if (state == State.CLOSED) return;
    state = State.CLOSED;
    transport.giveBackNumber(fileno);
    fileno = -1;
  }

  @Override
  public ScriptedTransport transport() {
    return transport;
  }

  private void needOpen() {
    if (state == State.CLOSED) throw new OsException(Errno.EBADF);
  }

  private void needConnected() {
    needOpen();
    if (type == SocketType.DGRAM || state == State.CONNECTED) return;
    throw new OsException(Errno.ENOTCONN);
  }
}
