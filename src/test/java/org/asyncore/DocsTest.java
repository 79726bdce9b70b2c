package org.asyncore;

import static org.asyncore.HouseTest.assertNone;
import static org.asyncore.HouseTest.files;
import static org.asyncore.HouseTest.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Keeps README.md, docs/ and the examples of Javadoc true: their code is code of the project, their
 * links lead somewhere.
 *
 * <p>A {@code java}, {@code python}, {@code xml} or {@code kotlin} block is an excerpt of one file,
 * word for word but for its indentation. A line {@code // …} (in Python {@code # …}) leaves out
 * what stands between.
 */
class DocsTest {
  private static final Path README = Path.of("README.md");
  private static final Path DOCS = Path.of("docs");
  private static final Map<String, List<Path>> CODE =
      Map.of(
          "java",
          List.of(
              Path.of("src/examples/java"),
              Path.of("src/main/java"),
              Path.of("src/test/java"),
              Path.of("src/examples/projects")),
          "python",
          List.of(Path.of("src/examples/python")),
          "xml",
          List.of(Path.of("src/examples/projects")),
          "kotlin",
          List.of(Path.of("src/examples/projects")));

  /** Where the examples of Javadoc are compiled. */
  private static final List<Path> EXAMPLES =
      List.of(Path.of("src/examples/java"), Path.of("src/test/java"));

  /** What a program extends or calls first. */
  private static final List<String> FIRST_CLASSES =
      List.of(
          "Asyncore.java",
          "Dispatcher.java",
          "DispatcherWithSend.java",
          "FileDispatcher.java",
          "LoopThread.java",
          "SocketMap.java",
          "asynchat/AsyncChat.java",
          "migrate/DispatcherChannels.java");

  private static final Path OVERVIEW = Path.of("src/main/javadoc/overview.html");

  private static final Path ROOMS = DOCS.resolve("images/rooms.svg");

  /** What the title of an arrow says. */
  private static final Pattern DRAWN_ARROW = Pattern.compile("<title>(\\w+) uses (\\w+)</title>");

  /** In a picture's text, or a cell of a table. */
  private static final Pattern CLASS_NAMED =
      Pattern.compile("(?<=[>`(])((?:[A-Z][a-z0-9]+){2,})(?=[<`)])");

  private static final Pattern FENCE = Pattern.compile("\\s*(```|~~~)\\s*(\\w*).*");
  private static final Pattern ELISION = Pattern.compile("\\s*(//|#) …\\s*");
  private static final Pattern SHELL = Pattern.compile("sh|shell|bash|console");
  private static final Pattern LINK =
      Pattern.compile("\\]\\(([^)\\s]+)[^)]*\\)|^\\[[^\\]]+\\]: (\\S+)");
  private static final Pattern OTHER_SITE = Pattern.compile("[a-z]+:.*");
  private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*)");
  private static final Pattern ANCHOR = Pattern.compile("<a (?:id|name)=\"([^\"]+)\"");
  private static final Pattern PAGE_IN_CODE = Pattern.compile("\\bdocs/[\\w-]+\\.md(#[\\w-]+)?");

  private static final Pattern PROPERTY = Pattern.compile("\"(org\\.asyncore\\.[a-z]\\w*)\"");

  /** Between two literals that the compiler puts into one. */
  private static final Pattern JOINT = Pattern.compile("\"\\s*\\)?\\s*\\+\\s*\\(?\"");

  private static final Pattern SHELL_WORD = Pattern.compile("(?:[^\\s\"']|\"[^\"]*\"|'[^']*')+");
  private static final Pattern PROFILE = Pattern.compile("\\w[\\w-]*");
  private static final Pattern COMMAND_END = Pattern.compile("[&|;>#].*");
  private static final Set<String> PHASES =
      Set.of(
          "clean", "validate", "compile", "test-compile", "test", "package", "verify", "install");

  /** A piece of a page; {@code number} is the line of the page that its first line stands on. */
  private record Block(Path page, int number, String language, List<String> lines) {
    String at(int line) {
      return page + ":" + (number + line) + ": ";
    }
  }

  /** {@code prose} has a line for each line of the page, empty where code stands. */
  private record Page(Path file, List<String> prose, List<Block> blocks) {}

  @Test
  void theReadmeStandsBeforeTheDocs() {
    assertTrue(Files.exists(README) || !Files.exists(DOCS), "docs/ without README.md");
  }

  @Test
  void codeIsAnExcerptOfTheProject() {
    List<String> breaches = new ArrayList<>();
    for (Page page : pages()) {
      for (Block block : page.blocks) {
        List<Path> roots = CODE.get(block.language);
        if (roots != null) checkExcerpt(breaches, block, roots);
      }
    }
    assertNone(breaches);
  }

  @Test
  void examplesOfJavadocAreExcerptsOfTheProject() {
    List<String> breaches = new ArrayList<>();
    for (Path root : List.of(Path.of("src/main/java"), Path.of("src/testkit/java"))) {
      for (Path file : files(root, ".java")) {
        for (Block example : examples(file)) checkExcerpt(breaches, example, EXAMPLES);
      }
    }
    assertNone(breaches);
  }

  @Test
  void theFirstClassesHaveAnExample() {
    List<String> breaches = new ArrayList<>();
    for (String name : FIRST_CLASSES) {
      Path file = Path.of("src/main/java/org/asyncore", name);
      int head = read(file).substring(0, read(file).indexOf("\npublic ")).split("\n").length;
      if (examples(file).stream().noneMatch(example -> example.number < head)) {
        breaches.add(file + ": the class has no example");
      }
    }
    assertNone(breaches);
  }

  @Test
  void theOverviewHasThePictureAndTheTwoPrograms() {
    String overview = read(OVERVIEW).replace("&#64;", "@").replace("&gt;", ">");
    for (String program :
        List.of("java/org/asyncore/examples/EchoServer.java", "python/echo_server.py")) {
      String text = read(Path.of("src/examples", program));
      assertTrue(overview.contains("<pre>\n" + text + "</pre>"), OVERVIEW + " has not " + program);
    }
    MatchResult picture =
        Pattern.compile("<img src=\"([^\"]+)\"")
            .matcher(overview)
            .results()
            .findFirst()
            .orElseThrow();
    assertTrue(Files.exists(Path.of(picture.group(1))), picture.group(1)); // Beside it in the jar.
  }

  @Test
  void mavenKnowsTheCommands() {
    List<String> breaches = new ArrayList<>();
    for (Block block : shellBlocks()) {
      for (int i = 0; i < block.lines.size(); i++) {
        for (String unknown : unknownToMaven(block.lines.get(i))) {
          breaches.add(block.at(i) + "pom.xml has no " + unknown);
        }
      }
    }
    assertNone(breaches);
  }

  @Test
  void ciRunsACommandOfTheReadme() {
    if (!Files.exists(README)) return;
    String ci = read(Path.of(".ci/run")).strip().replaceFirst("(?s).*\n(exec )?", "");
    List<String> commands = new ArrayList<>();
    for (Block block : shellBlocks()) {
      if (block.page.equals(README)) block.lines.forEach(line -> commands.add(words(line)));
    }
    assertTrue(
        commands.contains(words(ci)), () -> README + ": no command is that of .ci/run: " + ci);
  }

  @Test
  void linksLeadSomewhere() {
    List<String> breaches = new ArrayList<>();
    for (Page page : pages()) {
      for (int i = 0; i < page.prose.size(); i++) {
        Matcher link = LINK.matcher(page.prose.get(i).replaceAll("`[^`]*`", ""));
        while (link.find()) {
          String target = link.group(1) != null ? link.group(1) : link.group(2);
          if (OTHER_SITE.matcher(target).matches() || leads(page.file, target)) continue;
          breaches.add(page.file + ":" + (i + 1) + ": the link leads nowhere: " + target);
        }
      }
    }
    assertNone(breaches);
  }

  @Test
  void pagesNamedInTheCodeAreThere() {
    if (!Files.exists(DOCS)) return;
    List<String> breaches = new ArrayList<>();
    for (Path file : files(Path.of("src/main/java"), ".java")) {
      List<String> lines = read(file).lines().toList();
      for (int i = 0; i < lines.size(); i++) {
        Matcher page = PAGE_IN_CODE.matcher(lines.get(i));
        while (page.find()) {
          if (leads(README, page.group())) continue;
          breaches.add(file + ":" + (i + 1) + ": there is no " + page.group());
        }
      }
    }
    assertNone(breaches);
  }

  @Test
  void everySystemPropertyIsInTheTable() {
    Path page = Path.of("docs/running.md");
    String table = read(page);
    List<String> breaches = new ArrayList<>();
    for (Path file : files(Path.of("src/main/java"), ".java")) {
      for (MatchResult found : PROPERTY.matcher(read(file)).results().toList()) {
        if (table.contains("| `" + found.group(1) + "` |")) continue;
        breaches.add(file + ": " + page + " has no row for " + found.group(1));
      }
    }
    assertNone(breaches);
  }

  @Test
  void thePictureOfTheRoomsHasTheArrowsOfTheHouse() {
    Map<String, Set<String>> drawn = new HashMap<>();
    for (MatchResult arrow : DRAWN_ARROW.matcher(read(ROOMS)).results().toList()) {
      drawn.computeIfAbsent(arrow.group(1), from -> new TreeSet<>()).add(arrow.group(2));
    }
    HouseTest.ROOMS.forEach(
        (room, uses) -> {
          Set<String> reached = reached(drawn, room.replace("netty.", ""), new TreeSet<>());
          assertEquals(withoutNetty(uses), reached, ROOMS + ": what " + room + " may use");
        });
    assertEquals(
        withoutNetty(HouseTest.ROOMS.keySet()),
        reached(drawn, "netty", new TreeSet<>()),
        ROOMS + ": what the front door may use");
  }

  private static Set<String> withoutNetty(Set<String> rooms) {
    Set<String> names = new TreeSet<>();
    rooms.forEach(room -> names.add(room.replace("netty.", "")));
    return names;
  }

  private static Set<String> reached(
      Map<String, Set<String>> drawn, String from, Set<String> reached) {
    for (String to : drawn.getOrDefault(from, Set.of())) {
      if (reached.add(to)) reached(drawn, to, reached);
    }
    return reached;
  }

  @Test
  void classesInPicturesAndInTheTourAreThere() {
    Set<String> classes = new HashSet<>();
    for (Path file : files(Path.of("src/main/java"), ".java")) {
      classes.add(file.getFileName().toString().replace(".java", ""));
    }
    List<String> breaches = new ArrayList<>();
    List<Path> pages = new ArrayList<>(files(DOCS.resolve("images"), ".svg"));
    pages.add(DOCS.resolve("tour.md"));
    for (Path page : pages) {
      String text = read(page).replaceAll("(?m)^[^|<\\s].*", ""); // Of the tour its tables.
      for (MatchResult named : CLASS_NAMED.matcher(text).results().toList()) {
        if (!classes.contains(named.group(1))) breaches.add(page + ": no class " + named.group(1));
      }
    }
    assertNone(breaches);
  }

  @Test
  void messagesQuotedAreTheMessagesOfTheCode() {
    StringBuilder code = new StringBuilder();
    for (Path file : files(Path.of("src/main/java"), ".java")) code.append(read(file));
    String joined = JOINT.matcher(code).replaceAll("");
    List<String> breaches = new ArrayList<>();
    for (Page page : pages()) {
      for (Block block : page.blocks) {
        if (!block.language.equals("message")) continue;
        for (int i = 0; i < block.lines.size(); i++) {
          for (String part : block.lines.get(i).split("…", -1)) {
            if (!says(joined, part)) breaches.add(block.at(i) + "no message says: " + part);
          }
        }
      }
    }
    assertNone(breaches);
  }

  /** A part may end where a literal does, and a value begins. */
  private static boolean says(String code, String part) {
    String[] words = part.replaceAll("\\d+\\.\\d+\\.\\d+\\.Final", "…").split("…", -1);
    return List.of(words).stream().allMatch(code::contains);
  }

  @Test
  void anElisionLeavesLinesOut() {
    List<String> file = List.of("class A {", "  int a() {", "    b();", "    c();", "  }", "}");
    Page page = parse(README, "```java\nint a() {\n  // …\n  c();\n}\n```\n");
    List<Block> excerpts = excerpts(page.blocks.get(0));
    assertEquals(2, excerpts.size());
    assertEquals(3, matchingLines(excerpts, file));
    assertEquals(4, excerpts.get(1).number);
    assertEquals(1, matchingLines(excerpts, List.of("int a() {", "    d();", "}")));
  }

  @Test
  void aCommandThatThePomDoesNotKnow() {
    assertEquals(List.of(), unknownToMaven("mvn -B clean verify # all"));
    assertEquals(List.of(), unknownToMaven("$ mvn -q test-compile exec:java -Dexec.args=\"a b\""));
    assertEquals(List.of("nothing:here"), unknownToMaven("mvn nothing:here && echo"));
    assertEquals(List.of("-Pnone"), unknownToMaven("mvn -Pbench,none test"));
    assertEquals(List.of("exec:exec@none"), unknownToMaven("mvn exec:exec@none"));
  }

  @Test
  void headingsAreAnchors() {
    Page page = parse(README, "# `loop()`, and *more*\n## Twice\n```sh\n# no\n```\n## Twice\n");
    assertEquals(Set.of("loop-and-more", "twice", "twice-1"), anchors(page));
  }

  private static void checkExcerpt(List<String> breaches, Block block, List<Path> roots) {
    List<Block> excerpts = excerpts(block);
    int all = excerpts.stream().mapToInt(excerpt -> excerpt.lines.size()).sum();
    int most = -1;
    Path closest = null;
    for (Path root : roots) {
      for (Path file : files(root, "")) {
        int matching = matchingLines(excerpts, read(file).lines().toList());
        if (matching == all) return;
        if (matching > most) closest = file;
        most = Math.max(most, matching);
      }
    }
    for (Block excerpt : excerpts) {
      if (most < excerpt.lines.size()) {
        int line = Math.max(most, 0);
        String rule =
            closest == null ? "no file in " + roots : "not so in the closest file, " + closest;
        breaches.add(excerpt.at(line) + rule + ": " + excerpt.lines.get(line).strip());
        return;
      }
      most -= excerpt.lines.size();
    }
  }

  /** The block, split at its elisions; blank lines at the edges are gone. */
  private static List<Block> excerpts(Block block) {
    List<Block> excerpts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= block.lines.size(); i++) {
      if (i < block.lines.size() && !ELISION.matcher(block.lines.get(i)).matches()) continue;
      int end = i;
      while (start < end && block.lines.get(start).isBlank()) start++;
      while (start < end && block.lines.get(end - 1).isBlank()) end--;
      List<String> lines = block.lines.subList(start, end);
      if (start < end)
        excerpts.add(new Block(block.page, block.number + start, block.language, lines));
      start = i + 1;
    }
    return excerpts;
  }

  /** How many lines of the excerpts the file has, in their order, up to the first it has not. */
  private static int matchingLines(List<Block> excerpts, List<String> file) {
    int total = 0;
    int from = 0;
    for (Block excerpt : excerpts) {
      int most = 0;
      int size = excerpt.lines.size();
      for (; from < file.size() && most < size; from++) {
        most = Math.max(most, matchingLines(excerpt.lines, file, from));
      }
      total += most;
      if (most < size) return total;
      from += size - 1;
    }
    return total;
  }

  private static int matchingLines(List<String> excerpt, List<String> file, int from) {
    int shift = indentation(file.get(from)) - indentation(excerpt.get(0));
    int count = 0;
    while (count < excerpt.size() && from + count < file.size()) {
      String ours = excerpt.get(count);
      String theirs = file.get(from + count);
      if (!ours.strip().equals(theirs.strip())) break;
      if (!ours.isBlank() && indentation(theirs) - indentation(ours) != shift) break;
      count++;
    }
    return count;
  }

  private static int indentation(String line) {
    return line.length() - line.stripLeading().length();
  }

  private static List<String> unknownToMaven(String line) {
    String command = words(line);
    if (!command.startsWith("mvn ")) return List.of();
    String pom = read(Path.of("pom.xml"));
    List<String> unknown = new ArrayList<>();
    for (MatchResult found : SHELL_WORD.matcher(command).results().skip(1).toList()) {
      String word = found.group();
      if (word.startsWith("-P")) {
        for (MatchResult id : PROFILE.matcher(word.substring(2)).results().toList()) {
          String profile = "(?s).*<profile>\\s*<id>" + id.group() + "</id>.*";
          if (!pom.matches(profile)) unknown.add("-P" + id.group());
        }
      } else if (word.contains(":") && !word.startsWith("-")) {
        String prefix = word.replaceFirst(":.*", "");
        String id = word.replaceFirst("[^@]*@?", "");
        String plugin = "(?s).*>(maven-" + prefix + "|" + prefix + "-maven)-plugin<.*";
        boolean execution = id.isEmpty() || pom.contains("<id>" + id + "</id>");
        if (!pom.matches(plugin) || !execution) unknown.add(word);
      } else if (!word.startsWith("-") && !PHASES.contains(word)) {
        unknown.add(word);
      }
    }
    return unknown;
  }

  /** The command without its prompt, comment and successors; {@code -B} makes no difference. */
  private static String words(String line) {
    String command = line.strip().replaceFirst("^\\$ ", "");
    return COMMAND_END.matcher(command).replaceFirst("").replace(" -B", "").strip();
  }

  private static boolean leads(Path from, String target) {
    int hash = target.indexOf('#');
    String path = hash < 0 ? target : target.substring(0, hash);
    Path file = path.isEmpty() ? from : from.resolveSibling(path).normalize();
    if (!Files.exists(file)) return false;
    if (hash < 0 || !file.toString().endsWith(".md")) return true;
    return anchors(parse(file, read(file))).contains(target.substring(hash + 1));
  }

  /** The anchors that GitHub gives a page's headings, and those that the page sets itself. */
  private static Set<String> anchors(Page page) {
    Set<String> anchors = new HashSet<>();
    Map<String, Integer> seen = new HashMap<>();
    for (String line : page.prose) {
      ANCHOR.matcher(line).results().forEach(found -> anchors.add(found.group(1)));
      Matcher heading = HEADING.matcher(line);
      if (!heading.matches()) continue;
      String text = heading.group(1).replaceAll("\\]\\([^)]*\\)", "").toLowerCase(Locale.ROOT);
      String anchor = text.strip().replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
      int earlier = seen.merge(anchor, 1, Integer::sum) - 1;
      anchors.add(earlier == 0 ? anchor : anchor + "-" + earlier);
    }
    return anchors;
  }

  private static List<Block> shellBlocks() {
    return pages().stream()
        .flatMap(page -> page.blocks.stream())
        .filter(block -> SHELL.matcher(block.language).matches())
        .toList();
  }

  private static List<Page> pages() {
    List<Path> files = new ArrayList<>(files(DOCS, ".md"));
    if (Files.exists(README)) files.add(0, README);
    return files.stream().map(file -> parse(file, read(file))).toList();
  }

  /** Those of Javadoc, in {@code <pre>} and {@code code}. */
  private static List<Block> examples(Path file) {
    List<Block> examples = new ArrayList<>();
    Block open = null;
    List<String> lines = read(file).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.equals("* <pre>{@code")) {
        open = new Block(file, i + 2, "java", new ArrayList<>());
        examples.add(open);
      } else if (line.equals("* }</pre>")) {
        open = null;
      } else if (open != null) {
        open.lines.add(lines.get(i).replaceFirst("^\\s*\\* ?", ""));
      }
    }
    return examples;
  }

  private static Page parse(Path file, String text) {
    List<String> prose = new ArrayList<>();
    List<Block> blocks = new ArrayList<>();
    Block open = null;
    for (String line : text.lines().toList()) {
      Matcher fence = FENCE.matcher(line);
      prose.add(open == null && !fence.matches() ? line : "");
      if (fence.matches()) {
        boolean opens = open == null;
        open = opens ? new Block(file, prose.size() + 1, fence.group(2), new ArrayList<>()) : null;
        if (opens) blocks.add(open);
      } else if (open != null) {
        open.lines.add(line);
      }
    }
    return new Page(file, prose, blocks);
  }
}
