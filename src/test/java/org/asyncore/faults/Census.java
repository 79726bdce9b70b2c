package org.asyncore.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The descriptors that the process has open, by number; none where there is no /proc. */
public record Census(Map<String, String> descriptors) {
  private static final Path PROC = Path.of("/proc/self/fd");

  public static Census take() {
    Map<String, String> found = new TreeMap<>();
    if (!Files.isDirectory(PROC)) return new Census(found);
    try (Stream<Path> all = Files.list(PROC)) {
      all.forEach(each -> found.put(each.getFileName().toString(), target(each)));
    } catch (IOException e) {
      throw new AssertionError(PROC + " cannot be listed", e);
    }
    found
        .values()
        .removeIf(target -> target.startsWith("/")); // Jars come and go with class loading.
    return new Census(found);
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException gone) {
      return "/gone"; // The listing's own, closed by now.
    }
  }

  public int size() {
    return descriptors.size();
  }

  /** What is open now and was not then. */
  public Map<String, String> since(Census before) {
    Map<String, String> more = new TreeMap<>(descriptors);
    more.entrySet().removeAll(before.descriptors.entrySet());
    return more;
  }
}
