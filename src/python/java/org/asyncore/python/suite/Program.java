package org.asyncore.python.suite;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.asyncore.python.Run;

/** A Python program in a process of its own, and how it is started here. */
final class Program {
  /** An end that is waited for, or the process is killed. */
  private static final long LIMIT_SECONDS = Long.getLong("python.limitSeconds", 900);

  /**
   * What came of it.
   *
   * @param status the exit status
   * @param output of both its streams
   */
  record Ended(int status, String output) {}

  private final List<String> command;
  private final Path folder;

  private Program(List<String> command, Path folder) {
    this.command = command;
    this.folder = folder;
  }

  /**
   * A program on this library.
   *
   * @param folder where it runs
   */
  static Program onTheLibrary(Path folder, String... programAndArguments) {
    return of(System.getProperty("java.class.path"), folder, programAndArguments);
  }

  /**
   * A program on this library, with what {@code org.asyncore.python} is in a jar, as users have it.
   *
   * @param folder where it runs, and the jar is made
   */
  static Program fromAJar(Path folder, String... programAndArguments)
      throws IOException, URISyntaxException {
    Path classes = Path.of(Run.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path jar = folder.resolve("a jar.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(file);
        Stream<Path> found = Files.list(classes.resolve("org/asyncore/python"))) {
      List<Path> packed = new ArrayList<>(found.filter(Files::isRegularFile).toList());
      packed.add(classes.resolve("asyncore.py"));
      packed.add(classes.resolve("asynchat.py"));
      for (Path each : packed) {
        entries.putNextEntry(new JarEntry(classes.relativize(each).toString()));
        Files.copy(each, entries);
        entries.closeEntry();
      }
    }
    String others =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !Path.of(entry).equals(classes))
            .collect(Collectors.joining(File.pathSeparator));
    return of(jar + File.pathSeparator + others, folder, programAndArguments);
  }

  private static Program of(String classPath, Path folder, String... programAndArguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // An interpreter in an interpreter that is soon over: the second compiler does not pay.
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(List.of("-cp", classPath, Run.class.getName()));
    command.addAll(Arrays.asList(programAndArguments));
    return new Program(command, folder);
  }

  /** A program under CPython. */
  static Program underCPython(CPython python, Path folder, String... programAndArguments) {
    List<String> command = new ArrayList<>(List.of(python.command(), "-W", "ignore"));
    command.addAll(Arrays.asList(programAndArguments));
    return new Program(command, folder);
  }

  /** Runs it to its end. */
  Ended run() throws IOException, InterruptedException {
    Process process = start();
    CompletableFuture<String> output =
        CompletableFuture.supplyAsync(() -> textOf(process.getInputStream()));
    return ended(process, output);
  }

  /** Starts it, with both its streams in one and nothing to read. */
  Process start() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    return process;
  }

  /** Waits for the end of one that was started. */
  Ended ended(Process process, CompletableFuture<String> output)
      throws IOException, InterruptedException {
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("no end after " + LIMIT_SECONDS + " s: " + output.get());
      }
      return new Ended(process.exitValue(), output.get(10, TimeUnit.SECONDS));
    } catch (ExecutionException | TimeoutException unread) {
      throw new IOException("no output of " + command, unread);
    }
  }

  static String textOf(java.io.InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException broken) {
      throw new java.io.UncheckedIOException(broken);
    }
  }
}
