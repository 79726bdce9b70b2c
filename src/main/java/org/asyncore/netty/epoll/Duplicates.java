package org.asyncore.netty.epoll;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.asyncore.netty.kernel.ErrnoMapping;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;

/**
 * {@code os.dup}, which Netty does not have: a descriptor is sent to ourselves, through a Unix
 * datagram socket that is its own peer.
 *
 * <p>Netty makes what it receives non-blocking, as {@code file_dispatcher} does, and clears all
 * other flags of the open file. The one that matters is {@code O_APPEND} on a disk file, so such a
 * descriptor is refused.
 *
 * <p>Safe from any thread.
 */
final class Duplicates {
  private static final int O_APPEND = 02000;

  /** Stays open, so that duplicates get the lowest free number, as from {@code dup}. */
  private static Socket courier;

  private Duplicates() {}

  /** A duplicate that does not block. */
  static synchronized FileDescriptor of(int descriptor) {
    needNotAppend(descriptor);
    try {
      if (courier == null) courier = newCourier();
      // Of a number that was closed before, the courier may be the new owner.
      if (descriptor == courier.intValue()) throw new OsException(Errno.EBADF);
      if (courier.sendFd(descriptor) < 0) throw new OsException(Errno.EAGAIN);
      return new FileDescriptor(courier.recvFd());
    } catch (IOException refused) {
      throw ErrnoMapping.osException(refused);
    }
  }

  private static Socket newCourier() throws IOException {
    Socket socket = Socket.newSocketDomainDgram();
    boolean isReady = false;
    try {
      // Abstract, and ours alone. A name that Linux deals cannot be asked for before Netty 4.2.12.
      DomainSocketAddress itself = new DomainSocketAddress("\0asyncore-" + UUID.randomUUID());
      socket.bind(itself);
      socket.connect(itself);
      // From now on nobody else can send here. What somebody did before is thrown away.
      for (int stray; (stray = socket.recvFd()) > 0; ) new FileDescriptor(stray).close();
      isReady = true;
      return socket;
    } finally {
      if (!isReady) socket.close();
    }
  }

  private static void needNotAppend(int descriptor) {
    if (!Files.isRegularFile(Path.of("/proc/self/fd/" + descriptor))) return;
    if ((flags(descriptor) & O_APPEND) == 0) return;
    throw new OsException(
        Errno.EINVAL,
        "descriptor "
            + descriptor
            + " appends to a disk file, and would cease to"
            + " (docs/differences.md#no-appending-descriptors)");
  }

  private static int flags(int descriptor) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor))) {
        if (line.startsWith("flags:")) return Integer.parseInt(line.substring(6).strip(), 8);
      }
      return 0;
    } catch (IOException | NumberFormatException unknown) {
      return 0; // Without /proc nobody can tell.
    }
  }
}
