package org.asyncore.testkit;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.Activity;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.Shutdown;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.Transport;
import org.asyncore.transport.WouldBlockException;
import org.jspecify.annotations.Nullable;

/**
 * A stream socket in memory, TCP's or a Unix one, as Linux has them.
 *
 * <pre>
 * state        event                        next
 * CLOSE        listen()                     LISTEN
 * CLOSE        connectEx()                  SYN_SENT; Unix: ESTABLISHED
 * SYN_SENT     the listener has room        ESTABLISHED
 * SYN_SENT     nobody listens               CLOSE, error ECONNREFUSED
 * ESTABLISHED  a reset                      CLOSE, error ECONNRESET, or EPIPE behind the peer's end
 * ESTABLISHED  both ends have ended, TCP    CLOSE
 * </pre>
 *
 * <p>What was sent waits in this end's send buffer while the other's receive buffer is full; the
 * end of the stream comes behind it. Closing with unread bytes resets.
 */
final class MemoryStream extends MemorySocket implements Activity.Connection {
  private static final int INPUT = Readiness.IN | Readiness.PRI | Readiness.HUP | Readiness.ERR;

  private enum State {
    CLOSE,
    LISTEN,
    SYN_SENT,
    ESTABLISHED
  }

  private State state = State.CLOSE;
  private final boolean isUnix;

  /** The other end; null if there is none, or none that could be sent to. */
  private @Nullable MemoryStream peer;

  /** The other end's name, for accept and getpeername; null before there is one. */
  private @Nullable SocketAddress peerName;

  private final Incoming in = new Incoming();
  private final ByteQueue out = new ByteQueue();

  /** How many bytes of the stream were sent. */
  private long sent;

  /** This end is not going to send more; the other end knows. */
  private boolean sendEnded;

  private boolean isEndTold;

  /** No more comes; the peer has said so. */
  private boolean receiveEnded;

  private boolean isPeersEnd;

  /** A connect was begun whose outcome connectEx has not told. */
  private boolean isOutcomeOwed;

  private int backlog;

  /** Connections that wait to be accepted, and those that wait for room to wait. */
  private final Deque<MemoryStream> waiting = new ArrayDeque<>();

  private final Deque<MemoryStream> knocking = new ArrayDeque<>();

  /** Null as long as nobody asks for it. */
  private @Nullable Activity activity;

  /** What is to be called when it is closed. */
  private final List<Runnable> whenOver = new ArrayList<>(0);

  MemoryStream(MemoryNetwork network, Transport transport, Family family) {
    super(network, transport, family, SocketType.STREAM);
    isUnix = family == Family.UNIX;
  }

  // --- what poll finds ---

  @Override
  int readiness() {
    int found = error == Errno.OK ? 0 : Readiness.ERR;
    if (isClosed()) return Readiness.NVAL;
    if (state == State.LISTEN) {
      return waiting.isEmpty() && !hasFailure(SocketCall.ACCEPT) ? 0 : Readiness.IN;
    }
    if (state == State.SYN_SENT) return found;
    if (state == State.CLOSE || (receiveEnded && sendEnded)) found |= Readiness.HUP;
    if (receiveEnded || in.isReadable() || hasFailure(SocketCall.RECV)) found |= Readiness.IN;
    if (in.hasUrgent()) found |= Readiness.PRI;
    if (sendEnded || isWritable() || hasFailure(SocketCall.SEND)) found |= Readiness.OUT;
    return found;
  }

  /** As Linux: a third of the buffer has to be free. */
  private boolean isWritable() {
    int used = out.size();
    return sendBuffer() - used >= used / 2;
  }

  private int sendBuffer() {
    return option(StandardSocketOptions.SO_SNDBUF);
  }

  boolean isListening() {
    return state == State.LISTEN;
  }

  // --- becoming connected ---

  @Override
  public void listen(int backlog) {
    synchronized (network) {
      needOpen();
      if (state != State.CLOSE && state != State.LISTEN) throw new OsException(Errno.EINVAL);
      if (name == null && isUnix) throw new OsException(Errno.EINVAL);
      if (name == null) name = network.names().bind(this, anyPort());
      this.backlog = backlog;
      state = State.LISTEN;
    }
  }

  private InetSocketAddress anyPort() {
    return new InetSocketAddress(((InetSocketAddress) Names.unknown(family())).getAddress(), 0);
  }

  @Override
  public Errno connectEx(SocketAddress address) {
    synchronized (network) {
      needOpen();
      failIfAsked(SocketCall.CONNECT);
      if (isOutcomeOwed && state != State.SYN_SENT) return outcome();
      switch (state) {
        case LISTEN -> {
          return isUnix ? Errno.EINVAL : Errno.EISCONN;
        }
        case ESTABLISHED -> {
          return Errno.EISCONN;
        }
        case SYN_SENT -> {
          return Errno.EALREADY;
        }
        case CLOSE -> Names.needFamily(this, address);
      }
      network.names().autobind(this, address);
      return isUnix ? connectUnix(address) : connectTcp(address);
    }
  }

  private Errno outcome() {
    isOutcomeOwed = false;
    if (state == State.ESTABLISHED) return Errno.OK;
    Errno failed = clearError();
    return failed == Errno.OK ? Errno.ECONNABORTED : failed;
  }

  private Errno connectUnix(SocketAddress address) {
    MemoryStream listener = listener(address);
    if (listener == null) {
      return network.names().isPath(address) ? Errno.ECONNREFUSED : Errno.ENOENT;
    }
    if (!listener.hasRoom()) return Errno.EAGAIN;
    listener.admit(this);
    network.changed();
    return Errno.OK;
  }

  private Errno connectTcp(SocketAddress address) {
    state = State.SYN_SENT;
    isOutcomeOwed = true;
    if (activity != null) activity.connects();
    peerName = address;
    network.later(network.connectNanos(), () -> arrive(address));
    return Errno.EINPROGRESS;
  }

  /** Its wish to connect has come to where it goes. */
  private void arrive(SocketAddress address) {
    if (isClosed() || state != State.SYN_SENT) return;
    MemoryStream listener = listener(address);
    if (listener == null) refused();
    else if (listener.hasRoom()) listener.admit(this);
    else listener.knocking.add(this);
  }

  private @Nullable MemoryStream listener(SocketAddress address) {
    MemoryStream found = network.names().find(MemoryStream.class, SocketType.STREAM, address);
    return found != null && found.state == State.LISTEN ? found : null;
  }

  private void refused() {
    error = Errno.ECONNREFUSED;
    end();
  }

  private boolean hasRoom() {
    return waiting.size() <= backlog;
  }

  private void admit(MemoryStream client) {
    MemoryStream server = new MemoryStream(network, transport(), family());
    server.inherit(this);
    server.name = name instanceof InetSocketAddress ? client.reachedAt(name) : name;
    server.join(client, client.name == null ? Names.unknown(family()) : client.name);
    client.join(server, client.peerName == null ? name : client.peerName);
    waiting.add(server);
  }

  /** The listener's own address, of those that it listens on. */
  private SocketAddress reachedAt(SocketAddress listening) {
    InetSocketAddress reached = (InetSocketAddress) peerName();
    boolean isAny = reached.getAddress() != null && reached.getAddress().isAnyLocalAddress();
    return isAny ? listening : reached;
  }

  private void join(MemoryStream other, @Nullable SocketAddress otherName) {
    peer = other;
    peerName = otherName;
    state = State.ESTABLISHED;
  }

  @Override
  public Accepted accept() {
    synchronized (network) {
      needOpen();
      if (state != State.LISTEN) throw new OsException(Errno.EINVAL);
      failIfAsked(SocketCall.ACCEPT);
      MemoryStream accepted = next();
      if (accepted == null) throw WouldBlockException.INSTANCE;
      accepted.number(network.deal());
      return new Accepted(accepted, accepted.peerName());
    }
  }

  /** The next connection that waits, without a number; null for none. */
  @Nullable MemoryStream next() {
    MemoryStream accepted = waiting.poll();
    for (MemoryStream next; hasRoom() && (next = knocking.poll()) != null; ) {
      if (!next.isClosed()) admit(next);
    }
    return accepted;
  }

  @Override
  public SocketAddress getpeername() {
    synchronized (network) {
      needOpen();
      if (state != State.ESTABLISHED) throw new OsException(Errno.ENOTCONN);
      return peerName();
    }
  }

  private SocketAddress peerName() {
    return Objects.requireNonNull(peerName, "peerName is null");
  }

  // --- bytes ---

  @Override
  public int send(byte[] data, int offset, int byteCount) {
    synchronized (network) {
      needOpen();
      failIfAsked(SocketCall.SEND);
      needSendable();
      if (byteCount == 0) return 0;
      int room = sendBuffer() - out.size();
      if (room <= 0) throw WouldBlockException.INSTANCE;
      int taken = network.odds(this).upTo("send", Math.min(room, byteCount));
      out.add(data, offset, taken);
      sent += taken;
      if (activity != null) activity.sent(false);
      deliver();
      network.changed();
      return taken;
    }
  }

  private void needSendable() {
    if (state == State.SYN_SENT && error == Errno.OK) throw WouldBlockException.INSTANCE;
    if (isUnix && state != State.ESTABLISHED) throw new OsException(Errno.ENOTCONN);
    if (error == Errno.OK && state == State.ESTABLISHED && !sendEnded) return;
    Errno failed = isUnix ? Errno.OK : clearError();
    throw new OsException(failed == Errno.OK ? Errno.EPIPE : failed);
  }

  /** Moves what was sent to the other end, as far as that has room, and the end behind it. */
  private void deliver() {
    if (peer == null) return;
    int room = peer.receiveBuffer() - peer.in.size();
    int moved = Math.min(room, out.size());
    if (moved > 0 && peer.isClosed()) {
      reset(); // As the system answers bytes for nobody.
      return;
    }
    if (moved > 0) peer.in.moveFrom(out, moved);
    if (sendEnded && out.isEmpty() && !isEndTold) tellEnd(peer);
  }

  private int receiveBuffer() {
    return option(StandardSocketOptions.SO_RCVBUF);
  }

  private void tellEnd(MemoryStream told) {
    isEndTold = true;
    told.receiveEnded = true;
    told.isPeersEnd = true;
    if (isUnix) return;
    boolean isOver = told.isEndTold && isPeersEnd;
    if (!isOver) return;
    forgetPeer(); // Each has had the other's end: nothing is left to say.
    told.forgetPeer();
  }

  private void forgetPeer() {
    peer = null;
    state = State.CLOSE;
  }

  @Override
  public byte[] recv(int byteCount) {
    synchronized (network) {
      needOpen();
      if (state == State.LISTEN) throw new OsException(isUnix ? Errno.EINVAL : Errno.ENOTCONN);
      failIfAsked(SocketCall.RECV);
      if (in.isReadable()) return read(byteCount);
      in.skipUrgent();
      if (isPeersEnd && !isUnix) return new byte[0];
      if (error != Errno.OK) throw new OsException(clearError());
      if (receiveEnded) return new byte[0];
      if (state == State.CLOSE) throw new OsException(isUnix ? Errno.EINVAL : Errno.ENOTCONN);
      throw WouldBlockException.INSTANCE;
    }
  }

  private byte[] read(int byteCount) {
    int most = Math.min(byteCount, in.available());
    byte[] data = in.take(network.odds(this).upTo("recv", most));
    if (activity != null) activity.received();
    if (peer != null) peer.deliver(); // There is room.
    network.changed();
    return data;
  }

  // --- urgent data ---

  @Override
  public int sendUrgent(byte[] data) {
    synchronized (network) {
      if (isUnix) throw new OsException(Errno.EOPNOTSUPP);
      int last = data.length - 1;
      needOpen();
      needSendable();
      if (peer != null) peer.in.urgent(sent + last, data[last]);
      return send(data, 0, data.length);
    }
  }

  @Override
  public byte[] recvUrgent(int byteCount) {
    synchronized (network) {
      needOpen();
      if (isUnix) throw new OsException(Errno.EOPNOTSUPP);
      return in.takeUrgent();
    }
  }

  // --- endings ---

  @Override
  public void shutdown(Shutdown how) {
    synchronized (network) {
      needOpen();
      if (state != State.ESTABLISHED) throw new OsException(Errno.ENOTCONN);
      if (how != Shutdown.WR) {
        receiveEnded = true;
        if (isUnix && peer != null) peer.sendEnded = true;
      }
      if (how != Shutdown.RD) {
        sendEnded = true;
        deliver();
      }
      network.changed();
    }
  }

  /** The other end has broken the connection. */
  private void reset() {
    error = isPeersEnd ? Errno.EPIPE : Errno.ECONNRESET;
    end();
  }

  private void end() {
    out.clear();
    peer = null;
    state = State.CLOSE;
    sendEnded = true;
    receiveEnded = true;
  }

  @Override
  void closeEnd() {
    if (activity != null) activity.closed();
    network.names().release(this);
    for (MemoryStream each : waiting) each.leaveUnaccepted();
    for (MemoryStream each : knocking) each.refused();
    waiting.clear();
    knocking.clear();
    if (peer == null) return;
    if (isUnix) closeUnix(!in.isEmpty());
    else if (!in.isEmpty() || option(StandardSocketOptions.SO_LINGER) == 0) breakOff();
    else {
      sendEnded = true;
      deliver();
    }
  }

  /** The listener is gone that it waits at. */
  private void leaveUnaccepted() {
    if (isUnix) closeUnix(true);
    else breakOff();
  }

  private void closeUnix(boolean isBroken) {
    MemoryStream told = peer;
    if (told == null) return;
    if (isBroken) told.error = Errno.ECONNRESET;
    sendEnded = true;
    deliver();
    told.sendEnded = true;
    told.out.clear();
  }

  private void breakOff() {
    MemoryStream told = peer;
    end();
    if (told != null) told.reset();
  }

  // --- what happens on the connection ---

  @Override
  public Activity activity() {
    synchronized (network) {
      if (activity == null) activity = new Activity(this, network::nanoTime);
      return activity;
    }
  }

  @Override
  public boolean isOpen() {
    return !isClosed();
  }

  @Override
  public boolean isUp() {
    return state == State.ESTABLISHED;
  }

  @Override
  public boolean isAnswered() {
    return state != State.SYN_SENT;
  }

  @Override
  public boolean isReading() {
    return isAskedFor(Readiness.IN);
  }

  @Override
  public boolean hasInput() {
    synchronized (network) {
      return isReading() && (readiness() & INPUT) != 0;
    }
  }

  @Override
  public boolean waitsForRoom() {
    synchronized (network) {
      return isUp() && isAskedFor(Readiness.OUT) && (readiness() & Readiness.OUT) == 0;
    }
  }

  @Override
  public long writtenPart() {
    return 0; // All that is sent is in the kernel.
  }

  @Override
  public void whenOver(Runnable call) {
    synchronized (network) {
      if (isOpen()) {
        whenOver.add(call);
        return;
      }
    }
    call.run();
  }

  @Override
  void over() {
    for (Runnable call : whenOver) call.run();
    whenOver.clear();
  }

  // --- for peers ---

  /** Whether a connection is under way. */
  boolean isConnecting() {
    return state == State.SYN_SENT;
  }

  // --- what a stream has not ---

  @Override
  public int sendto(byte[] data, SocketAddress address) {
    return send(data, 0, data.length); // As TCP, which does not look at the address.
  }
}
