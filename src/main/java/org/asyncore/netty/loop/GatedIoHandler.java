package org.asyncore.netty.loop;

import io.netty.channel.Channel;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.BiFunction;

/**
 * One of Netty's I/O handlers with a {@link Gate} before each registration. Confined to the holder
 * of the turn.
 */
public final class GatedIoHandler implements IoHandler {
  private final IoHandler real;
  private final BiFunction<GatedIoHandler, IoHandle, Gate> newGate;
  private final IdentityHashMap<IoHandle, Gate> gates = new IdentityHashMap<>();
  private final TurnEventLoop loop;
  private Gate.Owner next;
  private boolean isRunning;

  /** Whether a look is due at the end of the I/O that runs. */
  private boolean mustLook;

  private boolean isLooking;

  /** How many registrations are of native channels. Read without the turn, too. */
  private volatile int nativeCount;

  private GatedIoHandler(
      IoHandler real, BiFunction<GatedIoHandler, IoHandle, Gate> newGate, TurnEventLoop loop) {
    this.real = real;
    this.newGate = newGate;
    this.loop = loop;
  }

  /** Makes the handler of a loop: Netty's factory, and the gate that fits it. */
  public record Factory(IoHandlerFactory real, BiFunction<GatedIoHandler, IoHandle, Gate> newGate) {
    GatedIoHandler newHandler(TurnEventLoop loop) {
      return new GatedIoHandler(real.newHandler(loop), newGate, loop);
    }
  }

  public IoHandler real() {
    return real;
  }

  boolean isCalling() {
    return loop.isCalling();
  }

  /** See {@link TurnEventLoop#calling}. */
  void calling(boolean calling) {
    loop.calling(calling);
  }

  /** The gate of a channel that is registered here. */
  public Gate gateOf(Channel channel) {
    return gateOf((IoHandle) channel.unsafe());
  }

  /** The gate of a handle that is registered here. */
  public Gate gateOf(IoHandle handle) {
    return gates.get(handle);
  }

  /** Has the next registration belong to somebody, and held back for it, from the start. */
  public void registerNextFor(Gate.Owner owner) {
    next = owner;
  }

  void forget(Gate gate) {
    if (gates.remove(gate.channelHandle(), gate) && gate.owner() == null) countNative(-1);
  }

  /** The channels that are no dispatcher's. */
  public List<Channel> nativeChannels() {
    List<Channel> found = new ArrayList<>();
    for (Gate gate : gates.values()) {
      boolean isNative = gate.owner() == null;
      if (isNative && gate.channelHandle() instanceof Channel.Unsafe unsafe) {
        found.add(unsafe.voidPromise().channel());
      }
    }
    return found;
  }

  public int nativeCount() {
    return nativeCount;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // The turn's holder is the only one who writes.
  void countNative(int change) {
    nativeCount += change;
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    Gate.Owner owner = next;
    next = null; // Not the next one's, if this one is refused.
    Gate gate = newGate.apply(this, handle);
    gate.real(real.register(gate));
    gates.put(handle, gate);
    countNative(1);
    if (owner != null) {
      gate.owner(owner);
      gate.watch(owner);
    }
    return gate;
  }

  @Override
  public int run(IoHandlerContext context) {
    boolean isNested = isRunning;
    isRunning = true;
    try {
      return real.run(context);
    } finally {
      isRunning = isNested;
      if (mustLook && !isNested) look();
    }
  }

  /**
   * Has a selector do what it does on its way, which is to let go of closed channels. What it finds
   * is told to nobody, because the caller may be in a callback: it is found again when the loop
   * looks. While I/O runs, it is done at the end of that.
   */
  public void look() {
    mustLook = isRunning;
    if (isRunning) return;
    isLooking = true;
    try {
      real.run(NoWaitContext.INSTANCE);
    } finally {
      isLooking = false;
    }
  }

  /** Whether what is found now is nobody's business. */
  public boolean isLooking() {
    return isLooking;
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
