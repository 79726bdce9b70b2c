package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.asyncore.fixture.Tool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Where the library's log goes, in processes with other people's logging: {@code mvn -Plogging
 * test}.
 */
class LoggingCheck {
  private static final Path FOLDER = Path.of("").toAbsolutePath();
  private static final long WAIT_SECONDS = 180;

  @ParameterizedTest
  @CsvSource({
    "slf4j, (?s).* DEBUG org.asyncore -- transport \\w+: .*", // Logback says all unless told.
    "log4j, (?s).* main DEBUG transport \\w+: .*"
  })
  void theFrameworkGetsIt(String profile, String expected) throws Exception {
    Path jars = FOLDER.resolve("target").resolve("logging").resolve(profile);
    if (!Files.isDirectory(jars)) {
      List<String> command = List.of("mvn", "-q", "-B", "-f", "src/test/projects/logging/pom.xml");
      run(command, "-P" + profile, "dependency:copy-dependencies", "-DoutputDirectory=" + jars);
    }
    List<String> java = java(jars + File.separator + "*");
    java.add("-Dorg.apache.logging.log4j.level=DEBUG");
    java.add("-Dorg.apache.logging.log4j.simplelog.StatusLogger.level=OFF");
    String printed = run(java, "org.asyncore.examples.Main", "both");
    assertTrue(printed.matches(expected), printed);
  }

  @Test
  void theJdksOwnGetsItWithoutFurtherJars() throws Exception {
    Path settings = FOLDER.resolve("target").resolve("logging.properties");
    String lines = "handlers=java.util.logging.ConsoleHandler\n";
    lines += "org.asyncore.level=FINE\njava.util.logging.ConsoleHandler.level=FINE\n";
    Files.writeString(settings, lines);
    List<String> java = java("none");
    java.add("-Djava.util.logging.config.file=" + settings);
    String printed = run(java, "org.asyncore.examples.Main", "both");
    assertTrue(printed.matches("(?s).*FINE: transport \\w+: .*"), printed);
  }

  private static List<String> java(String jars) {
    String path = System.getProperty("java.class.path") + File.pathSeparator + jars;
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ArrayList<>(List.of(java, "-Duser.language=en", "-cp", path));
  }

  private static String run(List<String> command, String... more) throws Exception {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(more));
    return Tool.run(FOLDER, WAIT_SECONDS, all.toArray(String[]::new));
  }
}
