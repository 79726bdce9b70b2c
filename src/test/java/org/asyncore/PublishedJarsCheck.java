package org.asyncore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.asyncore.fixture.Tool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is published, as it lies in target: {@code mvn -Prelease verify}. */
class PublishedJarsCheck {
  private static final Path TARGET = Path.of("target");
  private static final String MODULE =
      """
      module example {
        requires org.asyncore;
        requires io.netty.transport.epoll.linux.x86_64;
      }
      """;
  private static final String SERVED =
      """
      package example;

      import org.asyncore.transport.Transport;

      public class Served {
        public static void main(String[] args) {
          Transport transport = new org.asyncore.SocketMap().transport();
          System.out.println(transport.name() + ": " + transport.reason());
        }
      }
      """;
  private static final String TESTS = ".*(Test|Check)(\\$.*)?\\.class";
  private static final List<String> LEFT_OUT = List.of("target", ".git");

  @TempDir private Path folder;

  private static Path jar(String suffix) throws IOException {
    String name = "netty-asyncore-\\d[\\w.]*" + suffix + "\\.jar";
    try (Stream<Path> all = Files.list(TARGET)) {
      List<Path> jars = all.filter(file -> file.getFileName().toString().matches(name)).toList();
      assertEquals(1, jars.size(), () -> name + " in target: " + jars);
      return jars.get(0);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-sources", "-javadoc", "-testkit", "-testkit-sources", "-testkit-javadoc"})
  void everyJarHasLicenceAndNotice(String suffix) throws IOException {
    try (JarFile jar = new JarFile(jar(suffix).toFile())) {
      byte[] licence = jar.getInputStream(jar.getEntry("META-INF/LICENSE")).readAllBytes();
      assertArrayEquals(Files.readAllBytes(Path.of("LICENSE")), licence);
      assertNotNull(jar.getEntry("META-INF/NOTICE"));
    }
  }

  @Test
  void theManifestTellsTitleAndVersion() throws IOException {
    try (JarFile jar = new JarFile(jar("").toFile())) {
      Attributes manifest = jar.getManifest().getMainAttributes();
      assertEquals("asyncore on Netty", manifest.getValue("Implementation-Title"));
      String version = manifest.getValue("Implementation-Version");
      assertTrue(jar.getName().endsWith("-" + version + ".jar"), version);
      assertNotNull(jar.getEntry("module-info.class")); // So it needs no automatic name.
    }
  }

  @Test
  void theTestKitIsAModuleWithItsPackagesAlone() throws IOException {
    ModuleDescriptor kit =
        ModuleFinder.of(jar("-testkit")).find("org.asyncore.testkit").orElseThrow().descriptor();
    assertEquals(Set.of("org.asyncore.testkit", "org.asyncore.testkit.netty"), kit.packages());
    try (JarFile jar = new JarFile(jar("-testkit").toFile())) {
      List<String> tests =
          jar.stream().map(JarEntry::getName).filter(name -> name.matches(TESTS)).toList();
      assertEquals(List.of(), tests);
    }
  }

  @Test
  void pagesThatMessagesNameAreInTheJavadocJar() throws IOException {
    try (JarFile jar = new JarFile(jar("-javadoc").toFile());
        Stream<Path> pages = Files.list(Path.of("docs"))) {
      pages
          .filter(Files::isRegularFile)
          .forEach(page -> assertNotNull(jar.getEntry(page.toString()), page::toString));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-javadoc", "-testkit-javadoc"})
  void everyPageOfJavadocLeadsToTheLicence(String suffix) throws IOException {
    try (JarFile jar = new JarFile(jar(suffix).toFile())) {
      byte[] page = jar.getInputStream(jar.getEntry("index.html")).readAllBytes();
      String text = new String(page, UTF_8);
      assertTrue(text.contains("META-INF/LICENSE\">Apache License 2.0</a>"), text);
    }
  }

  @Test
  void theBillOfMaterialsNamesNettyAndNoTestTool() throws IOException {
    String bill = Files.readString(TARGET.resolve("bom.json"));
    assertTrue(bill.contains("pkg:maven/io.netty/netty-transport@"), "no Netty in target/bom.json");
    assertTrue(!bill.contains("junit"), "JUnit in target/bom.json");
  }

  @Test
  void anImageOfModulesServesOnEpoll() throws IOException, InterruptedException {
    Path mods = Files.createDirectory(folder.resolve("mods"));
    List<Path> jars = new ArrayList<>(List.of(jar("")));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (entry.matches(".*/io/netty/.*(?<!aarch_64)\\.jar")) jars.add(Path.of(entry));
    }
    for (Path jar : jars) Files.copy(jar, mods.resolve(jar.getFileName()));
    Path source = Files.createDirectory(folder.resolve("source"));
    Files.writeString(source.resolve("module-info.java"), MODULE);
    Path main = Files.createDirectory(source.resolve("example")).resolve("Served.java");
    Files.writeString(main, SERVED);
    String bin = Path.of(System.getProperty("java.home"), "bin").toString() + File.separator;
    List<String> sources = List.of("source/module-info.java", "source/example/Served.java");
    run(bin + "javac", "-p", "mods", "-d", "mods/example", sources.get(0), sources.get(1));
    run(bin + "jlink", "-p", "mods", "--add-modules", "example", "--output", "image");
    String printed = run("image/bin/java", "-m", "example/example.Served");
    assertEquals("epoll: epoll is available", printed.strip());
  }

  private String run(String... command) throws IOException, InterruptedException {
    return Tool.run(folder, 300, command);
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void aSecondBuildGivesTheSameBytes() throws IOException, InterruptedException {
    copy(Path.of(""), folder);
    Tool.run(
        folder, 1200, "mvn", "-q", "-B", "-Dmaven.test.skip", "-Dspotless.check.skip", "package");
    for (String suffix : List.of("", "-sources", "-javadoc")) {
      Path first = jar(suffix);
      assertEquals(-1, Files.mismatch(first, folder.resolve(first)), () -> first + " differs");
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : all.toList()) {
        if (LEFT_OUT.contains(file.toString().replaceFirst("/.*", ""))) continue;
        Path copied = to.resolve(file);
        if (Files.isDirectory(file)) Files.createDirectories(copied);
        else Files.copy(file, copied);
      }
    }
  }
}
