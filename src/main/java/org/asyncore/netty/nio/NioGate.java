package org.asyncore.netty.nio;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoEvent;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoOps;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.asyncore.netty.loop.Gate;
import org.asyncore.netty.loop.GatedIoHandler;
import org.asyncore.transport.Readiness;

/**
 * The gate on NIO.
 *
 * <p>A selector does not tell a hang-up from readable and writable: it reports everything that was
 * asked for. So where hang-ups must be told apart, a connected channel is asked for {@code
 * OP_CONNECT} as well: that it never is by itself.
 */
@SuppressWarnings("try") // As Gate.
final class NioGate extends Gate implements NioIoHandle {
  private static final NioIoEvent READ = () -> NioIoOps.READ;
  private static final NioIoEvent ACCEPT = () -> NioIoOps.ACCEPT;
  private static final NioIoEvent WRITE = () -> NioIoOps.WRITE;
  private static final NioIoEvent CONNECT = () -> NioIoOps.CONNECT;

  private final GatedIoHandler handler;
  private final NioIoHandle channelHandle;
  private final WantedKey wantedKey = new WantedKey();
  private final int readOp;
  private final int writeOp;
  private int wanted;

  /** Whether the channel is of a kind that hangs up. */
  private final boolean canHangUp;

  private boolean tellsHangUps;

  /** How far a pass that wants hang-ups told apart has come; the second look asks for more. */
  private Look look = Look.FIRST;

  private enum Look {
    FIRST,
    SECOND,
    DONE
  }

  NioGate(GatedIoHandler handler, IoHandle channelHandle) {
    super(handler, channelHandle);
    this.handler = handler;
    this.channelHandle = (NioIoHandle) channelHandle;
    int valid = selectableChannel().validOps();
    readOp = valid & (SelectionKey.OP_READ | SelectionKey.OP_ACCEPT);
    writeOp = valid & SelectionKey.OP_WRITE;
    canHangUp = selectableChannel() instanceof SocketChannel;
  }

  @Override
  public SelectableChannel selectableChannel() {
    return UnixListener.selectable(channelHandle.selectableChannel());
  }

  @Override
  public void tellHangUps() {
    boolean isNews = !tellsHangUps || look == Look.SECOND;
    tellsHangUps = true;
    look = Look.FIRST;
    if (isNews) update();
  }

  @Override
  public boolean mustLookTwice() {
    boolean wasTold = (interest() & Readiness.OUT) != 0;
    if (!canHangUp || wasTold || look == Look.DONE) return false;
    look = look == Look.FIRST ? Look.SECOND : Look.DONE;
    update();
    return look == Look.SECOND;
  }

  @Override
  public void handle(IoRegistration registration, IoEvent event) {
    if (handler.isLooking()) return; // A selector tells again of whatever is still so.
    Watcher watcher = watcher();
    if (watcher == null) toChannel(event);
    else watcher.found(readiness(((NioIoEvent) event).ops().value()));
  }

  private int readiness(int ops) {
    int events = (ops & readOp) != 0 ? Readiness.IN : 0;
    if ((ops & writeOp) != 0) events |= Readiness.OUT;
    if ((ops & SelectionKey.OP_CONNECT) != 0)
      events |= connecting() ? Readiness.OUT : Readiness.HUP;
    return events;
  }

  private boolean connecting() {
    return selectableChannel() instanceof SocketChannel channel && channel.isConnectionPending();
  }

  @Override
  public long submit(IoOps ops) {
    wanted = ((NioIoOps) ops).value();
    update();
    return wanted;
  }

  @Override
  public void update() {
    if (!isValid()) return;
    real().submit(NioIoOps.valueOf(watcher() == null ? wanted : watched()));
  }

  private int watched() {
    int interest = interest();
    if (connecting()) return interest == 0 ? 0 : SelectionKey.OP_CONNECT;
    int ops = (interest & Readiness.IN) != 0 ? readOp : 0;
    if ((interest & Readiness.OUT) != 0 || flushing()) ops |= writeOp;
    // Asked together with room to write it costs nothing; alone it would wake the loop for room.
    boolean tell = look == Look.SECOND || (tellsHangUps && (ops & writeOp) != 0);
    return canHangUp && tell && ops != 0 ? ops | SelectionKey.OP_CONNECT : ops;
  }

  @Override
  public void deliver(int event) {
    if (event == Readiness.IN) {
      toChannel(readOp == SelectionKey.OP_ACCEPT ? ACCEPT : READ);
    } else {
      boolean connect = (wanted & SelectionKey.OP_CONNECT) != 0;
      toChannel(connect ? CONNECT : WRITE);
    }
  }

  @Override
  // Netty's signature; its NIO channels ask for a SelectionKey, and for nothing else.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  public <T> T attachment() {
    return (T) wantedKey;
  }

  /**
   * The key as the channel sees it: its interest is what the channel wants, whatever the selector
   * is asked for.
   */
  private final class WantedKey extends SelectionKey {
    private SelectionKey key() {
      return real().attachment();
    }

    @Override
    public SelectableChannel channel() {
      return key().channel();
    }

    @Override
    public Selector selector() {
      return key().selector();
    }

    @Override
    public boolean isValid() {
      return key().isValid();
    }

    @Override
    public void cancel() {
      key().cancel();
    }

    @Override
    public int interestOps() {
      return wanted;
    }

    @Override
    public SelectionKey interestOps(int ops) {
      wanted = ops;
      update();
      return this;
    }

    @Override
    public int readyOps() {
      return key().readyOps();
    }
  }
}
