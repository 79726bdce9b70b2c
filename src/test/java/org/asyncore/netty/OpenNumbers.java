package org.asyncore.netty;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the descriptor that the JDK hides: Linux tells what is open under which number. */
final class OpenNumbers {
  private OpenNumbers() {}

  /** The number under which this process has a file open. */
  static int of(Path file) throws IOException {
    Path real = file.toRealPath();
    try (DirectoryStream<Path> numbers = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path number : numbers) {
        if (isOpenAs(number, real)) return Integer.parseInt(number.getFileName().toString());
      }
    }
    throw new AssertionError(file + " is not open");
  }

  /** What this process has open under a number, named so that nothing else has the name. */
  static String at(int number) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/fd/" + number)).toString();
    } catch (IOException closed) {
      return "nothing";
    }
  }

  private static boolean isOpenAs(Path number, Path file) {
    try {
      return Files.readSymbolicLink(number).equals(file);
    } catch (IOException closed) {
      return false; // Meanwhile, by another thread.
    }
  }
}
