package org.asyncore.ends;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the kernel says of sockets, so that one knows whose a forgotten one is. */
final class SocketTable {
  /** The JVM's own, which stays open from the first time that somebody attaches to it. */
  private static final String ATTACH = ".java_pid";

  private static final List<Path> TABLES =
      Stream.of("tcp", "tcp6", "udp", "udp6", "unix", "netlink")
          .map(name -> Path.of("/proc/net", name))
          .toList();

  private SocketTable() {}

  /**
   * Its line in the kernel's tables, with its table's name.
   *
   * @param descriptor as in {@code /proc/self/fd}: {@code socket:[4711]}
   */
  static String line(String descriptor) {
    String inode = descriptor.substring("socket:[".length(), descriptor.length() - 1);
    for (Path table : TABLES) {
      String line = line(table, inode);
      if (line != null) return table.getFileName() + ": " + line;
    }
    return descriptor + ", which is bound to nothing";
  }

  static boolean isOfTheJvm(String line) {
    return line.contains(ATTACH);
  }

  private static String line(Path table, String inode) {
    if (!Files.isReadable(table)) return null;
    try {
      for (String line : Files.readAllLines(table)) {
        if (List.of(line.trim().split("\\s+")).contains(inode)) return line.trim();
      }
      return null;
    } catch (IOException e) {
      throw new AssertionError(table + " cannot be read", e);
    }
  }
}
