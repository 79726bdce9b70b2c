package org.asyncore.bench.compare;

import io.netty.channel.uring.IoUring;
import io.netty.util.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * What is there to measure with.
 *
 * @param taskset whether processes can be pinned to a core
 * @param python the command of a Python that still has asyncore, or null
 * @param uringMissing why there is no io_uring, or null if there is
 * @param descriptors how many files a process may open
 */
record Machine(boolean taskset, String python, String uringMissing, int descriptors) {
  private static final String HAS_ASYNCORE = "import asynchat, asyncore";

  static Machine find() {
    String python = null;
    for (String candidate : List.of("python3.11", "python3", "python3.10", "python3.9")) {
      if (python == null && answers(candidate, "-W", "ignore", "-c", HAS_ASYNCORE)) {
        python = candidate;
      }
    }
    boolean severalCores = Runtime.getRuntime().availableProcessors() > 1;
    boolean taskset = severalCores && answers("taskset", "-c", "0", "true");
    int descriptors =
        Integer.parseInt(
            output("sh", "-c", "ulimit -n -H; ulimit -Hn")
                .lines()
                .filter(line -> line.matches("\\d+"))
                .findFirst()
                .orElse("1024"));
    return new Machine(taskset, python, whyNoUring(), descriptors);
  }

  private static String whyNoUring() {
    return IoUring.isAvailable() ? null : String.valueOf(IoUring.unavailabilityCause());
  }

  /** Why a server cannot run here; null if it can. */
  String refusal(ServerKind kind) {
    if (kind.isPython()) return python == null ? "no Python that has asyncore" : null;
    return kind.isOnUring() ? uringMissing : null;
  }

  /** The command on one core, with as many descriptors as the system allows. */
  List<String> pinned(int core, List<String> command) {
    List<String> whole =
        new ArrayList<>(List.of("sh", "-c", "ulimit -n $(ulimit -Hn); exec \"$@\"", "sh"));
    if (taskset) whole.addAll(List.of("taskset", "-c", Integer.toString(core)));
    whole.addAll(command);
    return whole;
  }

  /** A JVM like this one, with the same class path. */
  List<String> java() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return List.of(java, "-cp", System.getProperty("java.class.path"));
  }

  /** What a reader of the figures needs to know. */
  Properties describe() {
    Properties facts = new Properties();
    facts.setProperty("cpu", cpu());
    facts.setProperty("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.setProperty("pinned", taskset ? "server on core 0, load on core 1" : "no");
    facts.setProperty(
        "kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.setProperty(
        "java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    facts.setProperty("netty", Version.identify().get("netty-transport").artifactVersion());
    facts.setProperty("python", python == null ? "none" : output(python, "--version").strip());
    return facts;
  }

  private static String cpu() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
        if (line.startsWith("model name")) return line.replaceFirst("[^:]*:\\s*", "");
      }
    } catch (IOException notLinux) {
      // Then only the architecture is known.
    }
    return System.getProperty("os.arch");
  }

  private static boolean answers(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException notThere) {
      return false;
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private static String output(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException notThere) {
      return "";
    }
  }
}
