package org.asyncore.compat.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An interpreter that can record: CPython 3.11, the last with asyncore.
 *
 * @param command how it is started
 * @param version what it says it is
 */
public record Python(String command, String version) {
  /** Where the programs are, and the scenarios. */
  public static final Path HOME = Path.of(System.getProperty("compat.home", "compat-tests"));

  private static final List<String> NAMES = List.of("python3.11", "python3", "python");
  private static final String PROBE =
      "import platform, warnings; warnings.simplefilter('ignore'); import asyncore;"
          + " print(platform.python_implementation(), platform.python_version())";

  /**
   * What a program printed.
   *
   * @param status 0 if all is well
   * @param text its standard output and standard error
   */
  public record Output(int status, String text) {}

  /** The first one on the path, if there is one; {@code -Dcompat.python} may name another. */
  public static Optional<Python> find() {
    String named = System.getProperty("compat.python");
    for (String command : named == null ? NAMES : List.of(named)) {
      try {
        Output probed = run(List.of(command, "-c", PROBE));
        String version = probed.text().strip();
        if (probed.status() == 0 && version.startsWith("CPython 3.11.")) {
          return Optional.of(new Python(command, version));
        }
      } catch (IOException notThere) {
        // Another one may be.
      }
    }
    return Optional.empty();
  }

  /** Runs {@code record.py} or {@code generate.py}. */
  public Output run(String program, String... arguments) throws IOException {
    List<String> whole = new ArrayList<>(List.of(command, HOME.resolve(program).toString()));
    whole.addAll(List.of(arguments));
    return run(whole);
  }

  private static Output run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      return new Output(process.waitFor(), text);
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + command + " ran", e);
    }
  }
}
