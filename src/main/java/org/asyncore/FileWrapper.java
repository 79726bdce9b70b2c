package org.asyncore;

import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.util.Objects;
import org.asyncore.transport.AsyncFile;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Held;
import org.asyncore.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A file that looks like a socket: {@code asyncore.file_wrapper}. It has a descriptor of its own, a
 * duplicate of the one given, and neither minds when the other is closed.
 *
 * <p>Never blocks: where nothing can be read or written now, that is a {@link
 * org.asyncore.transport.WouldBlockException}. Safe from any thread.
 *
 * <p>One that is dropped without {@link #close()} is closed when it is garbage, with a warning on
 * the {@link System.Logger} {@code org.asyncore.FileWrapper}: Python's ResourceWarning.
 */
public final class FileWrapper implements AsyncFile, Held {
  private static final Cleaner CLEANER = Cleaner.create();

  private final AsyncFile file;
  private final Unclosed unclosed;
  private final Cleaner.Cleanable cleanable;

  /** Wraps a duplicate of a descriptor, for dispatchers of the default map. */
  public FileWrapper(int fd) {
    this(fd, null);
  }

  /** Wraps a duplicate of a descriptor, for dispatchers of this map; null for the default map. */
  public FileWrapper(int fd, @Nullable SocketMap map) {
    this(transport(map).file(fd));
  }

  /** Wraps a channel of the JDK, for dispatchers of the default map; see the other constructor. */
  public FileWrapper(SelectableChannel channel) {
    this(channel, null);
  }

  /**
   * Wraps a channel of the JDK, such as an end of a {@link java.nio.channels.Pipe}, which it owns
   * from now on: a channel cannot be duplicated.
   *
   * @param map null for the default map; its transport must be {@code nio}
   */
  public FileWrapper(SelectableChannel channel, @Nullable SocketMap map) {
    this(transport(map).file(Objects.requireNonNull(channel, "channel is null")));
  }

  private FileWrapper(AsyncFile file) {
    this.file = file;
    unclosed = new Unclosed(file, getClass().getName() + " " + file.fileno());
    cleanable = CLEANER.register(this, unclosed);
  }

  private static Transport transport(@Nullable SocketMap map) {
    return Asyncore.orDefault(map).transport();
  }

  /** What is left of a wrapper that nobody can reach. */
  private static final class Unclosed implements Runnable {
    private final AsyncFile file;
    private final String name;

    Unclosed(AsyncFile file, String name) {
      this.file = file;
      this.name = name;
    }

    @Override
    public void run() {
      if (file.fileno() < 0) return;
      System.getLogger(FileWrapper.class.getName()).log(Level.WARNING, "unclosed file " + name);
      file.close();
    }
  }

  @Override
  public AsyncSocket polled() {
    return file.polled();
  }

  @Override
  public void holder(@Nullable Holder holder) {
    if (file instanceof Held held) held.holder(holder);
  }

  @Override
  public @Nullable Holder holder() {
    return file instanceof Held held ? held.holder() : null;
  }

  @Override
  public int fileno() {
    return file.fileno();
  }

  /** {@code os.read} of at most this many bytes; none at the end of the file. */
  @Override
  public byte[] recv(int byteCount) {
    return file.recv(byteCount);
  }

  @Override
  public int recv(ByteBuffer target) {
    return file.recv(target);
  }

  /** {@code os.write}. */
  @Override
  public int send(byte[] data, int offset, int byteCount) {
    return file.send(data, offset, byteCount);
  }

  @Override
  public int send(ByteBuffer data) {
    return file.send(data);
  }

  @Override
  public Transport transport() {
    return file.transport();
  }

  /** Closes its own descriptor, once; a second call does nothing. */
  @Override
  public void close() {
    file.close();
    cleanable.clean();
  }

  @Override
  public String toString() {
    return unclosed.name;
  }
}
