package org.asyncore.examples.cookbook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.time.Duration;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.asynchat.Producer;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;

/** A data connection of {@link FtpServer}: sends a file or takes one, so many bytes a second. */
final class FtpData extends AsyncChat {
  private static final int PIECE = 16 << 10;
  private static final Duration LOOK_EVERY = Duration.ofMillis(10);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
  private static final double NANOS_PER_SECOND = 1e9;

  /** The control connection. */
  interface Owner {
    /** The transfer is over, and its file is closed. */
    void transferred(String answer);
  }

  /** What goes which way; open until it is closed. */
  record Transfer(SeekableByteChannel file, boolean isSending) {
    void close() {
      try {
        file.close();
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }

  static Transfer sending(SeekableByteChannel file) {
    return new Transfer(file, true);
  }

  static Transfer receiving(SeekableByteChannel file) {
    return new Transfer(file, false);
  }

  private final Owner owner;
  private final Transfer transfer;
  private final long bytesPerSecond;
  private final long startNanos;
  private long moved;
  private boolean isAllRead;
  private boolean isEnded;
  private boolean isOver;

  /** Where it waits for its connection; else null. */
  private Door door;

  FtpData(Owner owner, Transfer transfer, long bytesPerSecond, SocketMap map) {
    super(map);
    this.owner = owner;
    this.transfer = transfer;
    this.bytesPerSecond = bytesPerSecond;
    startNanos = map.nanoTime();
    setTerminator(null);
    if (!transfer.isSending) return;
    pushWithProducer(new Source());
    closeWhenDone();
  }

  void connectTo(InetSocketAddress address) {
    createSocket(address.getAddress().getAddress().length == 4 ? Family.INET : Family.INET6);
    callEvery(LOOK_EVERY, this::interestChanged); // It may go on.
    connect(address);
  }

  private void connectedBy(AsyncSocket socket) {
    setSocket(socket);
    connected(true);
    callEvery(LOOK_EVERY, this::interestChanged);
  }

  private boolean mayMove() {
    double seconds = (map().nanoTime() - startNanos) / NANOS_PER_SECOND;
    return moved <= bytesPerSecond * seconds;
  }

  /** The file, in pieces, each at its time. */
  private final class Source implements Producer {
    @Override
    public boolean ready() {
      return mayMove();
    }

    @Override
    public byte[] more() {
      try {
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        isAllRead = transfer.file.read(piece) < 0;
        moved += piece.position();
        return java.util.Arrays.copyOf(piece.array(), piece.position());
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }

  @Override
  public void handleConnect() {
    // What there is to send is queued.
  }

  @Override
  public boolean readable() {
    return transfer.isSending || mayMove();
  }

  @Override
  public void collectIncomingData(byte[] bytes) {
    if (transfer.isSending) return;
    moved += bytes.length;
    try {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) transfer.file.write(rest);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Tells an end from a reset, which else both are handleClose. */
  @Override
  public byte[] recv(int byteCount) {
    byte[] data = socket().recv(byteCount);
    isEnded = data.length == 0;
    if (isEnded) handleClose();
    return data;
  }

  /** The end: of the client's stream, or of ours, after all was sent. */
  @Override
  public void handleClose() {
    boolean isWhole = transfer.isSending ? isAllRead && !hasQueued() : isEnded;
    end(isWhole ? "226 done" : "426 cut off");
  }

  @Override
  public void handleError(Throwable thrown) {
    end(thrown instanceof UncheckedIOException ? "451 the disk" : "426 cut off");
  }

  /** Ends the transfer, and says so, once. */
  void end(String answer) {
    close();
    if (isOver) return;
    isOver = true;
    if (door != null) door.close();
    transfer.close();
    owner.transferred(answer);
  }

  /** Takes one connection, of the client's host. */
  static final class Door extends Dispatcher {
    private final InetAddress client;
    private final FtpServer.Session session;
    private FtpData waiting;
    private AsyncSocket came;

    Door(FtpServer.Session session, InetAddress here, InetAddress client, SocketMap map) {
      super(map);
      this.session = session;
      this.client = client;
      createSocket(here.getAddress().length == 4 ? Family.INET : Family.INET6);
      bind(new InetSocketAddress(here, 0));
      listen(1);
      callLater(LONGEST_WAIT, this::late);
    }

    int port() {
      return ((InetSocketAddress) socket().getsockname()).getPort();
    }

    private void late() {
      close();
      if (waiting != null) waiting.end("425 nobody came");
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      boolean isClient = ((InetSocketAddress) address).getAddress().equals(client);
      if (!isClient || came != null || !session.connected()) {
        socket.close();
        return;
      }
      came = socket;
      if (waiting != null) admit(waiting);
    }

    /** The transfer gets the connection, when it has come. */
    void admit(FtpData data) {
      waiting = data;
      data.door = this;
      if (came == null) return;
      AsyncSocket given = came;
      came = null;
      data.door = null;
      close();
      data.connectedBy(given);
    }

    @Override
    public void close() {
      super.close();
      if (came != null) came.close();
      came = null;
    }
  }
}
