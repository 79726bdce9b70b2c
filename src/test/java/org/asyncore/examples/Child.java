package org.asyncore.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringTokenizer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program in a process of its own, and what it prints. Closing kills it. Every wait has an end,
 * and a failure prints what the program printed so far.
 */
final class Child implements AutoCloseable {
  private static final int WAIT_SECONDS = 30;

  private final Process process;

  /** Lines as they come; empty is the end. */
  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

  private final List<String> seen = new ArrayList<>();
  private boolean hasEnded;

  private Child(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Thread reader = new Thread(this::readLines, "output of " + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /** {@link Main} on the class path, on a transport. */
  static Child main(String transport, String... args) throws IOException {
    List<String> options =
        List.of(
            "--enable-native-access=ALL-UNNAMED", // Else later Java warns in what is compared.
            "-cp",
            System.getProperty("java.class.path"),
            "-Dorg.asyncore.transport=" + transport,
            "-Dio.netty.leakDetection.level=paranoid");
    return java(options, args);
  }

  /** {@link Main} on the class path, with options of the JVM. */
  static Child mainWith(List<String> jvmOptions, String... args) throws IOException {
    List<String> options = new ArrayList<>(jvmOptions);
    options.addAll(List.of("-cp", System.getProperty("java.class.path")));
    return java(options, args);
  }

  /** {@link Main} on the class path; the library's and Netty's jars on the module path. */
  static Child mainWithModules(String... args) throws IOException {
    List<String> jars = new ArrayList<>();
    StringTokenizer entries =
        new StringTokenizer(System.getProperty("java.class.path"), File.pathSeparator);
    while (entries.hasMoreTokens()) {
      String entry = entries.nextToken();
      if (Path.of(entry).getFileName().toString().matches("netty-.*\\.jar")) jars.add(entry);
    }
    List<String> options =
        List.of(
            "--module-path",
            String.join(File.pathSeparator, jars),
            "--add-modules",
            "org.asyncore",
            "--show-module-resolution",
            "-cp",
            Path.of("target", "test-classes").toString());
    return java(options, args);
  }

  private static Child java(List<String> options, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add(Main.class.getName());
    command.addAll(List.of(args));
    return new Child(command);
  }

  /** Another main class on the class path, with options of the JVM. */
  static Child ofClass(String mainClass, List<String> jvmOptions, String... args)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    command.addAll(List.of(args));
    return new Child(command);
  }

  /** A program of src/examples/python. */
  static Child python(String interpreter, String program, String... args) throws IOException {
    List<String> command = new ArrayList<>(List.of(interpreter, "-W", "ignore"));
    command.add(Path.of("src", "examples", "python", program).toString());
    command.addAll(List.of(args));
    return new Child(command);
  }

  /** A Python that still has asyncore, if there is one. */
  static Optional<String> pythonWithAsyncore() throws Exception {
    for (String name : List.of("python3.11", "python3")) {
      try (Child child = new Child(List.of(name, "-W", "ignore", "-c", "import asyncore"))) {
        if (child.exitCode() == 0) return Optional.of(name);
      } catch (IOException e) {
        // No such program: the next one, then.
      }
    }
    return Optional.empty();
  }

  private void readLines() {
    try (BufferedReader reader = process.inputReader(ISO_8859_1)) {
      for (String line; (line = reader.readLine()) != null; ) lines.add(Optional.of(line));
    } catch (IOException e) {
      lines.add(Optional.of("unreadable: " + e));
    }
    lines.add(Optional.empty());
  }

  /** Waits for a line that begins like this; gives what the group in it matches. */
  String await(String regex) throws InterruptedException {
    Pattern pattern = Pattern.compile(regex);
    for (String line; (line = nextLine()) != null; ) {
      Matcher matcher = pattern.matcher(line);
      if (matcher.lookingAt()) return matcher.groupCount() == 0 ? line : matcher.group(1);
    }
    return fail("no line like " + regex + " in " + seen);
  }

  /** Waits for the end of the program, and gives all that it printed. */
  List<String> output() throws InterruptedException {
    while (nextLine() != null) {
      // Each is kept.
    }
    return seen;
  }

  private String nextLine() throws InterruptedException {
    if (hasEnded) return null;
    Optional<String> line = lines.poll(WAIT_SECONDS, SECONDS);
    if (line == null) return fail("nothing for " + WAIT_SECONDS + " s after " + seen);
    hasEnded = line.isEmpty();
    line.ifPresent(seen::add);
    return line.orElse(null);
  }

  /** Writes to its standard input. */
  void write(String text) throws IOException {
    process.getOutputStream().write(text.getBytes(ISO_8859_1));
    process.getOutputStream().flush();
  }

  void endInput() throws IOException {
    process.getOutputStream().close();
  }

  /** As Ctrl-C's sibling, SIGTERM. */
  void terminate() {
    process.toHandle().destroy(); // Process's own destroy() closes our end of its output, too.
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(WAIT_SECONDS, SECONDS)) fail("still runs: " + process.info() + seen);
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
