package org.asyncore;

import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/**
 * A dispatcher over a file that can be waited for: a pipe, a terminal, standard input, or any other
 * descriptor. {@code asyncore.file_dispatcher}.
 *
 * <p>It is connected from the start, and works on a duplicate of the descriptor: the first one
 * stays its owner's, who may close it at once. The file becomes non-blocking, for all who have it
 * open.
 *
 * <p>A disk file is ready always, as select says.
 *
 * <pre>{@code
 * static class Input extends FileDispatcher {
 *   private final StdinClient connection;
 *
 *   Input(StdinClient connection) {
 *     super(STANDARD_INPUT);
 *     this.connection = connection;
 *   }
 *
 *   @Override
 *   public boolean readable() {
 *     return connection.connected();
 *   }
 *
 *   @Override
 *   public boolean writable() {
 *     return false;
 *   }
 *
 *   @Override
 *   public void handleRead() {
 *     connection.send(recv(8192));
 *   }
 *
 *   @Override
 *   public void handleClose() {
 *     close();
 *     connection.inputEnded = true;
 *   }
 * }
 * }</pre>
 */
public class FileDispatcher extends Dispatcher {
  /** A dispatcher over a duplicate of a descriptor, in the default map. */
  public FileDispatcher(int fd) {
    this(fd, null);
  }

  /**
   * A dispatcher over a duplicate of a descriptor.
   *
   * @param map the map it puts itself into; null for {@link Asyncore#socketMap()}
   */
  public FileDispatcher(int fd, @Nullable SocketMap map) {
    this(new FileWrapper(fd, map), map);
  }

  /** A dispatcher over a channel of the JDK, which it owns from now on, in the default map. */
  public FileDispatcher(SelectableChannel channel) {
    this(channel, null);
  }

  /**
   * A dispatcher over a channel of the JDK, such as an end of a {@link java.nio.channels.Pipe},
   * which it owns from now on.
   *
   * @param map the map it puts itself into, on transport {@code nio}; null for {@link
   *     Asyncore#socketMap()}
   */
  public FileDispatcher(SelectableChannel channel, @Nullable SocketMap map) {
    this(new FileWrapper(channel, map), map);
  }

  @SuppressWarnings("this-escape") // As Dispatcher: the map knows it before its subclass is built.
  private FileDispatcher(FileWrapper file, @Nullable SocketMap map) {
    super(null, map);
    connected(true);
    setSocket(file);
  }

  /** Takes a duplicate of another descriptor and puts itself into its map: {@code set_file}. */
  public void setFile(int fd) {
    setSocket(new FileWrapper(fd, map()));
  }
}
