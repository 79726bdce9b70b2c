package org.asyncore.netty.epoll;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import org.asyncore.netty.loop.Gate;
import org.asyncore.netty.loop.GatedIoHandler;
import org.asyncore.transport.Readiness;

/**
 * The gate on epoll, whose event bits are those of poll, and so of {@link Readiness}.
 *
 * <p>Where nothing is asked for it asks for {@code EPOLLET}: Netty deletes a registration of no
 * events and cannot change it afterwards, and with none but level-triggered events a hang-up, which
 * epoll reports unasked, would wake the loop for ever. So it would where something else is asked
 * for: then the same goes for that, until it comes.
 */
@SuppressWarnings("try") // As Gate.
final class EpollGate extends Gate implements EpollIoHandle {
  private static final int QUIET = EpollIoOps.EPOLLET.value();
  private static final int FOUND =
      Readiness.IN | Readiness.PRI | Readiness.OUT | Readiness.ERR | Readiness.HUP | PEER_ENDED;
  private static final int ENDS = Readiness.ERR | Readiness.HUP | PEER_ENDED;
  private static final int NOT_MUTED = -1;
  private static final int MOST_UNWANTED = 16;
  private static final EpollIoEvent IN = () -> EpollIoOps.EPOLLIN;
  private static final EpollIoEvent OUT = () -> EpollIoOps.EPOLLOUT;

  private final EpollIoHandle channelHandle;

  /** What the channel wants. */
  private EpollIoOps wanted = EpollIoOps.valueOf(0); // NONE came late, with 4.2.13.

  /** The interest with which a hang-up or an error came that nobody is told of; -1 for none. */
  private int mutedWith = NOT_MUTED;

  /**
   * How often epoll has told of bytes that the channel does not want now: a channel that soon wants
   * some again has it told nothing.
   */
  private int unwanted;

  /** What epoll was told last; 0 before the first time. */
  private int submitted;

  EpollGate(GatedIoHandler handler, IoHandle channelHandle) {
    super(handler, channelHandle);
    this.channelHandle = (EpollIoHandle) channelHandle;
  }

  @Override
  public FileDescriptor fd() {
    return channelHandle.fd();
  }

  @Override
  public void handle(IoRegistration registration, IoEvent event) {
    Watcher watcher = watcher();
    if (watcher == null) toChannelIfWanted((EpollIoEvent) event);
    else watcher.found(((EpollIoEvent) event).ops().value() & FOUND);
  }

  /** Hands on what the channel wants to hear of, and how its connection ends. */
  private void toChannelIfWanted(EpollIoEvent event) {
    int found = event.ops().value();
    if (!isPaused() || (found & EpollIoOps.EPOLLIN.value()) == 0 || (found & ENDS) != 0) {
      toChannel(event);
      return;
    }
    unwanted++;
    update();
    EpollIoOps rest = EpollIoOps.valueOf(found & ~EpollIoOps.EPOLLIN.value());
    if (rest.value() != 0) toChannel((EpollIoEvent) () -> rest);
  }

  /** Whether epoll is asked for bytes that the channel does not want now, and for nothing else. */
  private boolean isPaused() {
    return submitted == (wanted.value() | EpollIoOps.EPOLLIN.value())
        && submitted != wanted.value();
  }

  @Override
  public long submit(IoOps ops) {
    wanted = (EpollIoOps) ops;
    unwanted = 0;
    update();
    return wanted.value();
  }

  @Override
  public void update() {
    int needed;
    if (watcher() == null) {
      if (isPaused() && unwanted < MOST_UNWANTED) return; // It may soon want them again.
      needed = wanted.value();
    } else {
      needed = watched();
    }
    if (needed == 0) {
      if (submitted == 0) return; // Epoll does not know it yet, and need not.
      needed = QUIET;
    }
    if (needed == submitted || !isValid()) return;
    real().submit(EpollIoOps.valueOf(needed));
    submitted = needed;
  }

  private int watched() {
    int events = flushing() ? interest() | Readiness.OUT : interest();
    if ((events & Readiness.IN) != 0) events |= PEER_ENDED; // Comes with IN, never alone.
    return mutedWith == interest() && !flushing() ? events | QUIET : events;
  }

  @Override
  public void muteUnasked(boolean mute) {
    if (!mute && mutedWith == NOT_MUTED) return;
    mutedWith = mute ? interest() : NOT_MUTED;
    update();
  }

  @Override
  public void tellHangUps() {
    muteUnasked(false);
  }

  @Override
  public void deliver(int event) {
    toChannel(event == Readiness.IN ? IN : OUT);
  }

  @Override
  @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature.
  public <T> T attachment() {
    return real().attachment();
  }
}
