package org.asyncore;

import static org.asyncore.HouseTest.assertNone;
import static org.asyncore.HouseTest.files;
import static org.asyncore.HouseTest.read;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the jar tells a native image of its reflection, against the code that reflects. */
class NativeImageTest {
  private static final Path MAIN = Path.of("src/main/java");
  private static final Path METADATA =
      Path.of(
          "src/main/resources/META-INF/native-image/org.asyncore/netty-asyncore",
          "reachability-metadata.json");

  /** Who reflects, and on what: a new one needs a line here, and its types in the metadata. */
  private static final Set<String> REFLECTING =
      Set.of("InheritedPredicates.java", "SpinReason.java", "VirtualThreads.java");

  private static final Pattern TYPE = Pattern.compile("\"type\": \"([\\w.]+)\"");
  private static final Pattern OURS = Pattern.compile("\"(org\\.asyncore\\.[\\w.]*[A-Z]\\w*)\"");
  private static final Pattern REFLECTION =
      Pattern.compile(
          "getMethod\\(|getDeclared\\w+\\(|Class\\.forName\\(|newInstance\\(|findVirtual\\(");

  @Test
  void theTypesAreThoseThatAreReflectedOn() throws ClassNotFoundException {
    Set<String> needed =
        new TreeSet<>(
            List.of(
                "org.asyncore.observe.CountersBean", // By JMX.
                "org.asyncore.observe.CountersMXBean"));
    OURS.matcher(read(MAIN.resolve("org/asyncore/InheritedPredicates.java")))
        .results()
        .forEach(found -> needed.add(found.group(1)));
    Set<String> told = new TreeSet<>();
    for (MatchResult found : TYPE.matcher(read(METADATA)).results().toList()) {
      told.add(Class.forName(found.group(1)).getName());
    }
    assertEquals(needed, told);
  }

  @Test
  void nobodyElseReflects() {
    List<String> breaches = new ArrayList<>();
    for (Path file : files(MAIN, ".java")) {
      if (REFLECTING.contains(file.getFileName().toString())) continue;
      String code = HouseTest.codeOf(read(file)).replaceAll("getDeclaringClass\\(", "(");
      if (REFLECTION.matcher(code).find()) breaches.add(file + " reflects");
    }
    assertNone(breaches);
  }
}
