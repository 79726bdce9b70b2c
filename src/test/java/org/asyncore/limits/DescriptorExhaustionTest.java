package org.asyncore.limits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.asyncore.fixture.NettyIo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A listener whose process has no descriptor left, for real. */
@Timeout(120)
class DescriptorExhaustionTest {
  private static final int WAIT_SECONDS = 30;
  private static final int LEFT = 3;
  private static final int CLIENTS = 10;

  /** Classes in an open jar: to load one from a folder would take a descriptor. */
  @TempDir private static Path folder;

  private static String classPath;

  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final List<String> seen = new ArrayList<>();
  private final List<Socket> clients = new ArrayList<>();
  private Process process;

  @BeforeAll
  static void packClasses() throws IOException {
    List<String> entries = new ArrayList<>();
    StringTokenizer all =
        new StringTokenizer(System.getProperty("java.class.path"), File.pathSeparator);
    while (all.hasMoreTokens()) {
      String entry = all.nextToken();
      Path path = Path.of(entry);
      if (Files.isDirectory(path)) entries.add(jarOf(path, entries.size()));
      else entries.add(entry);
    }
    classPath = String.join(File.pathSeparator, entries);
  }

  private static String jarOf(Path classes, int number) throws IOException {
    Path jar = folder.resolve(number + ".jar");
    try (JarOutputStream output = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = classes.relativize(file).toString().replace(File.separatorChar, '/');
        output.putNextEntry(new JarEntry(name));
        Files.copy(file, output);
        output.closeEntry();
      }
    }
    return jar.toString();
  }

  private void start(String transport, String limits, String style) throws IOException {
    assumeTrue(File.separatorChar == '/', "no ulimit here");
    NettyIo.named(transport).assumeAvailable();
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    process =
        new ProcessBuilder(
                "sh",
                "-c",
                "ulimit -n 200; exec \"$@\"",
                "sh",
                java,
                "-cp",
                classPath,
                FewDescriptors.class.getName(),
                transport,
                limits,
                style)
            .redirectErrorStream(true)
            .start();
    Thread reader = new Thread(this::read, "output of " + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try (BufferedReader output = process.inputReader(UTF_8)) {
      for (String line; (line = output.readLine()) != null; ) lines.add(line);
    } catch (IOException broken) {
      lines.add("unreadable: " + broken);
    }
    lines.add("end of output");
  }

  private void order(String order) throws IOException {
    OutputStream input = process.getOutputStream();
    input.write((order + "\n").getBytes(UTF_8));
    input.flush();
  }

  /** Waits for a line with this in it. */
  private String await(String part) throws InterruptedException {
    for (String line; (line = lines.poll(WAIT_SECONDS, SECONDS)) != null; ) {
      seen.add(line);
      if (line.contains(part)) return line;
      if (line.equals("end of output")) break;
    }
    return fail("no \"" + part + "\" in " + seen);
  }

  private void connect(int port, int count) throws IOException {
    for (int i = 0; i < count; i++) clients.add(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  @AfterEach
  void end() throws IOException {
    for (Socket client : clients) client.close();
    if (process != null) process.destroyForcibly();
  }

  @ParameterizedTest
  @CsvSource({"epoll, select", "epoll, poll", "nio, select", "nio, poll"})
  void withLimitsTheListenerWaitsAndGoesOn(String transport, String style) throws Exception {
    waitsAndGoesOn(transport, "limits", style);
  }

  @ParameterizedTest
  @CsvSource({"epoll, select", "epoll, poll", "nio, select", "nio, poll"})
  void theListenerOfAGroupWaitsAndGoesOn(String transport, String style) throws Exception {
    waitsAndGoesOn(transport, "group", style);
  }

  private void waitsAndGoesOn(String transport, String kind, String style) throws Exception {
    start(transport, kind, style);
    int port = Integer.parseInt(await("port ").substring("port ".length()));
    connect(port, 1);
    await("accepted 1");
    order("take " + LEFT);
    await("take");
    long began = System.nanoTime();
    connect(port, CLIENTS);
    await("Too many open files");
    for (int retry = 0; retry < 5; retry++) await("try");
    order("free");
    await("accepted " + (1 + CLIENTS));
    connect(port, 1); // As before.
    await("accepted " + (2 + CLIENTS));
    long seconds = (System.nanoTime() - began) / 1_000_000_000L;
    order("end");
    int passes = Integer.parseInt(await("passes ").substring("passes ".length()));
    assertTrue(passes < 60 + 10 * seconds, passes + " passes in " + seconds + " s: " + seen);
    assertEquals(1, seen.stream().filter(line -> line.contains("Too many open files")).count());
    assertTrue(seen.stream().noneMatch(line -> line.contains("uncaptured")), seen::toString);
  }

  @ParameterizedTest
  @CsvSource({"epoll, select", "nio, poll"})
  void withoutLimitsTheListenerIsClosedAsInAsyncore(String transport, String style)
      throws Exception {
    start(transport, "plain", style);
    int port = Integer.parseInt(await("port ").substring("port ".length()));
    order("take " + LEFT);
    await("take");
    connect(port, CLIENTS);
    String line = await("uncaptured");
    assertTrue(line.startsWith("error: uncaptured python exception, closing channel <"), line);
    assertTrue(line.contains(":[Errno 24] EMFILE: Too many open files ["), line);
    await("listener closed");
    order("end");
    await("passes");
  }
}
