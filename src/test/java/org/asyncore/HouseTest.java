package org.asyncore;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Keeps the arrows between the packages, and a few rules that hold for every file.
 *
 * <pre>
 * asynchat ──> asyncore ──> transport <── netty ──> io.netty
 * migrate  ──> asyncore, netty            SocketMap ──> netty     (the one wire)
 * limits   ──> asyncore, netty
 * observe, testkit ──> asyncore, transport
 * internal ──> transport                  (used by all but transport; by testkit, too)
 * examples, python ──> what module-info exports; compat-tests the test kit, too
 *
 * in netty:   loop <── kernel <── socket <── stream | datagram | file | pipeline <── netty
 *                      kernel <── epoll | nio <── netty
 * </pre>
 *
 * <p>A package may use what its arrows lead to, near or far; but {@code io.netty} only where an
 * arrow points straight at it. Names in code count as imports do; names in comments do not.
 */
class HouseTest {
  private static final Path MAIN = Path.of("src/main/java");
  private static final Path TESTKIT = Path.of("src/testkit/java");
  private static final Path EXAMPLES = Path.of("src/examples/java");
  private static final Path COMPAT = Path.of("compat-tests/java");
  private static final Path PYTHON = Path.of("src/python/java");
  private static final List<Path> JAVA_ROOTS =
      List.of(
          MAIN,
          TESTKIT,
          EXAMPLES,
          COMPAT,
          PYTHON,
          Path.of("src/test/java"),
          Path.of("src/jmh/java"));

  private static final Set<String> EXPORTED =
      Set.of("asyncore", "asynchat", "transport", "migrate", "limits", "observe");

  /** The rooms behind the front door, each with those that it may use. */
  static final Map<String, Set<String>> ROOMS =
      Map.of(
          "netty.loop", Set.of(),
          "netty.kernel", Set.of("netty.loop"),
          "netty.epoll", Set.of("netty.loop", "netty.kernel"),
          "netty.nio", Set.of("netty.loop", "netty.kernel"),
          "netty.socket", Set.of("netty.loop", "netty.kernel"),
          "netty.stream", Set.of("netty.loop", "netty.kernel", "netty.socket"),
          "netty.datagram", Set.of("netty.loop", "netty.kernel", "netty.socket"),
          "netty.file", Set.of("netty.loop", "netty.kernel", "netty.socket"),
          "netty.pipeline", Set.of("netty.loop", "netty.kernel", "netty.socket"));

  /** Who may use whom; a package may always use itself. */
  private static final Map<String, Set<String>> ARROWS = arrows();

  private static Map<String, Set<String>> arrows() {
    Set<String> nettyUses = Set.of("internal", "transport", "io.netty");
    Map<String, Set<String>> arrows = new HashMap<>();
    arrows.put("transport", Set.of());
    arrows.put("internal", Set.of("transport"));
    arrows.put("asyncore", Set.of("internal", "transport"));
    arrows.put("asynchat", Set.of("asyncore", "internal", "transport"));
    arrows.put("observe", Set.of("asyncore", "internal", "transport"));
    arrows.put("testkit", Set.of("asyncore", "internal", "transport"));
    arrows.put(
        "migrate",
        Set.of("asyncore", "internal", "transport", "netty", "netty.pipeline", "io.netty"));
    arrows.put(
        "limits", Set.of("asyncore", "internal", "transport", "netty", "netty.socket", "io.netty"));
    arrows.put("netty", union(ROOMS.keySet(), nettyUses));
    ROOMS.forEach((room, others) -> arrows.put(room, union(others, nettyUses)));
    return arrows;
  }

  private static Set<String> union(Set<String> some, Set<String> others) {
    Set<String> all = new TreeSet<>(some);
    all.addAll(others);
    return all;
  }

  private static final Pattern HIDDEN = Pattern.compile("org\\.asyncore\\.(netty|internal)\\b");

  private static final int MOST_FILES = 14;

  private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");
  private static final Pattern OURS =
      Pattern.compile("\\borg\\.asyncore\\b(?:\\.((?:netty\\.)?[a-z]\\w*))?");
  private static final Pattern NETTY = Pattern.compile("\\bio\\.netty\\b");
  private static final Pattern MACHINE_PATH =
      Pattern.compile("(?<![\\w.-])/(home|root|work)/[\\w.]");
  private static final Pattern EXPORTS = Pattern.compile("\\bexports ([\\w.]+);");

  /** Build output and what tools leave in folders of their own. */
  private static final Pattern NOT_OURS = Pattern.compile("target/|\\.(?!ci/|mvn/)\\w+/");

  private static final Pattern NOT_CODE =
      Pattern.compile(
          "//[^\n]*|(?s:/\\*.*?\\*/)|(?s:\"\"\".*?\"\"\")"
              + "|\"[^\"\\\\\n]*+(?:\\\\.[^\"\\\\\n]*+)*+\"|'(?:\\\\[^'\n]+|\\\\'|[^'\\\\\n])'");

  @Test
  void arrowsRunOneWay() {
    List<String> breaches = new ArrayList<>();
    for (Path root : List.of(MAIN, TESTKIT, EXAMPLES, COMPAT, PYTHON)) {
      for (Path file : files(root, ".java")) breaches.addAll(arrowBreaches(file, read(file)));
    }
    assertNone(breaches);
  }

  @ParameterizedTest
  @CsvSource({
    "src/main/java/P.java,      org.asyncore.transport, import io.netty.channel.Channel;",
    "src/main/java/P.java,      org.asyncore.transport, import org.asyncore.Dispatcher;",
    "src/main/java/P.java,      org.asyncore.transport, import org.asyncore.internal.Background;",
    "src/main/java/P.java,      org.asyncore.internal,  import org.asyncore.Dispatcher;",
    "src/main/java/P.java,      org.asyncore.netty,     import org.asyncore.Dispatcher;",
    "src/main/java/P.java,      org.asyncore.netty,     import static org.asyncore.Asyncore.loop;",
    "src/main/java/Pass.java,   org.asyncore,           import org.asyncore.netty.NettyTransport;",
    "src/main/java/P.java,      org.asyncore,           int i = io.netty.util.NetUtil.SOMAXCONN;",
    "src/main/java/P.java,      org.asyncore,           import org.asyncore.asynchat.AsyncChat;",
    "src/main/java/P.java,      org.asyncore.asynchat,  import org.asyncore.migrate.*;",
    "src/main/java/P.java,      org.asyncore,           import org.asyncore.observe.Counters;",
    "src/main/java/P.java,      org.asyncore.netty.loop,     import"
        + " org.asyncore.netty.kernel.Kernel;",
    "src/main/java/P.java,      org.asyncore.netty.loop,     import"
        + " org.asyncore.netty.NettyTransport;",
    "src/main/java/P.java,      org.asyncore.netty.socket,   import"
        + " org.asyncore.netty.NettyTransport;",
    "src/main/java/P.java,      org.asyncore.netty.socket,   import"
        + " org.asyncore.netty.stream.Socket;",
    "src/main/java/P.java,      org.asyncore.netty.pipeline, import"
        + " org.asyncore.netty.stream.Socket;",
    "src/main/java/P.java,      org.asyncore.netty.pipeline, import org.asyncore.netty.epoll.Gate;",
    "src/main/java/P.java,      org.asyncore.netty.epoll,    import org.asyncore.netty.nio.Gate;",
    "src/main/java/P.java,      org.asyncore.netty.kernel,   import org.asyncore.Dispatcher;",
    "src/main/java/P.java,      org.asyncore.migrate,        import org.asyncore.netty.loop.Gate;",
    "src/main/java/SocketMap.java, org.asyncore,             import org.asyncore.netty.loop.Gate;",
    "src/examples/java/P.java,  org.asyncore.examples,  import org.asyncore.netty.loop.Gate;",
    "src/python/java/P.java,    org.asyncore.python,    import org.asyncore.netty.NettyTransport;",
    "src/python/java/P.java,    org.asyncore.python,    import io.netty.buffer.ByteBuf;",
    "src/examples/java/P.java,  org.asyncore.examples,  import io.netty.buffer.ByteBuf;",
    "src/examples/java/P.java,  org.asyncore.examples,  import org.asyncore.netty.NettyTransport;",
    "compat-tests/java/P.java,  org.asyncore.compat,    import org.asyncore.fixture.CallLog;",
    "src/testkit/java/P.java,   org.asyncore.testkit,   import io.netty.channel.Channel;",
    "src/testkit/java/P.java,   org.asyncore.testkit,   import org.asyncore.fixture.CallLog;",
    "compat-tests/java/P.java,  org.asyncore,           import java.util.List;"
  })
  void againstTheArrows(Path file, String pack, String line) {
    List<String> breaches = arrowBreaches(file, "package " + pack + ";\n\n" + line + "\n");
    assertEquals(1, breaches.size(), breaches::toString);
    int lineNumber = line.startsWith("import java.") ? 1 : 3; // There the package itself is wrong.
    assertTrue(breaches.get(0).startsWith(file + ":" + lineNumber + ": "), breaches.get(0));
  }

  @ParameterizedTest
  @CsvSource({
    "src/main/java/SocketMap.java, org.asyncore,          import"
        + " org.asyncore.netty.NettyTransport;",
    "src/main/java/P.java,         org.asyncore.migrate,  import io.netty.channel.Channel;",
    "src/testkit/java/P.java,      org.asyncore.testkit.netty, import io.netty.buffer.ByteBuf;",
    "src/main/java/P.java,         org.asyncore.migrate,  import"
        + " org.asyncore.netty.pipeline.AutoRead;",
    "src/main/java/P.java,         org.asyncore.netty,    import org.asyncore.netty.loop.Gate;",
    "src/main/java/P.java,         org.asyncore.netty.file, import org.asyncore.netty.loop.Gate;",
    "src/main/java/P.java,         org.asyncore.asynchat, import org.asyncore.transport.Errno;",
    "src/main/java/P.java,         org.asyncore,          /** Not {@link io.netty.channel.Channel}."
        + " */",
    "src/main/java/P.java,         org.asyncore,          String s = \"io.netty \\\" io.netty\";",
    "src/examples/java/P.java,     org.asyncore.examples.migrating, import"
        + " io.netty.buffer.ByteBuf;",
    "compat-tests/java/P.java,     org.asyncore.compat,   import org.asyncore.compat.json.Json;",
    "compat-tests/java/P.java,     org.asyncore.compat,   import org.asyncore.testkit.TestLoop;"
  })
  void alongTheArrows(Path file, String pack, String line) {
    assertNone(arrowBreaches(file, "package " + pack + ";\n\n" + line + "\n"));
  }

  @Test
  void everyPackageButNettyAndInternalIsExported() {
    Path moduleInfo = MAIN.resolve("module-info.java");
    if (!Files.exists(moduleInfo)) return;
    Set<String> packages = new TreeSet<>();
    for (Path file : files(MAIN, ".java")) packages.add(packageOf(read(file)));
    packages.removeIf(name -> name.isEmpty() || HIDDEN.matcher(name).lookingAt());
    Set<String> exported = new TreeSet<>();
    EXPORTS.matcher(read(moduleInfo)).results().forEach(found -> exported.add(found.group(1)));
    assertEquals(
        packages,
        exported,
        moduleInfo + ": exports every package but netty, its rooms and internal");
  }

  @Test
  void everyRoomIsSmallAndSaysWhatItIs() {
    List<String> breaches = new ArrayList<>();
    for (String room : ROOMS.keySet()) {
      Path folder = MAIN.resolve("org/asyncore/" + room.replace('.', '/'));
      List<Path> files = files(folder, ".java");
      if (files.size() > MOST_FILES) breaches.add(folder + ": " + files.size() + " files");
      if (!files.contains(folder.resolve("package-info.java"))) breaches.add(folder + ": no door");
    }
    assertNone(breaches);
  }

  @Test
  void nobodyButItsBinderNamesMicrometer() {
    List<String> breaches = new ArrayList<>();
    for (Path file : files(MAIN, ".java")) {
      if (file.endsWith("MicrometerBinder.java")) continue;
      Pattern named = Pattern.compile("\\bio\\.micrometer\\b|\\bMicrometerBinder\\b");
      find(breaches, file, codeOf(read(file)), named, "needs Micrometer, which may not be there");
    }
    assertNone(breaches);
  }

  @Test
  void noTestIsDisabledAndNothingSleeps() {
    List<String> breaches = new ArrayList<>();
    for (Path root : JAVA_ROOTS) {
      for (Path file : files(root, ".java")) {
        String code = codeOf(read(file));
        find(breaches, file, code, Pattern.compile("@Disabled\\b"), "a test runs or is not there");
        find(breaches, file, code, Pattern.compile("\\.sleep\\("), "wait for a condition instead");
      }
    }
    assertNone(breaches);
  }

  @Test
  void noFileNamesAPathOfOneMachine() {
    List<String> breaches = new ArrayList<>();
    for (Path file : files(Path.of(""), "")) {
      find(breaches, file, read(file), MACHINE_PATH, "a path of one machine");
    }
    assertNone(breaches);
  }

  private static List<String> arrowBreaches(Path file, String source) {
    String pack = packageOf(source);
    if (pack.isEmpty()) return List.of(); // module-info names them all.
    List<String> breaches = new ArrayList<>();
    String code = codeOf(source);
    boolean inMain = file.startsWith(MAIN) || file.startsWith(TESTKIT);
    String from = areaOf(pack);
    Set<String> allowed = new TreeSet<>(inMain ? ARROWS.getOrDefault(from, Set.of()) : EXPORTED);
    if (inMain && file.endsWith("SocketMap.java")) allowed.add("netty");
    if (file.startsWith(COMPAT)) allowed.add("testkit");
    if (pack.equals("org.asyncore.testkit.netty")) allowed.addAll(Set.of("migrate", "io.netty"));
    if (pack.matches("org\\.asyncore\\.examples\\.(migrating|native).*")) allowed.add("io.netty");
    if (!inMain && ARROWS.containsKey(from)) {
      breaches.add(at(file, code, code.indexOf(pack)) + "only src/main/java is in " + pack);
      return breaches;
    }

    String rule =
        from + " may use " + (allowed.isEmpty() ? "nothing of ours" : String.join(", ", allowed));
    Matcher ours = OURS.matcher(code);
    while (ours.find()) {
      String to = areaOf(ours.group());
      if (!to.equals(from) && !allowed.contains(to)) {
        breaches.add(at(file, code, ours.start()) + rule + ", not " + to);
      }
    }
    if (!allowed.contains("io.netty")) find(breaches, file, code, NETTY, rule + ", not io.netty");
    return breaches;
  }

  /** The first name after {@code org.asyncore}; {@code asyncore} for that package itself. */
  private static String areaOf(String name) {
    Matcher ours = OURS.matcher(name);
    return ours.lookingAt() && ours.group(1) != null ? ours.group(1) : "asyncore";
  }

  private static String packageOf(String source) {
    Matcher declaration = PACKAGE.matcher(source);
    return declaration.find() ? declaration.group(1) : "";
  }

  /** The source with comments, strings and characters left out, line for line. */
  static String codeOf(String source) {
    return NOT_CODE.matcher(source).replaceAll(found -> newlinesOf(found));
  }

  private static String newlinesOf(MatchResult found) {
    return "\n".repeat((int) found.group().chars().filter(c -> c == '\n').count());
  }

  private static void find(
      List<String> breaches, Path file, String text, Pattern forbidden, String rule) {
    Matcher found = forbidden.matcher(text);
    while (found.find()) {
      breaches.add(at(file, text, found.start()) + rule + ": " + found.group());
    }
  }

  private static String at(Path file, String text, int offset) {
    long line = 1 + text.substring(0, offset).chars().filter(c -> c == '\n').count();
    return file + ":" + line + ": ";
  }

  static void assertNone(List<String> breaches) {
    if (!breaches.isEmpty()) fail(breaches.stream().collect(joining("\n", "\n", "\n")));
  }

  /** The project's files below a folder, in order; none if there is no such folder. */
  static List<Path> files(Path root, String suffix) {
    if (!root.toString().isEmpty() && !Files.isDirectory(root)) return List.of();
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(path -> Files.isRegularFile(path) && path.toString().endsWith(suffix))
          .filter(path -> !NOT_OURS.matcher(path.toString()).lookingAt())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new AssertionError(root + " cannot be listed", e);
    }
  }

  /** The file's text; nothing for a binary file. */
  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (MalformedInputException e) {
      return ""; // Not UTF-8, so not text of ours.
    } catch (IOException e) {
      throw new AssertionError(file + " cannot be read", e);
    }
  }
}
