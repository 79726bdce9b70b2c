package org.asyncore.compat.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.asyncore.compat.json.Json;
import org.asyncore.compat.scenario.Fields;
import org.asyncore.compat.scenario.Mode;

/**
 * The handle of a process that plays on one transport; owns the process.
 *
 * <p>A scenario that hangs or kills the process costs that scenario: the next one gets a new
 * process. Confined to one thread.
 */
public final class PlayerProcess implements AutoCloseable {
  /** Longer than the process's own watchdog waits. */
  private static final int SECONDS = Watchdog.SECONDS + 20;

  private static final String END = "";

  private final String transport;
  private final Path errors;
  private Process process;
  private Writer asked;
  private BlockingQueue<String> answers;

  /**
   * Starts nothing yet.
   *
   * @param errors where the standard error of the processes is appended
   */
  public PlayerProcess(String transport, Path errors) {
    this.transport = transport;
    this.errors = errors;
  }

  /** The trace of a scenario, or what went wrong. */
  public Played play(Path scenario, Mode mode) throws InterruptedException {
    return ask(Map.of("scenario", scenario.toAbsolutePath().toString(), "mode", mode.text()));
  }

  /** Lets Netty report, on the standard error, the buffers that were lost so far. */
  public Played collectGarbage(Path scenario) throws InterruptedException {
    return ask(Map.of("collect", scenario.toAbsolutePath().toString()));
  }

  private Played ask(Map<String, Object> question) throws InterruptedException {
    try {
      if (process == null) {
        start();
        Played ready = answer();
        if (ready.problem() != null) return ready;
      }
      asked.write(Json.write(question) + "\n");
      asked.flush();
      return answer();
    } catch (IOException e) {
      close();
      return Played.failed("the playing process is gone: " + e);
    }
  }

  private Played answer() throws InterruptedException {
    String answer = answers.poll(SECONDS, TimeUnit.SECONDS);
    if (answer == null || answer.equals(END)) {
      close();
      return Played.failed(
          answer == null
              ? "no answer after " + SECONDS + " s"
              : "the playing process ended; see " + errors);
    }
    Fields fields = new Fields(Fields.asObject(Json.parse(answer)));
    String problem = fields.text("problem", null);
    if (problem != null) close(); // What went wrong may have left something behind.
    return Played.of(fields.has("lines") ? fields.list("lines") : List.of(), problem);
  }

  private void start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmArguments());
    // On Linux the JVM opens the files of its cgroup now and then, from any of its threads: for an
    // instant the lowest free descriptor, which scenarios count on, is not what they freed.
    command.addAll(List.of("-XX:+IgnoreUnrecognizedVMOptions", "-XX:-UseContainerSupport"));
    command.add("-Dorg.asyncore.transport=" + transport);
    command.add("-cp");
    command.add(classPath());
    command.add(PlayerMain.class.getName());
    process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
            .start();
    asked = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), UTF_8));
    answers = new LinkedBlockingQueue<>();
    Thread reader = new Thread(() -> read(process, answers), "compat-answers-" + transport);
    reader.setDaemon(true);
    reader.start();
  }

  private static void read(Process process, BlockingQueue<String> answers) {
    InputStreamReader stream = new InputStreamReader(process.getInputStream(), UTF_8);
    try (BufferedReader reader = new BufferedReader(stream)) {
      reader.lines().forEach(answers::add);
    } catch (IOException | UncheckedIOException ended) {
      // As good as the end.
    }
    answers.add(END);
  }

  /** What this process was started with, but for agents and debuggers. */
  private static List<String> jvmArguments() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.matches("-(ea|D|X|-enable-native-access).*"))
        .filter(argument -> !argument.startsWith("-Xrunjdwp"))
        .toList();
  }

  /** The class path of this class; Maven's exec:java keeps it out of the system property. */
  private static String classPath() throws IOException {
    if (!(PlayerProcess.class.getClassLoader() instanceof URLClassLoader loader)) {
      return System.getProperty("java.class.path");
    }
    List<String> entries = new ArrayList<>();
    try {
      for (URL url : loader.getURLs()) entries.add(Path.of(url.toURI()).toString());
    } catch (URISyntaxException e) {
      throw new IOException("class path", e);
    }
    return String.join(File.pathSeparator, entries);
  }

  /** Ends the process, if there is one; the next question starts another. */
  @Override
  public void close() {
    if (process != null) process.destroyForcibly();
    process = null;
  }
}
