package org.asyncore.testkit;

import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import org.asyncore.internal.UseCount;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.Held;
import org.asyncore.transport.Membership;
import org.asyncore.transport.OsException;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * What all sockets of a {@link MemoryNetwork} have: a number, an address, options, a pending error.
 * Its subclasses say what Linux would of their kind. Guarded by its network.
 */
abstract class MemorySocket implements AsyncSocket, Held, UseCount {
  final MemoryNetwork network;
  private final Transport transport;
  private final Family family;
  private final SocketType type;
  private final Map<SocketOption<?>, Object> options = new HashMap<>();
  private final Map<SocketCall, Queue<Errno>> failures = new EnumMap<>(SocketCall.class);

  /** -1 for one that has none: it waits to be accepted, is a peer's, or closed. */
  private int fileno = -1;

  private boolean closed;

  /** Who has it in a map; its number never changes, so there is nothing to tell. */
  private volatile @Nullable Holder holder;

  private int uses;

  /** What the pass that asked last asked for: flags of Readiness. */
  private int interest;

  /** SO_ERROR. */
  Errno error = Errno.OK;

  /** Where it is bound; null for nowhere. */
  @Nullable SocketAddress name;

  MemorySocket(MemoryNetwork network, Transport transport, Family family, SocketType type) {
    this.network = network;
    this.transport = transport;
    this.family = family;
    this.type = type;
  }

  /** Flags of Readiness, as poll would find them. */
  abstract int readiness();

  /** Its owner is gone. */
  abstract void closeEnd();

  final void number(int number) {
    fileno = number;
  }

  @Override
  public final int fileno() {
    return fileno;
  }

  @Override
  public final void holder(@Nullable Holder holder) {
    this.holder = holder;
  }

  @Override
  public final @Nullable Holder holder() {
    return holder;
  }

  @Override
  public final int uses() {
    return uses;
  }

  @Override
  public final Family family() {
    return family;
  }

  @Override
  public final SocketType type() {
    return type;
  }

  @Override
  public final Transport transport() {
    return transport;
  }

  final boolean isClosed() {
    return closed;
  }

  final void interest(int events) {
    interest = events;
  }

  final boolean isAskedFor(int event) {
    return (interest & event) != 0;
  }

  /** Each call begins here. */
  final void needOpen() {
    uses++;
    network.called(this);
    if (closed) throw new OsException(Errno.EBADF);
  }

  final void fail(SocketCall call, Errno errno) {
    failures.computeIfAbsent(call, key -> new ArrayDeque<>()).add(errno);
  }

  /** Whether a test has asked for a failure of this call. */
  final boolean hasFailure(SocketCall call) {
    Queue<Errno> queue = failures.get(call);
    return queue != null && !queue.isEmpty();
  }

  final void failIfAsked(SocketCall call) {
    Queue<Errno> queue = failures.get(call);
    if (queue != null && !queue.isEmpty()) throw new OsException(queue.remove());
  }

  @Override
  public final Errno takeError() {
    synchronized (network) {
      needOpen();
      return clearError();
    }
  }

  final Errno clearError() {
    Errno taken = error;
    error = Errno.OK;
    return taken;
  }

  @Override
  public final void bind(SocketAddress address) {
    synchronized (network) {
      needOpen();
      if (name != null) throw new OsException(Errno.EINVAL);
      name = network.names().bind(this, address);
    }
  }

  @Override
  public final SocketAddress getsockname() {
    synchronized (network) {
      needOpen();
      return name == null ? Names.unknown(family) : name;
    }
  }

  /** Null for one that is no flag and no number, such as an interface, and was not set. */
  @Override
  @SuppressWarnings("NullAway")
  public final <T> T getsockopt(SocketOption<T> option) {
    synchronized (network) {
      needOpen();
      Object value = options.get(option);
      if (value == null) value = initial(option);
      return option.type().cast(value);
    }
  }

  private @Nullable Object initial(SocketOption<?> option) {
    if (option == StandardSocketOptions.SO_SNDBUF) return network.sendBuffer();
    if (option == StandardSocketOptions.SO_RCVBUF) return network.receiveBuffer();
    if (option == StandardSocketOptions.SO_LINGER) return -1;
    if (option.type() == Boolean.class) return false;
    return option.type() == Integer.class ? 0 : null;
  }

  @Override
  public final <T> void setsockopt(SocketOption<T> option, T value) {
    synchronized (network) {
      needOpen();
      if (option.type() == Membership.class) return; // Who is in a group hears no more than others.
      options.put(option, value);
    }
  }

  final int option(SocketOption<Integer> option) {
    Object value = options.get(option);
    return (Integer) Objects.requireNonNull(value == null ? initial(option) : value);
  }

  final boolean isSet(SocketOption<Boolean> option) {
    return Boolean.TRUE.equals(options.get(option));
  }

  /** An accepted connection has the options of its listener. */
  final void inherit(MemorySocket listener) {
    options.putAll(listener.options);
  }

  @Override
  public final void close() {
    synchronized (network) {
      if (closed) return;
      network.called(this);
      closed = true;
      closeEnd();
      network.takeBack(fileno);
      fileno = -1;
      network.changed();
    }
    over(); // Without the network's lock, as it may call the program.
  }

  /** It is closed. */
  void over() {
    // Of most kinds nobody is told.
  }

  @Override
  public String toString() {
    return network + " " + type + " " + fileno;
  }
}
