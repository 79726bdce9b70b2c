package org.asyncore.netty.file;

import io.netty.channel.Channel;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.Future;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.asyncore.netty.kernel.Descriptors.OpenFile;
import org.asyncore.netty.kernel.ErrnoMapping;
import org.asyncore.netty.loop.Gate;
import org.asyncore.netty.loop.GatedIoHandler;
import org.asyncore.netty.loop.IdleGate;
import org.asyncore.netty.socket.NettySocket;
import org.asyncore.netty.socket.SocketLoop;
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
public final class FileSocket extends NettySocket implements AsyncFile {
  private final OpenFile file;

  /** Whether the system does not watch it. */
  private boolean isAlwaysReady;

  public FileSocket(SocketLoop loop, OpenFile file) {
    super(loop, null, null);
    this.file = file;
    number(file.number());
    gate(new IdleGate(file.handle(), this::enlist));
  }

  @Override
  public AsyncSocket polled() {
    return this;
  }

  @Override
  public Channel channel() {
    throw new UnsupportedOperationException("a file has no channel");
  }

  @Override
  public boolean isGone() {
    return false; // Nobody else closes it.
  }

  @Override
  protected void refused(Errno why) {
    known(Readiness.IN | Readiness.OUT | Readiness.ERR);
  }

  // --- the loop ---

  /** Registers with the loop, as a pass asks for the first time. */
  private void enlist() {
    file.watched(this::news);
    int interest = gate().interest();
    gate(register());
    try {
      if (hangUpsAsked()) gate().tellHangUps();
      gate().ask(interest);
    } catch (UncheckedIOException refused) {
      if (ErrnoMapping.errno(refused) != Errno.EPERM) throw ErrnoMapping.osException(refused);
      deregister();
      answerAlways(); // A disk file: epoll does not watch it.
    }
    noteKnown();
  }

  private Gate register() {
    GatedIoHandler handler = socketLoop().eventLoop().handler();
    handler.registerNextFor(this);
    Future<IoRegistration> registered = socketLoop().eventLoop().register(file.handle());
    if (!registered.isSuccess()) throw ErrnoMapping.osException(registered.cause());
    return handler.gateOf(file.handle());
  }

  /** Answers for a file that the system will not watch: select calls it ready, always. */
  private void answerAlways() {
    isAlwaysReady = true;
    gate(new IdleGate(file.handle(), () -> {}));
    known(Readiness.IN | Readiness.OUT);
    found(known());
  }

  @Override
  protected int digest(int events) {
    int told = file.digest(events, hangUpsAsked());
    noteKnown();
    return told | known();
  }

  /** What the file knows is another thing now. From any thread. */
  private void news() {
    handOver(
        () -> {
          noteKnown();
          if (known() != 0) found(0);
        });
  }

  private void noteKnown() {
    if (file.readsAhead() && !isClosed()) known(file.known());
  }

  @Override
  protected void deregister() {
    if (gate() instanceof IdleGate) return;
    gate().owner(null); // Its registration ends here, and nothing else.
    gate().cancel();
  }

  @Override
  protected Gate registerWith(SocketLoop target) {
    return isAlwaysReady ? gate() : new IdleGate(file.handle(), this::enlist);
  }

  // --- reading and writing ---

  @Override
  public byte[] recv(int byteCount) {
    ByteBuffer target = ByteBuffer.allocate(byteCount);
    recv(target);
    byte[] data = new byte[target.flip().remaining()];
    target.get(data);
    return data;
  }

  @Override
  public int recv(ByteBuffer target) {
    boolean hasTurn = enterUnlessCalling();
    try {
      needOpen();
      int byteCount = direct(() -> file.read(target));
      if (hasTurn) noteKnown();
      else if (file.readsAhead()) handOver(this::noteKnown);
      if (byteCount == 0 && target.hasRemaining()) throw WouldBlockException.INSTANCE;
      return Math.max(byteCount, 0);
    } finally {
      if (hasTurn) exit();
    }
  }

  @Override
  public int send(byte[] data, int offset, int byteCount) {
    return send(ByteBuffer.wrap(data, offset, byteCount));
  }

  @Override
  public int send(ByteBuffer data) {
    boolean hasTurn = enterUnlessCalling();
    try {
      needOpen();
      int byteCount = direct(() -> file.write(data));
      if (byteCount == 0 && data.hasRemaining()) throw WouldBlockException.INSTANCE;
      return byteCount;
    } finally {
      if (hasTurn) exit();
    }
  }

  @Override
  protected void closeChannel() {
    boolean wasWatched = !(gate() instanceof IdleGate);
    deregister();
    file.close();
    if (wasWatched) kernel().letGoOfClosed(socketLoop().eventLoop());
  }

  @Override
  public Errno takeError() {
    if (isClosed()) throw new OsException(Errno.EBADF);
    return Errno.OK;
  }

  @Override
  public String toString() {
    return "file " + fileno();
  }
}
