package org.asyncore.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.asyncore.fixture.Tool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Other people's projects: each builds against the library in the local repository, where {@code
 * mvn install} puts it, and echoes: {@code mvn -Pprojects test}. Downloads what they need.
 */
class ProjectsCheck {
  private static final Path PROJECTS = Path.of("src/examples/projects").toAbsolutePath();
  private static final String NATIVE = "io.netty.transport.epoll.linux.x86_64";
  private static final long WAIT_SECONDS = 600;

  private static final int FIRST_VIRTUAL = 21;

  /** As machines that build for others have them. */
  private static final Pattern JAVA_HOME = Pattern.compile("JAVA_HOME_(\\d+)(_\\w+)?");

  @TempDir private Path folder;

  /** Of the Java that builds and runs a project. */
  private String javaHome = System.getProperty("java.home");

  @ParameterizedTest
  @ValueSource(strings = {"maven", "kotlin"})
  void echoes(String project) throws Exception {
    maven(project, "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"spring-boot-3", "spring-boot-4"})
  void beginsAndEndsWithTheApplication(String project) throws Exception {
    String printed = maven(project, "health ");
    assertTrue(printed.contains("health UP, listeners 1"), printed);
    assertTrue(printed.contains("the loop has ended"), printed);
  }

  @ParameterizedTest
  @CsvSource({
    "LineServer,          listening on",
    "LoopOnVirtualThread, loop() on a virtual thread holds its carrier"
  })
  void answersWithVirtualThreads(String main, String awaited) throws Exception {
    javaHome = laterJava();
    String printed = maven("virtual-threads", awaited, "-Dexec.mainClass=example." + main);
    assertEquals(main.equals("LineServer"), !printed.contains("holds its carrier"), printed);
  }

  /** Of a Java with virtual threads; without one the test is skipped. */
  private static String laterJava() {
    String given = System.getProperty("jdk21.home");
    if (given != null) return given;
    if (Runtime.version().feature() >= FIRST_VIRTUAL) return System.getProperty("java.home");
    for (Map.Entry<String, String> variable : new TreeMap<>(System.getenv()).entrySet()) {
      Matcher home = JAVA_HOME.matcher(variable.getKey());
      if (home.matches() && Integer.parseInt(home.group(1)) >= FIRST_VIRTUAL) {
        return variable.getValue();
      }
    }
    return abort("no JDK 21 or later: give one by -Djdk21.home=, or by JAVA_HOME_21_X64");
  }

  @Test
  void gradleRunsIt() throws Exception {
    Tool.assumePresent("gradle");
    List<String> command = List.of("gradle", "--no-daemon", "-q", "run");
    run(PROJECTS.resolve("gradle"), command, "--args=", "");
  }

  @Test
  void anImageOfModulesEchoes() throws Exception {
    Path project = copy("modules");
    Tool.run(project, WAIT_SECONDS, "mvn", "-q", "-B", "package");
    String jlink = Path.of(System.getProperty("java.home"), "bin", "jlink").toString();
    List<String> link = List.of(jlink, "-p", "target/modules", "--output", "image");
    List<String> modules = List.of("--add-modules", "echo," + NATIVE);
    Tool.run(project, WAIT_SECONDS, together(link, modules).toArray(String[]::new));
    List<String> java = List.of("image/bin/java", "--add-modules", NATIVE);
    List<String> epoll = List.of("-Dorg.asyncore.transport=epoll", "-m", "echo/example.EchoServer");
    run(project, together(java, epoll), "", "");
  }

  private static List<String> together(List<String> some, List<String> more) {
    List<String> all = new ArrayList<>(some);
    all.addAll(more);
    return all;
  }

  private String maven(String project, String awaited, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("mvn", "-q", "-B", "compile", "exec:java"));
    if (project.equals("maven")) command.add("-Dexec.mainClass=example.EchoServer");
    command.addAll(List.of(options));
    return run(copy(project), command, "-Dexec.args=", awaited);
  }

  /** So that nothing is built among the sources. */
  private Path copy(String project) throws IOException {
    Path from = PROJECTS.resolve(project);
    Path to = folder.resolve(project);
    try (var all = Files.walk(from)) {
      for (Path file : all.filter(each -> !each.startsWith(from.resolve("target"))).toList()) {
        Path copied = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) Files.createDirectories(copied);
        else Files.copy(file, copied);
      }
    }
    return to;
  }

  /** Starts a server, has it echo, waits until it has printed what is awaited, and ends it. */
  private String run(Path project, List<String> command, String port, String awaited)
      throws Exception {
    int free;
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = any.getLocalPort();
    }
    List<String> all = new ArrayList<>(command);
    all.add(port + free);
    File output = Files.createTempFile(folder, "output", ".txt").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(all)
            .directory(project.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output);
    builder.environment().put("JAVA_HOME", javaHome);
    Process process = builder.start();
    try {
      try (Socket client = connected(free, process, output)) {
        client.setSoTimeout(30_000);
        client.getOutputStream().write("hello\n".getBytes(UTF_8));
        assertEquals("hello\n", new String(client.getInputStream().readNBytes(6), UTF_8));
      }
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (!Files.readString(output.toPath()).contains(awaited)) {
        if (process.waitFor(100, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
          fail("not printed: " + awaited + ", but: " + Files.readString(output.toPath()));
        }
      }
      process.destroy();
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it does not end");
      return Files.readString(output.toPath());
    } finally {
      process.destroyForcibly();
    }
  }

  private static Socket connected(int port, Process process, File output) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (System.nanoTime() < deadline) {
      try {
        return new Socket(InetAddress.getLoopbackAddress(), port);
      } catch (ConnectException early) { // It is being built, or begins.
        if (process.waitFor(100, TimeUnit.MILLISECONDS)) break;
      }
    }
    throw new AssertionError("nobody listens: " + Files.readString(output.toPath()));
  }
}
