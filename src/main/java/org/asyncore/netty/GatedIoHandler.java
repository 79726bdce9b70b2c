package org.asyncore.netty;

import io.netty.channel.Channel;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.net.InetSocketAddress;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.BiFunction;

/**
 * One of Netty's I/O handlers with a {@link Gate} before each registration. Confined to the holder
 * of the turn.
 */
final class GatedIoHandler implements IoHandler {
  private final IoHandler real;
  private final BiFunction<GatedIoHandler, IoHandle, Gate> newGate;
  private final IdentityHashMap<IoHandle, Gate> gates = new IdentityHashMap<>();
  private Gate.Watcher nextWatcher;
  private boolean isRunning;

  /** How many registrations have an open gate: native channels. Read without the turn, too. */
  private volatile int openGates;

  private GatedIoHandler(IoHandler real, BiFunction<GatedIoHandler, IoHandle, Gate> newGate) {
    this.real = real;
    this.newGate = newGate;
  }

  /** Makes the handler of a loop: Netty's factory, and the gate that fits it. */
  record Factory(IoHandlerFactory real, BiFunction<GatedIoHandler, IoHandle, Gate> newGate) {
    GatedIoHandler newHandler(ThreadAwareExecutor executor) {
      return new GatedIoHandler(real.newHandler(executor), newGate);
    }
  }

  IoHandler real() {
    return real;
  }

  /** The gate of a channel that is registered here. */
  Gate gateOf(Channel channel) {
    return gateOf((IoHandle) channel.unsafe());
  }

  /** The gate of a handle that is registered here. */
  Gate gateOf(IoHandle handle) {
    return gates.get(handle);
  }

  /** Whether a channel registered here has this port at its own end. */
  boolean hasPort(int port) {
    for (IoHandle handle : gates.keySet()) {
      if (handle instanceof Channel.Unsafe unsafe
          && unsafe.localAddress() instanceof InetSocketAddress local
          && local.getPort() == port) return true;
    }
    return false;
  }

  /** Has the next registration held back for a watcher from the start. */
  void watchNext(Gate.Watcher watcher) {
    nextWatcher = watcher;
  }

  void forget(Gate gate) {
    if (gates.remove(gate.channelHandle(), gate) && gate.watcher() == null) opened(-1);
  }

  /** Closes the channels whose gates are open: native ones. */
  void closeNative() {
    for (Gate gate : List.copyOf(gates.values())) {
      boolean isNative = gate.watcher() == null;
      if (isNative && gate.channelHandle() instanceof Channel.Unsafe unsafe) close(unsafe);
    }
  }

  private static void close(Channel.Unsafe unsafe) {
    Channel channel = unsafe.voidPromise().channel();
    channel.close(); // By way of its handlers, which may have a last word, or put it off.
    if (channel.isOpen()) unsafe.close(unsafe.voidPromise());
  }

  int openGates() {
    return openGates;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // The turn's holder is the only one who writes.
  void opened(int change) {
    openGates += change;
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    Gate.Watcher watcher = nextWatcher;
    nextWatcher = null; // Not the next one's, if this one is refused.
    Gate gate = newGate.apply(this, handle);
    gate.real(real.register(gate));
    gates.put(handle, gate);
    opened(1);
    if (watcher != null) gate.watch(watcher);
    return gate;
  }

  @Override
  public int run(IoHandlerContext context) {
    isRunning = true;
    try {
      return real.run(context);
    } finally {
      isRunning = false;
    }
  }

  /** Runs the I/O once, without waiting, unless it is running. */
  void look() {
    if (isRunning) return;
    run(
        new IoHandlerContext() {
          @Override
          public boolean canBlock() {
            return false;
          }

          @Override
          public long delayNanos(long currentTimeNanos) {
            return 0;
          }

          @Override
          public long deadlineNanos() {
            return 0;
          }
        });
  }

  @Override
  public void initialize() {
    real.initialize();
  }

  @Override
  public void prepareToDestroy() {
    real.prepareToDestroy();
  }

  @Override
  public void destroy() {
    real.destroy();
  }

  @Override
  public void wakeup() {
    real.wakeup();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> handleType) {
    return real.isCompatible(handleType);
  }
}
