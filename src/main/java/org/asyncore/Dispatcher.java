package org.asyncore;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.asyncore.internal.Escapes;
import org.asyncore.internal.LoopTransport;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.WouldBlockException;
import org.jspecify.annotations.Nullable;

/**
 * A thin wrapper around a socket that turns what the loop finds into callbacks: {@code
 * asyncore.dispatcher}. Subclass it and override the {@code handle…} methods.
 *
 * <p>Owns its socket: {@link #close()} closes it. Callbacks run on the thread inside {@code loop}
 * of the dispatcher's map; everything else may be called from any thread that is allowed to touch
 * the subclass's own state.
 *
 * <pre>{@code
 * static class EchoServer extends Dispatcher {
 *   EchoServer(String host, int port, SocketMap map) {
 *     super(map);
 *     createSocket();
 *     setReuseAddr();
 *     bind(host, port);
 *     listen(5);
 *   }
 *
 *   @Override
 *   public void handleAccepted(AsyncSocket socket, SocketAddress address) {
 *     new EchoHandler(socket, map());
 *   }
 * }
 * }</pre>
 *
 * <pre>
 * state       event                      callbacks, in order                       next
 * CONNECTING  readable, SO_ERROR 0       handleConnect, handleRead                 CONNECTED
 * CONNECTING  writable, SO_ERROR 0       handleConnect, handleWrite                CONNECTED
 * CONNECTING  either, SO_ERROR set       handleError [, handleClose]               CLOSED    (default handleError)
 * LISTENING   readable                   handleAccept -&gt; handleAccepted            LISTENING
 * LISTENING   writable                   none: a listener is never written         LISTENING
 * CONNECTED   readable                   handleRead                                CONNECTED
 * CONNECTED   writable                   handleWrite                               CONNECTED
 * CONNECTED   urgent data                handleExpt                                CONNECTED
 * CONNECTED   recv finds end of stream   handleClose                               CLOSED    (default handleClose)
 * CLOSED      createSocket               none: reconnecting is allowed             OPEN
 * </pre>
 *
 * <p>The state is not a field of its own: as in Python, it is what {@link #accepting()}, {@link
 * #connected()} and {@link #connecting()} say together, and subclasses may set each of them.
 */
public class Dispatcher {
  private static final Set<String> WARNINGS = Set.of("warning");
  private static final byte[] NO_BYTES = {};

  private boolean debug;
  private boolean connected;
  private boolean accepting;
  private boolean connecting;
  private boolean closing;
  private @Nullable SocketAddress addr;
  private Set<String> ignoreLogTypes = WARNINGS;
  private @Nullable Family family;
  private @Nullable SocketType type;

  /** Null: accepts as asyncore does. */
  private @Nullable AcceptPolicy acceptPolicy;

  private final SocketMap map;
  private @Nullable AsyncSocket socket;

  /** The number under which this dispatcher is in its map; -1 while it is in none. */
  private int fileno = -1;

  /** Null as long as there is no call to come. */
  private volatile @Nullable BoundCalls calls;

  private Interest interest = Interest.EVERY_PASS;

  /** Whether its predicates need to be asked only when it was touched. */
  private boolean asksOnTouch;

  /** Its row in its own map, which is what is touched; null while no pass goes over one. */
  private volatile @Nullable Entry row;

  /** The innermost call in which it accepts; null outside of such. */
  private @Nullable Acceptance acceptance;

  /** Null as long as it was never in any. */
  private volatile @Nullable OtherMaps otherMaps;

  /** Null as long as nobody asks what becomes of its queue. */
  private @Nullable QueueWatch queueWatch;

  @SuppressWarnings("this-escape") // Only kept.
  private final Holding holding = new Holding(this);

  /** A dispatcher without a socket, for the default map; {@link #createSocket} gives it one. */
  public Dispatcher() {
    this(null, null);
  }

  /** A dispatcher over an open socket, in the default map. */
  public Dispatcher(AsyncSocket socket) {
    this(socket, null);
  }

  /** A dispatcher without a socket, for a map of one's own. */
  public Dispatcher(SocketMap map) {
    this(null, map);
  }

  /**
   * A dispatcher over an open socket, connected or not, which it owns from now on.
   *
   * @param socket null for none yet
   * @param map the map it puts itself into; null for {@link Asyncore#socketMap()}
   */
  @SuppressWarnings(
      "this-escape") // As in Python: the map knows the dispatcher before its subclass is built.
  public Dispatcher(@Nullable AsyncSocket socket, @Nullable SocketMap map) {
    this.map = Asyncore.orDefault(map);
    asksOnTouch = InheritedPredicates.of(this);
    if (socket == null) return;
    try {
      setSocket(socket, map);
    } catch (Throwable thrown) {
      letGo(); // An override of addChannel threw: nobody will ever have this dispatcher.
      throw thrown;
    }
    connected = true;
    try {
      addr = socket.getpeername();
    } catch (OsException error) {
      if (error.errno() != Errno.ENOTCONN && error.errno() != Errno.EINVAL) {
        delChannel(map); // Broken in some unknown way: it must not be polled.
        letGo();
        throw error;
      }
      connected = false;
    }
    interestTouched();
  }

  // --- what it is ---

  /** {@code self.debug}: whether {@link DispatcherWithSend#send} logs what it sends. */
  public boolean debug() {
    return debug;
  }

  /** Sets {@link #debug()}. */
  public void debug(boolean debug) {
    this.debug = debug;
  }

  /**
   * {@code self.connected}: false in {@link #handleConnect}, true from then on until {@link
   * #close}.
   */
  public boolean connected() {
    return connected;
  }

  /** Sets {@link #connected()}. */
  protected void connected(boolean connected) {
    this.connected = connected;
    interestTouched();
  }

  /** {@code self.accepting}: whether {@link #listen} was called. */
  public boolean accepting() {
    return accepting;
  }

  /** Sets {@link #accepting()}. */
  protected void accepting(boolean accepting) {
    this.accepting = accepting;
    interestTouched();
  }

  /** {@code self.connecting}: whether {@link #connect} was called and has not come to an end. */
  public boolean connecting() {
    return connecting;
  }

  /** Sets {@link #connecting()}. */
  protected void connecting(boolean connecting) {
    this.connecting = connecting;
    interestTouched();
  }

  /** {@code self.closing}: for subclasses; the library never sets it. */
  public boolean closing() {
    return closing;
  }

  /** Sets {@link #closing()}. */
  protected void closing(boolean closing) {
    this.closing = closing;
    interestTouched();
  }

  /** {@code self.addr}: the peer's address, or a listener's own; null if neither is known. */
  public @Nullable SocketAddress addr() {
    return addr;
  }

  /** Sets {@link #addr()}. */
  protected void addr(@Nullable SocketAddress addr) {
    this.addr = addr;
  }

  /**
   * {@code self.ignore_log_types}: the types that {@link #logInfo(String, String)} does not print;
   * warnings.
   */
  public Set<String> ignoreLogTypes() {
    return ignoreLogTypes;
  }

  /** Sets {@link #ignoreLogTypes()}. */
  public void ignoreLogTypes(Set<String> types) {
    Objects.requireNonNull(types, "types is null");
    ignoreLogTypes = Set.copyOf(types);
  }

  /**
   * {@code self.socket}: for what has no method here, such as options; null before there is one.
   */
  public @Nullable AsyncSocket socket() {
    return socket;
  }

  /**
   * {@code self._fileno}: the number under which it is in a map, -1 for none. It is the socket's,
   * and changes with that: to one from 1 &lt;&lt; 30 on when the channel was closed by somebody
   * else than the dispatcher, and the descriptor is gone.
   */
  public int fileno() {
    return fileno;
  }

  /** {@code self._map}: the map it was made for. */
  public SocketMap map() {
    return map;
  }

  /**
   * How many bytes this dispatcher keeps until its socket takes them: none, unless a subclass has a
   * queue and says so. For those who look on: from any thread, and then an estimate.
   */
  public long queuedBytes() {
    return 0;
  }

  /**
   * Whether this dispatcher keeps anything until its socket takes it, also what has no size yet,
   * such as a producer: {@link #queuedBytes()} counts the bytes.
   */
  public boolean hasQueued() {
    return queuedBytes() > 0;
  }

  /**
   * Sets when {@link #handleHighWater()} and {@link #handleLowWater()} are called: asyncio's {@code
   * set_write_buffer_limits}, Netty's {@code WRITE_BUFFER_WATER_MARK}. They count {@link
   * #queuedBytes()}, which a subclass has that queues: {@link DispatcherWithSend}, {@code
   * AsyncChat}, or one of your own that says {@link #queueChanged()}. Neither is called unless this
   * was.
   *
   * @param low at most so many bytes queued are few, from 0 on
   * @param high more than so many are many; not less than {@code low}
   */
  public void waterMarks(long low, long high) {
    if (low < 0) throw new IllegalArgumentException("low < 0: " + low);
    if (high < low) throw new IllegalArgumentException("high < low: " + high + " < " + low);
    queueWatch().marks(low, high);
  }

  /**
   * Makes a call once all that is queued has left, what producers have to give included: {@link
   * #hasQueued()} says no, and the socket has taken every byte. In a later pass than the last send;
   * in the next one, if nothing is queued. As of {@link #callLater}, what it throws goes to {@link
   * #handleError}, and {@link #close} drops it. On the dispatcher's own thread.
   */
  public void whenSent(Runnable call) {
    Objects.requireNonNull(call, "call is null");
    queueWatch().whenSent(call);
  }

  /**
   * For subclasses with a queue: {@link #queuedBytes()} or {@link #hasQueued()} says another thing.
   */
  protected final void queueChanged() {
    QueueWatch watch = queueWatch;
    if (watch != null) watch.look();
  }

  private QueueWatch queueWatch() {
    if (queueWatch == null) queueWatch = new QueueWatch(this);
    return queueWatch;
  }

  /**
   * How many bytes this dispatcher has received and not delivered: none, unless a subclass collects
   * them, and says so.
   */
  public long undeliveredBytes() {
    return 0;
  }

  /** Who looks on; null for nobody. */
  final @Nullable LoopObserver observer() {
    return map.observer;
  }

  /** The first half of {@code self.family_and_type}; null before {@link #createSocket}. */
  public @Nullable Family family() {
    return family;
  }

  /** The second half of {@code self.family_and_type}; null before {@link #createSocket}. */
  public @Nullable SocketType type() {
    return type;
  }

  // --- the map and the socket ---

  /** Puts itself into its map. */
  public void addChannel() {
    addChannel(null);
  }

  /**
   * Puts itself into a map, its own one if {@code map} is null: {@code add_channel}. A constructor
   * with a socket calls it, when the fields of subclasses are not set yet: what an override needs
   * has to be in the map, in the arguments or in a static field, or the class takes its socket by
   * {@link #setSocket(AsyncSocket, SocketMap)} at the end of its own constructor. If it throws
   * there, a connection that a listener has just accepted is closed.
   */
  public void addChannel(@Nullable SocketMap map) {
    SocketMap joined = map == null ? this.map : map;
    joined.put(fileno, this);
    if (socket != null && joined.hasTransport()) joined.loop().bring(socket);
  }

  /** Takes itself out of its map; the socket stays open. */
  public void delChannel() {
    delChannel(null);
  }

  /** Takes itself out of a map, its own one if {@code map} is null: {@code del_channel}. */
  public void delChannel(@Nullable SocketMap map) {
    SocketMap left = map == null ? this.map : map;
    int number = fileno;
    Dispatcher evicted = left.rows().leave(this);
    LoopObserver observer = observer();
    if (observer != null && evicted != null && evicted != this) {
      observer.evicted(this, number, evicted);
    }
  }

  /** Makes an IPv4 stream socket; see {@link #createSocket(Family, SocketType)}. */
  public void createSocket() {
    createSocket(Family.INET);
  }

  /** Makes a stream socket; see {@link #createSocket(Family, SocketType)}. */
  public void createSocket(Family family) {
    createSocket(family, SocketType.STREAM);
  }

  /**
   * Makes a socket and takes it: {@code create_socket}. One that it had before is closed, unless
   * somebody else holds it, and its number stays in the map, as in Python: call {@link #close()}
   * first.
   */
  public void createSocket(Family family, SocketType type) {
    Objects.requireNonNull(family, "family is null");
    Objects.requireNonNull(type, "type is null");
    AsyncSocket made = map.transport().socket(family, type);
    AsyncSocket before = holding.own();
    this.family = family;
    this.type = type;
    setSocket(made);
    if (before != null) before.close(); // As Python does with what nobody refers to.
  }

  /** Takes a socket and puts itself into its map: {@code set_socket}. */
  public void setSocket(AsyncSocket socket) {
    setSocket(socket, null);
  }

  /**
   * Takes a socket and puts itself into a map, its own one if {@code map} is null: {@code
   * set_socket}.
   */
  public void setSocket(AsyncSocket socket, @Nullable SocketMap map) {
    Objects.requireNonNull(socket, "socket is null");
    int number = socket.fileno();
    if (number < 0) throw new IllegalArgumentException("socket is closed: its number is " + number);
    this.socket = socket;
    holding.take(socket);
    this.map.opened(holding);
    fileno = number;
    interestTouched();
    addChannel(map);
    int now = socket.fileno(); // Another thread's turn may have changed it before it was taken.
    if (now >= 0 && now != number) numberChanged(number, now);
    LoopObserver observer = observer();
    if (observer != null) observer.opened(this);
  }

  /** Lets {@link #bind} take an address that was in use a moment ago: {@code set_reuse_addr}. */
  public void setReuseAddr() {
    try {
      needSocket("setReuseAddr").setsockopt(StandardSocketOptions.SO_REUSEADDR, true);
    } catch (OsException ignored) {
      // As set_reuse_addr: it tries, and bind will tell.
    }
  }

  /** How it accepts while it listens; null, at first, for asyncore's own way. */
  public @Nullable AcceptPolicy acceptPolicy() {
    return acceptPolicy;
  }

  /** Sets {@link #acceptPolicy()}, from the next accept on. */
  public void acceptPolicy(@Nullable AcceptPolicy policy) {
    acceptPolicy = policy;
    interestTouched();
  }

  // --- predicates ---

  /** Whether the next pass looks for something to read; asked once a pass. */
  public boolean readable() {
    return true;
  }

  /**
   * Whether the next pass looks for room to write; asked once a pass. True by default, so {@link
   * #handleWrite} spins.
   */
  public boolean writable() {
    return true;
  }

  /** How often the predicates are asked; {@link Interest#EVERY_PASS} unless set. */
  public Interest interest() {
    return interest;
  }

  /**
   * Sets {@link #interest()}: in callbacks, or before the loop begins. In a map that is not {@link
   * #map()} a dispatcher is asked in every pass all the same.
   */
  public void interest(Interest interest) {
    Objects.requireNonNull(interest, "interest is null");
    this.interest = interest;
    asksOnTouch = interest == Interest.ON_TOUCH || InheritedPredicates.of(this);
    Entry entry = row;
    if (entry != null) entry.touch();
  }

  /**
   * What {@link #readable()} or {@link #writable()} say may have changed, by something that the
   * library cannot see: they are asked again, by a loop that waits at once. Of use with {@link
   * Interest#ON_TOUCH} and in pipelines without a loop; elsewhere they are asked anyway. Safe from
   * any thread: change first, then tell.
   */
  public void interestChanged() {
    Entry entry = row;
    if (entry != null) entry.touch();
    AsyncSocket polled = socket;
    if (polled != null) LoopTransport.of(polled.transport()).interestChanged(polled);
  }

  /**
   * As {@link #interestChanged()}, for methods of subclasses that change what their predicates say:
   * for the loop's thread, and without an end to its wait. Costs next to nothing in the
   * dispatcher's own callbacks.
   */
  protected final void interestTouched() {
    if (!asksOnTouch || map.passes().called() == this) return; // It is asked after its callbacks.
    Entry entry = row;
    if (entry != null) entry.touch();
  }

  /** Something was called that its predicates may have noticed. */
  final void used() {
    if (interest == Interest.ON_TOUCH) interestTouched();
  }

  // --- for its map and its passes ---

  boolean asksOnTouch() {
    return asksOnTouch && acceptPolicy == null; // That one has reasons of its own.
  }

  /** Whether this is what {@link #interestChanged()} touches. */
  boolean touches(Entry entry) {
    return row == entry;
  }

  void joined(Entry entry) {
    if (entry.map != map) otherMaps().joined(entry.map); // Which asks in every pass.
    else if (row == null && map.calls().hasPasses()) row = entry;
  }

  void left(Entry entry) {
    if (entry.map != map) otherMaps().left(entry.map);
    else if (row == entry) row = null;
  }

  private OtherMaps otherMaps() {
    OtherMaps known = otherMaps;
    if (known != null) return known;
    synchronized (holding) { // Not a lock that a program may have.
      if (otherMaps == null) otherMaps = new OtherMaps();
      return otherMaps;
    }
  }

  /**
   * Its socket has another number: {@code fileno()} and its key in each map follow at once. It
   * keeps its place in their order.
   */
  void numberChanged(int before, int now) {
    map.rows().renumber(this, before, now);
    OtherMaps others = otherMaps;
    if (others == null) return;
    for (SocketMap other : others.now()) other.rows().renumber(this, before, now);
  }

  /** Its number, which it has no more. */
  int giveUpNumber() {
    int number = fileno;
    fileno = -1;
    return number;
  }

  /** For its own map, with the key there. */
  void renumbered(int before, int now) {
    if (fileno == before) fileno = now;
  }

  /** Whether it accepts, whatever a subclass says to that. */
  final boolean listens() {
    return accepting;
  }

  /** Makes a call in which it accepts, perhaps inside of another one. */
  final void accepting(Runnable call) {
    Acceptance around = acceptance;
    Acceptance begun = new Acceptance(this);
    acceptance = begun;
    try {
      call.run();
    } catch (Throwable thrown) {
      begun.fails(thrown);
      throw thrown;
    } finally {
      acceptance = around;
    }
  }

  /** Whether a listener's policy has it leave connections where they are. */
  final boolean isAcceptPaused() {
    return acceptPolicy != null && accepting && !acceptPolicy.accepts();
  }

  // --- calls on the socket ---

  /**
   * Starts to take connections: {@code listen}.
   *
   * @param backlog how many connections may wait to be accepted
   */
  public void listen(int backlog) {
    if (backlog < 0) throw new IllegalArgumentException("backlog < 0: " + backlog);
    AsyncSocket socket = needSocket("listen");
    accepting = true;
    interestTouched();
    socket.listen(backlog);
  }

  /** Takes a local address, at once: {@code bind}. */
  public void bind(SocketAddress address) {
    Objects.requireNonNull(address, "address is null");
    AsyncSocket socket = needSocket("bind");
    addr = address;
    socket.bind(address);
  }

  /**
   * As {@link #bind(SocketAddress)}; a name is resolved at once, to an address of the socket's
   * family, and blocks for that. An empty host is any local address.
   */
  public void bind(String host, int port) {
    HostName name = new HostName(host, port);
    AsyncSocket socket = needSocket("bind");
    addr = name.unresolved(); // As bind: it stands there, though it may not be resolved.
    bind(name.resolve(socket.family()));
  }

  /**
   * Starts a connection: {@code connect}. {@link #handleConnect} tells of success, {@link
   * #handleError} of failure; a Unix domain socket is connected before this returns.
   *
   * @throws OsException if it fails at once; the dispatcher then still counts as {@link
   *     #connecting()}
   */
  public void connect(SocketAddress address) {
    Objects.requireNonNull(address, "address is null");
    AsyncSocket socket = readingAhead(needSocket("connect"));
    connected = false;
    connecting = true;
    interestTouched();
    Errno errno = socket.connectEx(address);
    switch (errno) {
      case EINPROGRESS, EALREADY, EAGAIN -> addr = address;
      case OK, EISCONN -> {
        addr = address;
        handleConnectEvent();
      }
      default ->
          throw new OsException(
              errno, errno.text() + " (connect to " + OneLine.of(address.toString()) + ")");
    }
  }

  private AsyncSocket readingAhead(AsyncSocket fresh) {
    AsyncSocket ahead = map.loop().readingAhead(fresh);
    if (ahead == fresh) return fresh;
    socket = ahead;
    holding.take(ahead);
    return ahead;
  }

  /**
   * As {@link #connect(SocketAddress)}; a name is resolved at once, to an address of the socket's
   * family, and blocks for that.
   */
  public void connect(String host, int port) {
    HostName name = new HostName(host, port);
    AsyncSocket socket = needSocket("connect");
    connected = false;
    connecting = true; // As connect, also if the name cannot be resolved.
    interestTouched();
    connect(name.resolve(socket.family()));
  }

  /**
   * The next connection that waits, or null if none does: {@code accept}. The caller owns its
   * socket. If a callback of this listener throws before a dispatcher has the one that was accepted
   * last, that is closed.
   */
  public @Nullable Accepted accept() {
    Acceptance under = acceptance;
    if (under != null) under.gives(null);
    try {
      AsyncSocket socket = needSocket("accept");
      Accepted pair = acceptPolicy == null ? socket.accept() : acceptPolicy.accept(socket);
      if (under != null && pair != null) under.gives(pair.socket());
      LoopObserver observer = observer();
      if (observer != null && pair != null) observer.accepted(this, pair);
      return pair;
    } catch (OsException error) {
      LoopObserver observer = observer();
      if (observer != null && error.errno() != Errno.EAGAIN) observer.acceptFailed(this, error);
      if (acceptPolicy != null && acceptPolicy.acceptFailed(error)) return null;
      return switch (error.errno()) {
        case EAGAIN, ECONNABORTED -> null;
        default -> throw error;
      };
    }
  }

  /** Offers all of the array: see {@link #send(byte[], int, int)}. */
  public int send(byte[] data) {
    return send(needData(data), 0, data.length);
  }

  /**
   * Offers bytes: {@code send}. They are copied; the array stays the caller's.
   *
   * @return how many were taken, from 0 on; a broken connection calls {@link #handleClose} and
   *     takes 0
   */
  public int send(byte[] data, int offset, int byteCount) {
    Objects.checkFromIndexSize(offset, byteCount, needData(data).length);
    used();
    try {
      int taken = needSocket("send").send(data, offset, byteCount);
      LoopObserver observer = observer();
      if (observer != null) observer.sent(this, taken, byteCount);
      return taken;
    } catch (OsException error) {
      return sendFailed(error, byteCount);
    }
  }

  /** As {@link #send(byte[])}; the buffer's position moves behind what was taken. */
  public int send(ByteBuffer data) {
    int byteCount = needData(data).remaining();
    used();
    try {
      int taken = needSocket("send").send(data);
      LoopObserver observer = observer();
      if (observer != null) observer.sent(this, taken, byteCount);
      return taken;
    } catch (OsException error) {
      return sendFailed(error, byteCount);
    }
  }

  /** Python's send of None is a TypeError. */
  static <T> T needData(T data) {
    return Objects.requireNonNull(data, "data is null");
  }

  private int sendFailed(OsException error, int offered) {
    LoopObserver observer = observer();
    if (observer != null) observer.sent(this, 0, offered);
    if (error.errno() == Errno.EAGAIN) return 0;
    if (!error.errno().isDisconnected()) throw error;
    ended();
    return 0;
  }

  /**
   * A call has found that the connection is over: {@link #handleClose}. A thread beside a loop that
   * goes on leaves it to the next pass.
   */
  private void ended() {
    AsyncSocket over = socket;
    if (map == null || over == null || !map.calls().isServedElsewhere(over)) {
      handleClose();
      return;
    }
    map.calls()
        .serve(
            over,
            () -> {
              boolean isNews = socket == over && over.fileno() >= 0;
              if (isNews) Callbacks.call(this, Callback.CLOSE, this::handleClose);
            });
  }

  /**
   * Takes what has come: {@code recv}.
   *
   * @param bufferSize how many bytes at most, from 1 on; of a datagram the rest is dropped
   * @return the bytes, the caller's own; none at the end of the stream or of a broken connection,
   *     after a call of {@link #handleClose}
   * @throws WouldBlockException if nothing has come
   */
  public byte[] recv(int bufferSize) {
    needSize(bufferSize);
    used();
    try {
      byte[] data = needSocket("recv").recv(bufferSize);
      LoopObserver observer = observer();
      if (observer != null) observer.received(this, data.length, bufferSize);
      if (data.length == 0) ended(); // The end is a readable event without bytes.
      return data;
    } catch (OsException error) {
      recvFailed(error, bufferSize);
      return NO_BYTES;
    }
  }

  /**
   * As {@link #recv(int)}, into a buffer with room for at least one byte.
   *
   * @return how many bytes came; 0 where {@link #recv(int)} returns none
   */
  public int recv(ByteBuffer target) {
    Objects.requireNonNull(target, "target is null");
    if (target.isReadOnly()) throw new IllegalArgumentException("recv into a read-only buffer");
    int room = target.remaining();
    needSize(room);
    used();
    try {
      int byteCount = needSocket("recv").recv(target);
      LoopObserver observer = observer();
      if (observer != null) observer.received(this, byteCount, room);
      if (byteCount == 0) ended();
      return byteCount;
    } catch (OsException error) {
      recvFailed(error, room);
      return 0;
    }
  }

  private void recvFailed(OsException error, int room) {
    if (!error.errno().isDisconnected()) throw error;
    LoopObserver observer = observer();
    if (observer != null) observer.received(this, 0, room);
    ended();
  }

  private static void needSize(int byteCount) {
    if (byteCount <= 0) {
      throw new IllegalArgumentException(
          "recv of " + byteCount + " bytes (docs/differences.md#recv-of-no-bytes)");
    }
  }

  private AsyncSocket needSocket(String method) {
    if (socket == null)
      throw new IllegalStateException(method + "() on a dispatcher without a socket");
    return socket;
  }

  /**
   * Leaves the map and closes the socket: {@code close}. What {@link #send} took still goes out.
   * May be called twice, and in any callback; {@link #createSocket} makes the dispatcher usable
   * again.
   */
  public void close() {
    connected = false;
    accepting = false;
    connecting = false;
    interestTouched();
    endCalls();
    delChannel();
    LoopObserver observer = observer();
    try {
      if (observer != null) observer.closed(this);
    } finally {
      if (socket != null) closeSocket(socket);
    }
  }

  private void closeSocket(AsyncSocket socket) {
    try {
      socket.close();
    } catch (OsException error) {
      if (error.errno() != Errno.ENOTCONN && error.errno() != Errno.EBADF) throw error;
    } finally {
      letGo();
    }
  }

  /** Its constructor threw behind that of this class: nobody will ever have this dispatcher. */
  final void unmade() {
    map.rows().leave(this);
    letGo();
  }

  private void letGo() {
    holding.letGo();
    map.closed(holding);
  }

  // --- calls at a time ---

  /**
   * As {@link SocketMap#callLater}, bound to this dispatcher: {@link #close} cancels it, and what
   * it throws goes to {@link #handleError}. The loop of {@link #map()} makes it; the channel's
   * event loop, if the dispatcher is hosted in a pipeline.
   *
   * <p>Each {@code close} cancels what is bound at that moment. So a closed dispatcher may use
   * this, too: to connect again later, call it after {@code close}.
   */
  public ScheduledCall callLater(Duration delay, Runnable call) {
    return callLater(delay, call, boundCalls());
  }

  ScheduledCall callLater(Duration delay, Runnable call, BoundCalls owner) {
    ScheduledCall scheduled =
        ScheduledCall.later(map.calls().queue(this, "callLater"), delay, call, owner);
    map.scheduled();
    return scheduled;
  }

  /** As {@link SocketMap#callEvery}, bound to this dispatcher as {@link #callLater} is. */
  public ScheduledCall callEvery(Duration period, Runnable call) {
    ScheduledCall scheduled =
        ScheduledCall.every(map.calls().queue(this, "callEvery"), period, call, boundCalls());
    map.scheduled();
    return scheduled;
  }

  /** It closes, or its connection is another's from now on. */
  final void endCalls() {
    cancelCalls();
    if (queueWatch != null) queueWatch.closed();
  }

  /**
   * Cancels what {@link #callLater} and {@link #callEvery} have bound, as {@link #close} does; but
   * not what {@link #whenSent} and the water marks are to call.
   */
  public void cancelCalls() {
    BoundCalls bound = calls;
    if (bound != null) bound.cancelAll();
  }

  private BoundCalls boundCalls() {
    BoundCalls bound = calls;
    if (bound != null) return bound;
    synchronized (this) {
      if (calls == null) calls = new BoundCalls(this);
      return calls;
    }
  }

  // --- the log ---

  /** Prints {@code log: MESSAGE}, which may be null, to standard error: {@code log}. */
  public void log(@Nullable String message) {
    System.err.print("log: " + message + "\n");
  }

  /** As {@link #logInfo(String, String)} with the type {@code info}. */
  public void logInfo(@Nullable String message) {
    logInfo(message, "info");
  }

  /**
   * Prints {@code TYPE: MESSAGE} to standard output, unless the type is ignored: {@code log_info}.
   * A message may be null.
   */
  public void logInfo(@Nullable String message, String type) {
    Objects.requireNonNull(type, "type is null");
    if (!ignoreLogTypes().contains(type)) System.out.print(type + ": " + message + "\n");
  }

  // --- events, as the loop reports them ---

  /** The loop found something to read: {@code handle_read_event}. */
  public void handleReadEvent() {
    if (accepting) { // A listener is never connected; it spawns sockets that are.
      if (acceptPolicy == null) handleAccept();
      else acceptPolicy.handleReadEvent(this);
      return;
    }
    if (!connected && connecting) handleConnectEvent();
    handleRead();
  }

  /** A connection came up or failed: {@code handle_connect_event}. */
  public void handleConnectEvent() {
    Errno errno = needSocket("handleConnectEvent").takeError();
    if (errno != Errno.OK) throw new OsException(errno);
    // As handle_connect_event: handleConnect runs while connected() is still false, and even a
    // channel that closes itself there ends up marked as connected.
    handleConnect();
    connected = true;
    connecting = false;
    interestTouched();
  }

  /** The loop found room to write: {@code handle_write_event}. */
  public void handleWriteEvent() {
    if (accepting) return; // Pretend it did not happen.
    if (!connected && connecting) handleConnectEvent();
    handleWrite();
  }

  /** The loop found urgent data, or an error: {@code handle_expt_event}. */
  public void handleExptEvent() {
    if (needSocket("handleExptEvent").takeError() != Errno.OK) handleClose();
    else handleExpt();
  }

  // --- callbacks ---

  /**
   * A callback threw: {@code handle_error}. The default logs one line and calls {@link
   * #handleClose}; what that throws leaves the loop.
   *
   * @param thrown what {@code sys.exc_info()} tells in Python
   */
  public void handleError(Throwable thrown) {
    CompactTraceback trace = Asyncore.compactTraceback(thrown);
    String self;
    try {
      self = toString();
    } catch (RuntimeException broken) { // A subclass's text form may crash; the line is still due.
      self =
          "<__repr__(self) failed for object at "
              + Integer.toHexString(System.identityHashCode(this))
              + ">";
    }
    logInfo(
        "uncaptured python exception, closing channel "
            + self
            + " (<class '"
            + thrown.getClass().getName()
            + "'>:"
            + (thrown.getMessage() == null ? "" : thrown.getMessage())
            + " "
            + trace.info()
            + ")",
        "error");
    handleClose();
  }

  /** Urgent data came. The default logs a warning. */
  public void handleExpt() {
    logInfo("unhandled incoming priority event", "warning");
  }

  /** Something can be read. The default logs a warning. */
  public void handleRead() {
    logInfo("unhandled read event", "warning");
  }

  /** There is room to write. The default logs a warning. */
  public void handleWrite() {
    logInfo("unhandled write event", "warning");
  }

  /** The connection is up. The default logs a warning. */
  public void handleConnect() {
    logInfo("unhandled connect event", "warning");
  }

  /** A connection waits. The default accepts it and calls {@link #handleAccepted}. */
  public void handleAccept() {
    accepting(
        () -> {
          Accepted pair = accept();
          if (pair != null) handleAccepted(pair.socket(), pair.address());
        });
  }

  /**
   * A connection was accepted. The default closes it and logs a warning.
   *
   * @param socket the connection, the callee's to close or to give to a dispatcher
   * @param address the peer's address
   */
  public void handleAccepted(AsyncSocket socket, SocketAddress address) {
    socket.close();
    logInfo("unhandled accepted event", "warning");
  }

  /** The connection ended or broke. The default logs a warning and calls {@link #close}. */
  public void handleClose() {
    logInfo("unhandled close event", "warning");
    close();
  }

  /**
   * A handler in front of this dispatcher in its pipeline has something to tell: that the
   * connection is idle, that a TLS handshake is done. The default does nothing; asyncore knows no
   * such events.
   *
   * @param event as the handler's documentation describes it
   */
  public void handleUserEvent(Object event) {
    // Most dispatchers have nothing in front of them.
  }

  /**
   * More than the high mark of {@link #waterMarks} is queued: asyncio's {@code pause_writing}.
   * Called once, inside the call that queued it, until {@link #handleLowWater()} was. The default
   * does nothing.
   */
  public void handleHighWater() {
    // Most dispatchers have no water marks.
  }

  /**
   * At most the low mark of {@link #waterMarks} is left: asyncio's {@code resume_writing}. Called
   * in a later pass, so it may queue more. The default does nothing.
   */
  public void handleLowWater() {
    // Most dispatchers have no water marks.
  }

  /**
   * The {@link LoopThread} that serves this dispatcher begins to stop. The default closes a
   * listener and lets a connection go on, until it closes itself or the time is over. A connection
   * that may be idle overrides it: by {@code closeWhenDone()} of an {@code AsyncChat}, for
   * instance.
   */
  public void handleStop() {
    if (accepting()) close();
  }

  /** The class, what it is doing, and its address: {@code __repr__}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("<").append(getClass().getName());
    if (accepting && addr != null) text.append(" listening");
    else if (connected) text.append(" connected");
    if (addr != null) text.append(' ').append(addressText(addr));
    return text.append(" at 0x")
        .append(Integer.toHexString(System.identityHashCode(this)))
        .append('>')
        .toString();
  }

  private static String addressText(SocketAddress address) {
    if (address instanceof InetSocketAddress inet) {
      String host = inet.isUnresolved() ? inet.getHostString() : inet.getAddress().getHostAddress();
      return OneLine.of(host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + inet.getPort();
    }
    if (address instanceof UnixDomainSocketAddress unix) {
      return Escapes.repr(unix.getPath().toString());
    }
    return OneLine.of(address.toString());
  }
}
