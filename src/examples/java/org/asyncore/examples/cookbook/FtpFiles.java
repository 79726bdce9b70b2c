package org.asyncore.examples.cookbook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** The files of a session of {@link FtpServer}, below a root, and the addresses that it is told. */
final class FtpFiles {
  private final Path root;
  private Path current;

  FtpFiles(Path root) {
    this.root = root;
    current = root;
  }

  String current() {
    return "/" + root.relativize(current);
  }

  /** Below the root, whatever dots and links say. */
  private Path at(String name) throws IOException {
    Path path = name.startsWith("/") ? root.resolve(name.substring(1)) : current.resolve(name);
    Path normal = path.normalize();
    Path real = Files.exists(normal) ? normal.toRealPath() : normal.getParent().toRealPath();
    if (real.startsWith(root.toRealPath())) return normal;
    throw new NoSuchFileException(name);
  }

  String enter(String name) throws IOException {
    Path folder = at(name);
    if (!Files.isDirectory(folder)) throw new NoSuchFileException(name);
    current = folder;
    return current();
  }

  String up() {
    if (!current.equals(root)) current = current.getParent();
    return current();
  }

  long size(String name) throws IOException {
    return Files.size(at(name));
  }

  SeekableByteChannel read(String name, long from) throws IOException {
    Path file = at(name);
    if (!Files.isRegularFile(file)) throw new NoSuchFileException(name);
    return Files.newByteChannel(file).position(from);
  }

  SeekableByteChannel write(String name, long from) throws IOException {
    SeekableByteChannel file =
        Files.newByteChannel(at(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    return file.truncate(from).position(from);
  }

  /** A list of the current folder, in a file of its own that is gone when it is closed. */
  SeekableByteChannel list(boolean isLong) throws IOException {
    StringBuilder list = new StringBuilder();
    try (Stream<Path> files = Files.list(current)) {
      for (Path file : files.sorted().toList()) {
        String kind = Files.isDirectory(file) ? "drwxr-xr-x" : "-rw-r--r--";
        if (isLong) list.append(kind).append(" 1 ftp ftp ").append(Files.size(file));
        if (isLong) list.append(" Jan  1  2000 ");
        list.append(file.getFileName()).append("\r\n");
      }
    }
    Path written = Files.createTempFile("list", ".txt");
    Files.writeString(written, list, UTF_8);
    return Files.newByteChannel(
        written, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE);
  }

  /** PORT's: {@code 127,0,0,1,18,103}. */
  static InetSocketAddress port(String text) throws IOException {
    String[] numbers = text.split(",", -1);
    if (numbers.length != 6) throw new IllegalArgumentException(text);
    byte[] bytes = new byte[6];
    for (int i = 0; i < 6; i++) {
      int number = Integer.parseInt(numbers[i]);
      if (number < 0 || number > 255) throw new IllegalArgumentException(text);
      bytes[i] = (byte) number;
    }
    InetAddress host = InetAddress.getByAddress(java.util.Arrays.copyOf(bytes, 4));
    return new InetSocketAddress(host, ((bytes[4] & 0xff) << 8) | (bytes[5] & 0xff));
  }

  /** EPRT's: {@code |2|::1|4711|}. */
  static InetSocketAddress extendedPort(String text) throws IOException {
    String[] parts = text.split("\\|", -1);
    boolean isNumeric = parts.length == 5 && parts[2].matches("[0-9a-fA-F.:]*[.:][0-9a-fA-F.:]*");
    if (!isNumeric) throw new IllegalArgumentException(text); // No look-up.
    return new InetSocketAddress(InetAddress.getByName(parts[2]), Integer.parseInt(parts[3]));
  }
}
