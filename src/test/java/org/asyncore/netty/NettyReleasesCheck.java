package org.asyncore.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An echo in a process of its own, on other people's Netty: {@code mvn -Pnetty-releases test}.
 * Downloads what it tries, so it is no part of the build.
 */
class NettyReleasesCheck {
  private static final Path JARS = Path.of("target", "netty").toAbsolutePath();
  private static final long WAIT_SECONDS = 180;
  private static final String ECHOED = "(?s).*(GET / HTTP/1.0).*";

  @ParameterizedTest
  @CsvSource({
    "4.1.128, '.*IllegalStateException: Netty is too old: found netty-common 4.1.128.Final .*'",
    "4.1.133, '.*IllegalStateException: Netty is too old: found netty-common 4.1.133.Final .*'",
    "4.2.0,   '.*IllegalStateException: Netty is too old: found netty-common 4.2.0.Final .*'",
    "4.2.5,   ''",
    "4.2.12,  ''",
    "4.2.18,  ''"
  })
  void oneRelease(String release, String message) throws Exception {
    List<Path> jars = jars(release, "native-epoll.*aarch_64");
    for (String transport : List.of("epoll", "nio")) expect(message, transport, jars);
  }

  @ParameterizedTest
  @CsvSource({
    "4.2.7,   common", // As vertx-core 5.0.5 brings it, declared first.
    "4.2.7,   (common|buffer|resolver|transport|handler|codec-base)-\\d", // So does grpc-netty.
    "4.2.17,  native-epoll",
    "4.1.128, native-epoll"
  })
  void oneJarOfAnother(String release, String which) throws Exception {
    List<Path> jars = jars("4.2.18", which + "|aarch_64");
    jars(release, "aarch_64").stream().filter(jar -> name(jar).find(which)).forEach(jars::add);
    String found = ".*IllegalStateException: Netty is mixed: found .* " + release + ".Final .*";
    expect(found, "auto", jars);
    expect(found, "epoll", jars);
  }

  @ParameterizedTest
  @CsvSource({"native-unix-common, 4.1.124"})
  void oneJarThatIsTooOld(String which, String release) throws Exception {
    List<Path> jars = jars("4.2.18", which + "|aarch_64");
    jars(release, "none").stream().filter(jar -> name(jar).find(which)).forEach(jars::add);
    expect(".*Netty is too old: found netty-transport-native-unix-common 4.1.124.*", "auto", jars);
  }

  @ParameterizedTest
  @CsvSource({"native-epoll, no native library", "linux-x86_64, is for aarch_64"})
  void aNativeLibraryThatIsNotThere(String which, String reason) throws Exception {
    List<Path> jars = jars("4.2.18", which);
    expect("", "auto", jars);
    String missing = "add io.netty:netty-transport-native-epoll:4.2.18.Final:linux-x86_64";
    expect(
        ".*transport epoll is not available here: .*" + reason + ".*" + missing + ".*",
        "epoll",
        jars);
  }

  private record Name(String name) {
    boolean find(String regex) {
      return Pattern.compile(regex).matcher(name).find();
    }
  }

  private static Name name(Path jar) {
    return new Name(jar.getFileName().toString());
  }

  /** The jars of a release, but for some. */
  private static List<Path> jars(String release, String without) throws Exception {
    Path folder = JARS.resolve(release);
    if (!Files.isDirectory(folder)) download(release, folder);
    try (Stream<Path> all = Files.list(folder)) {
      return new ArrayList<>(all.filter(jar -> !name(jar).find(without)).sorted().toList());
    }
  }

  private static void download(String release, Path folder) throws Exception {
    List<String> command = new ArrayList<>(List.of("mvn", "-q", "-B"));
    command.addAll(List.of("-f", "src/test/projects/netty/pom.xml"));
    command.add("dependency:copy-dependencies");
    command.add("-Dnetty.version=" + release + ".Final");
    command.add("-DoutputDirectory=" + folder);
    String printed = run(command);
    assertTrue(Files.isDirectory(folder), () -> command + " printed " + printed);
  }

  private static void expect(String message, String transport, List<Path> jars) throws Exception {
    List<String> path = new ArrayList<>(List.of("target/classes", "target/test-classes"));
    for (Path jar : jars) path.add(jar.toString());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dorg.asyncore.transport=" + transport);
    command.addAll(List.of("-cp", String.join(File.pathSeparator, path)));
    command.addAll(List.of("org.asyncore.examples.Main", "both"));
    String printed = run(command);
    String expected = message.isEmpty() ? ECHOED : "(?s)" + message;
    assertTrue(printed.matches(expected), () -> command + " printed " + printed);
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("netty", ".txt");
    File file = output.toFile();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(file).start();
    try {
      boolean hasEnded = process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS);
      String printed = Files.readString(output, UTF_8);
      assertTrue(hasEnded, () -> "waited " + WAIT_SECONDS + " s for " + command + ": " + printed);
      return printed;
    } finally {
      process.destroyForcibly();
      Files.delete(output);
    }
  }
}
