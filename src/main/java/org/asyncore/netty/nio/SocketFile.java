package org.asyncore.netty.nio;

import java.io.IOException;
import java.net.BindException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.concurrent.ThreadLocalRandom;
import org.asyncore.netty.kernel.ErrnoMapping;
import org.asyncore.transport.Errno;

/**
 * The file of a Unix domain socket that is bound, and whose place a listening socket's file takes:
 * made under another name beside it, with its owner and permissions, then renamed over it. So the
 * path is never without a socket.
 *
 * <p>What is at the path by then and is no socket, or nothing, is left as it is: as in asyncore,
 * the socket listens and nobody can find it.
 */
final class SocketFile {
  /** How long a name beside the path may be, or as long as the path's own last one. */
  private static final int LONGEST_NAME = 16;

  /** So many bytes of a path fit into the system's structure, whatever the system. */
  private static final int SAFE_PATH = 90;

  private static final int MOST_TRIES = 1000;

  private SocketFile() {}

  /** Has a channel listen at a path that another socket is bound to. */
  static void listen(ServerSocketChannel channel, Path path, int backlog) throws IOException {
    Path made = bindBeside(channel, path, backlog);
    try {
      if (isSocket(path)) {
        copyOwnership(path, made);
        Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (NoSuchFileException gone) {
      // Between two of these lines: then there is no place to take.
    } finally {
      Files.deleteIfExists(made); // Unless it has been renamed.
    }
  }

  private static boolean isSocket(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isOther();
  }

  private static Path bindBeside(ServerSocketChannel channel, Path path, int backlog)
      throws IOException {
    BindException taken = null;
    for (int i = 0; i < MOST_TRIES; i++) {
      Path beside = path.resolveSibling(newName(path));
      try {
        channel.bind(UnixDomainSocketAddress.of(beside), backlog);
        return beside;
      } catch (BindException refused) {
        if (ErrnoMapping.errno(refused) != Errno.EADDRINUSE) throw refused;
        taken = refused; // Another name may be free.
      }
    }
    throw taken;
  }

  private static String newName(Path path) {
    int own = byteCount(path.getFileName());
    int length = Math.min(LONGEST_NAME, own + Math.max(0, SAFE_PATH - byteCount(path)));
    StringBuilder name = new StringBuilder(length > 1 ? "." : "");
    while (name.length() < length) {
      name.append(Character.forDigit(ThreadLocalRandom.current().nextInt(36), 36));
    }
    return name.toString();
  }

  private static int byteCount(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  private static void copyOwnership(Path from, Path to) throws IOException {
    PosixFileAttributeView view = posix(to);
    if (view == null) return; // A system without owners and permissions of this kind.
    PosixFileAttributes wanted = posix(from).readAttributes();
    PosixFileAttributes given = view.readAttributes();
    if (!wanted.owner().equals(given.owner())) view.setOwner(wanted.owner());
    if (!wanted.group().equals(given.group())) view.setGroup(wanted.group());
    if (!wanted.permissions().equals(given.permissions()))
      Files.setPosixFilePermissions(to, wanted.permissions());
  }

  private static PosixFileAttributeView posix(Path path) {
    return Files.getFileAttributeView(
        path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }
}
