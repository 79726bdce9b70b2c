package org.asyncore.netty;

import io.netty.channel.Channel;
import io.netty.channel.IoHandle;
import java.nio.ByteBuffer;
import org.asyncore.transport.AsyncFile;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.WouldBlockException;

/**
 * A file on a loop, without a Netty channel: it has a handle and a gate as channels have, and is
 * read and written when asyncore says so.
 */
abstract class FileSocket extends NettySocket implements AsyncFile {
  private final IoHandle handle;

  /** Whether the system does not watch it. */
  private boolean isAlwaysReady;

  FileSocket(NettyTransport transport, IoHandle handle) {
    super(transport, null, null);
    this.handle = handle;
    gate(new IdleGate(handle, this::enlist));
  }

  /** {@code os.read}; -1 is the end, 0 that there is nothing now. Any thread, one at a time. */
  abstract int read(ByteBuffer target);

  /** Whether what there is to read is partly on our side. */
  boolean readsAhead() {
    return false;
  }

  /** Something was read; for the holder of the turn. */
  void noteRead() {
    // What there is, the system knows.
  }

  /** {@code os.write}; 0 is that there is no room now. */
  abstract int write(ByteBuffer data);

  @Override
  public final AsyncSocket polled() {
    return this;
  }

  @Override
  final Channel channel() {
    throw new UnsupportedOperationException("a file has no channel");
  }

  @Override
  final boolean isGone() {
    return false; // Nobody else closes it.
  }

  @Override
  final void refused(Errno why) {
    known(Readiness.IN | Readiness.OUT | Readiness.ERR);
  }

  // --- the loop ---

  /** Registers with the loop, as a pass asks for the first time. */
  void enlist() {
    int interest = gate.interest();
    gate(transport().register(handle, this));
    if (hangUpsAsked()) gate.tellHangUps();
    gate.ask(interest);
  }

  /** Answers for a file that the system will not watch: select calls it ready, always. */
  final void answerAlways() {
    isAlwaysReady = true;
    gate(new IdleGate(handle, () -> {}));
    known(Readiness.IN | Readiness.OUT);
    found(known());
  }

  @Override
  final void deregister() {
    if (gate instanceof IdleGate) return;
    gate.owner(null); // Its registration ends here, and nothing else.
    gate.cancel();
  }

  @Override
  final Gate registerWith(NettyTransport target) {
    return isAlwaysReady ? gate : new IdleGate(handle, this::enlist);
  }

  // --- reading and writing ---

  @Override
  public final byte[] recv(int byteCount) {
    ByteBuffer target = ByteBuffer.allocate(byteCount);
    recv(target);
    byte[] data = new byte[target.flip().remaining()];
    target.get(data);
    return data;
  }

  @Override
  public final int recv(ByteBuffer target) {
    boolean hasTurn = enterUnlessCalling();
    try {
      needOpen();
      int byteCount = direct(() -> read(target));
      if (hasTurn) noteRead();
      else if (readsAhead()) handOver(this::noteRead);
      if (byteCount == 0 && target.hasRemaining()) throw WouldBlockException.INSTANCE;
      return Math.max(byteCount, 0);
    } finally {
      if (hasTurn) exit();
    }
  }

  @Override
  public final int send(byte[] data, int offset, int byteCount) {
    return send(ByteBuffer.wrap(data, offset, byteCount));
  }

  @Override
  public final int send(ByteBuffer data) {
    boolean hasTurn = enterUnlessCalling();
    try {
      needOpen();
      int byteCount = direct(() -> write(data));
      if (byteCount == 0 && data.hasRemaining()) throw WouldBlockException.INSTANCE;
      return byteCount;
    } finally {
      if (hasTurn) exit();
    }
  }

  @Override
  public final void flush() {
    // Nothing waits here to be sent.
  }

  @Override
  public final Errno takeError() {
    if (isClosed()) throw new OsException(Errno.EBADF);
    return Errno.OK;
  }

  @Override
  public final String toString() {
    return "file " + fileno();
  }
}
