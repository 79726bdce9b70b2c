package org.asyncore.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Other people's clients, where the machine has them. */
public final class Tool {
  private static final long WAIT_SECONDS = 60;

  private Tool() {}

  /** Skips the test if the program is not on the PATH. */
  public static void assumePresent(String program) {
    assumeTrue(isPresent(program), "no " + program + " on the PATH");
  }

  public static boolean isPresent(String program) {
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(System.getenv().getOrDefault("PATH", ""))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** Runs a command to its end, which has to be a success, and gives what it printed. */
  public static String run(Path folder, String... command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "output", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      boolean ended = process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS);
      String printed = Files.readString(output, UTF_8);
      if (!ended) {
        throw new AssertionError(
            "waited " + WAIT_SECONDS + " s for " + List.of(command) + ", it printed: " + printed);
      }
      assertEquals(0, process.exitValue(), () -> List.of(command) + " printed: " + printed);
      return printed;
    } finally {
      process.destroyForcibly();
    }
  }
}
