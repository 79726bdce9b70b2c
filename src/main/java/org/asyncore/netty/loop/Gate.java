package org.asyncore.netty.loop;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;

/**
 * Stands between a channel and the loop's I/O, once for each registration, so that a dispatcher's
 * channel gets its events when asyncore's order says so and not when they are found.
 *
 * <p>An open gate hands everything through: a native channel notices nothing. A gate with a {@link
 * Watcher} holds events back: it tells the watcher what the system said, and {@link #deliver} hands
 * an event to the channel when its turn has come. What the system is asked for is then the
 * watcher's interest, not the channel's.
 *
 * <p>Confined to the holder of the loop's turn.
 */
@SuppressWarnings("try") // Netty closes it, and expects anything.
public abstract class Gate implements IoHandle, IoRegistration {
  /**
   * The peer has ended its stream: EPOLLRDHUP, told beside the flags of Readiness with {@code IN},
   * by epoll only. It is not for asyncore, which finds the end by reading.
   */
  public static final int PEER_ENDED = 0x2000;

  private final GatedIoHandler handler;
  private final IoHandle channelHandle;
  private IoRegistration real;
  private Watcher watcher;

  /** Whose channel it is: null for a native one. */
  private Owner owner;

  /** What the watcher wants to know of: flags of Readiness. */
  private int interest;

  /**
   * Whether the channel has bytes that the system did not take, so that it must hear of room for
   * them.
   */
  private boolean flushing;

  /** Hears what the system says of a channel. */
  public interface Watcher {
    /**
     * The system found something.
     *
     * @param events flags of Readiness
     */
    void found(int events);
  }

  /** Whose channel it is: hears of the end of a registration that it has not ended itself, too. */
  public interface Owner extends Watcher {
    /** The registration is about to end; after it the channel may be closed. */
    void registrationEnds();
  }

  public Gate(GatedIoHandler handler, IoHandle channelHandle) {
    this.handler = handler;
    this.channelHandle = channelHandle;
  }

  public final IoHandle channelHandle() {
    return channelHandle;
  }

  public final void real(IoRegistration real) {
    this.real = real;
  }

  public final IoRegistration real() {
    return real;
  }

  /** Makes the channel somebody's, or a native one with null. */
  public final void owner(Owner owner) {
    if (handler != null && (owner == null) != (this.owner == null)) {
      handler.countNative(owner == null ? 1 : -1);
    }
    this.owner = owner;
  }

  public final Owner owner() {
    return owner;
  }

  /** Holds events back for a watcher, or opens the gate again with null. */
  public final void watch(Watcher watcher) {
    this.watcher = watcher;
    interest = 0;
    update();
  }

  public final Watcher watcher() {
    return watcher;
  }

  public final int interest() {
    return interest;
  }

  public final boolean flushing() {
    return flushing;
  }

  /** Asks the system for these flags of Readiness, and for nothing else. */
  public final void ask(int events) {
    if (interest == events) return;
    interest = events;
    update();
  }

  public final void flushing(boolean flushing) {
    if (this.flushing == flushing) return;
    this.flushing = flushing;
    update();
  }

  /**
   * Whether a hang-up or an error, which the system reports unasked, is nothing for the watcher
   * now: then it must not be found again and again, until something else is or is asked for.
   */
  public void muteUnasked(boolean mute) {
    // A selector reports what was asked for only.
  }

  /** From now on hang-ups are to be told apart where that costs nothing. Epoll always does. */
  public void tellHangUps() {
    // Epoll's way.
  }

  /**
   * Whether the answer just found does not tell a hang-up apart, so that one more look is needed.
   */
  public boolean mustLookTwice() {
    return false;
  }

  /**
   * Hands an event to the channel, whose handlers are the program's: nobody is to wait for them.
   */
  protected final void toChannel(IoEvent event) {
    boolean outer = handler != null && handler.isCalling();
    if (handler != null) handler.calling(true);
    try {
      channelHandle.handle(this, event);
    } finally {
      if (handler != null) handler.calling(outer);
    }
  }

  /** Brings what the system is asked for up to date. */
  public abstract void update();

  /**
   * Hands the channel one event, {@code IN} or {@code OUT} of Readiness, as if it had been found
   * just now.
   */
  public abstract void deliver(int event);

  @Override
  public final boolean isValid() {
    return real.isValid();
  }

  @Override
  public final boolean cancel() {
    if (owner != null) owner.registrationEnds();
    if (handler != null) handler.forget(this);
    return real != null && real.cancel();
  }

  @Override
  public final void registered() {
    channelHandle.registered();
  }

  @Override
  public final void unregistered() {
    channelHandle.unregistered();
  }

  @Override
  public final void close() throws Exception {
    channelHandle.close();
  }
}
