package org.asyncore.load;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;
import org.asyncore.load.Plan.End;

/** A client that follows its plan. Confined to the thread of its {@link Clients}. */
final class Talk {
  private static final int RECEIVE_BUFFER = 16 << 10; // Of one that does not read at first.

  private final Plan plan;
  private SocketChannel channel;
  private SelectionKey key;
  private long sent;
  private final AtomicLong received = new AtomicLong();
  private boolean atEnd;
  private boolean isEnding;

  Talk(Plan plan) {
    this.plan = plan;
  }

  /** How many bytes came back, each the right one. From any thread. */
  long received() {
    return received.get();
  }

  /**
   * Connects.
   *
   * @return whether it may not read yet, and has to be asked again by {@link #resumes}
   */
  boolean open(Selector selector) throws IOException {
    boolean waits = !plan.mayRead().getAsBoolean();
    channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    if (waits) channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
    key = channel.register(selector, SelectionKey.OP_CONNECT, this);
    channel.connect(plan.server());
    if (channel.isConnected()) key.interestOps(SelectionKey.OP_WRITE);
    return waits;
  }

  /** Whether it reads from now on, or is over. */
  boolean resumes() {
    if (!key.isValid()) return true;
    if (!plan.mayRead().getAsBoolean()) return false;
    if (channel.isConnected()) key.interestOps(interest());
    return true;
  }

  /**
   * Reads and writes once, as far as that goes now.
   *
   * @param space for what comes, at most {@link Text#PERIOD}
   * @return whether it is over, and closed
   */
  boolean goesHome(ByteBuffer space) throws IOException {
    if (!channel.isConnected() && !channel.finishConnect()) return false;
    if (key.isReadable()) read(space);
    if (room() > 0) sent += channel.write(Text.at(plan.offset() + sent, room()));
    if (sent == plan.byteCount()) ending();
    if (isOver()) channel.close();
    else key.interestOps(interest());
    return !channel.isOpen();
  }

  private void read(ByteBuffer space) throws IOException {
    int byteCount = channel.read(space.clear());
    atEnd = byteCount < 0;
    if (atEnd && (received() < plan.byteCount() || plan.end() != End.HALF_CLOSE)) {
      throw new IOException("the end of the stream");
    }
    if (byteCount <= 0) return;
    if (received() + byteCount > sent) throw new IOException(byteCount + " bytes, too many");
    int wrong = space.flip().mismatch(Text.at(plan.offset() + received(), byteCount));
    if (wrong >= 0) throw new IOException("a wrong byte, number " + (received() + wrong));
    received.addAndGet(byteCount);
  }

  private int room() {
    return (int)
        Math.min(
            Text.PERIOD, Math.min(plan.byteCount() - sent, plan.window() - (sent - received())));
  }

  private void ending() throws IOException {
    if (isEnding) return;
    isEnding = true;
    if (plan.end() == End.HALF_CLOSE) channel.shutdownOutput();
    if (plan.end() == End.RESET) channel.setOption(StandardSocketOptions.SO_LINGER, 0);
  }

  private boolean isOver() {
    return switch (plan.end()) {
      case CLOSE -> received() == plan.byteCount();
      case HALF_CLOSE -> atEnd;
      case RESET -> isEnding;
    };
  }

  private int interest() {
    int reading = plan.mayRead().getAsBoolean() ? SelectionKey.OP_READ : 0;
    return room() > 0 ? reading | SelectionKey.OP_WRITE : reading;
  }

  @Override
  public String toString() {
    return plan + ", of which " + sent + " bytes are sent and " + received + " came back";
  }
}
