package org.asyncore.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Class paths with jars that look like Netty's: by the names of their files, and no more. */
class NettyReleaseTest {
  private static final Map<String, String> FILES =
      Map.of(
          "netty-common", "io/netty/util/Version.class",
          "netty-buffer", "io/netty/buffer/ByteBuf.class",
          "netty-resolver", "io/netty/resolver/NameResolver.class",
          "netty-transport", "io/netty/channel/Channel.class",
          "netty-codec-base", "io/netty/handler/codec/DecoderException.class",
          "netty-handler", "io/netty/handler/ssl/SslHandler.class",
          "netty-transport-native-unix-common", "io/netty/channel/unix/FileDescriptor.class",
          "netty-transport-classes-epoll", "io/netty/channel/epoll/Epoll.class");
  private static final String LIBRARY = "META-INF/native/libnetty_transport_native_epoll_";

  @TempDir private Path folder;

  @Test
  void theOneOfTheBuildIsRight() {
    assertNull(NettyRelease.problem(getClass().getClassLoader()));
    NettyRelease.check();
  }

  @Test
  void thePomBuildsWithTheOneThatMessagesName() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    assertTrue(pom.contains("<netty.version>" + NettyRelease.BUILT_WITH + "</netty.version>"));
    assertTrue(pom.contains("<netty.version>" + NettyRelease.OLDEST + "</netty.version>"));
  }

  @ParameterizedTest
  @CsvSource({"4.2.5.Final", "4.2.12.Final", "4.2.18.Final", "4.2.18.Final-redhat-00001", "4.3.0"})
  void oneReleaseThatIsNewEnough(String release) throws IOException {
    assertNull(problem(all(release)));
  }

  @ParameterizedTest
  @CsvSource({"4.1.128.Final", "4.1.133.Final", "4.2.0.Final", "4.2.4.Final", "3.10.6.Final"})
  void tooOld(String release) throws IOException {
    assertEquals(
        ("Netty is too old: found netty-common " + release + " (" + jar("netty-common", release))
            + ("), needed is 4.2.5.Final or later" + NettyRelease.cure("4.2.18.Final")),
        problem(all(release)));
  }

  @ParameterizedTest
  @CsvSource({
    "netty-common, 4.2.7.Final", // As vertx-core 5.0.5 brings it, declared before us.
    "netty-handler, 4.2.7.Final",
    "netty-buffer, 4.2.17.Final",
    "netty-transport-classes-epoll, 4.2.12.Final"
  })
  void classesOfTwoReleases(String artifact, String release) throws IOException {
    Map<String, String> releases = all("4.2.18.Final");
    releases.put(artifact, release);
    String problem = problem(releases);
    assertTrue(problem.startsWith("Netty is mixed: found "), problem);
    assertTrue(problem.contains(artifact + " " + release + " (" + jar(artifact, release)), problem);
    assertTrue(problem.contains(" and netty-"), problem);
    assertTrue(problem.contains(" 4.2.18.Final (" + folder), problem);
    assertTrue(problem.endsWith(NettyRelease.cure("4.2.18.Final")), problem);
  }

  @Test
  void oneOldJarAmongOthers() throws IOException {
    Map<String, String> releases = all("4.2.18.Final");
    releases.put("netty-transport-native-unix-common", "4.1.124.Final");
    String problem = problem(releases);
    String found = "Netty is too old: found netty-transport-native-unix-common 4.1.124.Final (";
    assertTrue(problem.startsWith(found), problem);
  }

  @Test
  void whoHasANewerOneIsNotAskedToGoBack() throws IOException {
    Map<String, String> releases = all("4.2.20.Final");
    releases.put("netty-common", "4.2.18.Final");
    String problem = problem(releases);
    assertTrue(problem.endsWith(NettyRelease.cure("4.2.20.Final")), problem);
  }

  @Test
  void jarsThatAreMissing() throws IOException {
    Map<String, String> releases = all("4.2.18.Final");
    releases.remove("netty-codec-base");
    releases.remove("netty-transport-classes-epoll");
    String problem = problem(releases);
    String missing =
        "Netty is not whole: there is no netty-codec-base, no netty-transport-classes-epoll on the"
            + " path; to mend it, Maven: import io.netty:netty-bom:4.2.18.Final";
    assertTrue(problem.startsWith(missing), problem);
  }

  @Test
  void aJarThatDoesNotSayItsRelease() throws IOException {
    Map<String, String> releases = all("4.2.18.Final");
    releases.put("netty-common", null);
    assertNull(problem(releases));
  }

  @Test
  void versionsAreOrderedByTheirNumbers() {
    assertTrue(NettyRelease.isOlder("4.2.9.Final", "4.2.10.Final"));
    assertFalse(NettyRelease.isOlder("4.2.10.Final", "4.2.9.Final"));
    assertFalse(NettyRelease.isOlder("4.2.10.Final", "4.2.10.Final"));
    assertFalse(NettyRelease.isOlder(null, "4.2.10.Final"));
  }

  @ParameterizedTest
  @CsvSource({"4.2.17.Final", "4.1.128.Final"})
  void aNativeLibraryOfAnotherRelease(String release) throws IOException {
    try (URLClassLoader loader = loader(all("4.2.18.Final"), release, "x86_64")) {
      EpollNative here = new EpollNative(loader, "Linux", "x86_64");
      String problem = assertThrows(IllegalStateException.class, here::check).getMessage();
      assertTrue(problem.contains("netty-transport-native-epoll " + release + " ("), problem);
      assertTrue(problem.endsWith(NettyRelease.cure("4.2.18.Final")), problem);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Linux, x86_64, x86_64, failed to load",
    "Linux, x86_64, aarch_64, 'the native library on the path is for aarch_64, and this is x86_64;"
        + " add io.netty:netty-transport-native-epoll:4.2.17.Final:linux-x86_64'",
    "Linux, aarch_64, , 'there is no native library of Netty''s on the path;"
        + " add io.netty:netty-transport-native-epoll:4.2.17.Final:linux-aarch_64'",
    "Mac OS X, x86_64, x86_64, 'epoll is of Linux, and this is Mac OS X'"
  })
  void whyThereIsNoEpoll(String os, String architecture, String library, String reason)
      throws IOException {
    try (URLClassLoader loader = loader(all("4.2.17.Final"), "4.2.17.Final", library)) {
      EpollNative here = new EpollNative(loader, os, architecture);
      here.check();
      Throwable cause = new ExceptionInInitializerError(new IOException("failed to load"));
      assertTrue(here.whyNot(cause).contains(reason), here.whyNot(cause));
    }
  }

  private static Map<String, String> all(String release) {
    Map<String, String> releases = new TreeMap<>();
    for (String artifact : FILES.keySet()) releases.put(artifact, release);
    return releases;
  }

  private String problem(Map<String, String> releases) throws IOException {
    try (URLClassLoader loader = loader(releases, null, null)) {
      return NettyRelease.problem(loader);
    }
  }

  private URLClassLoader loader(Map<String, String> releases, String library, String architecture)
      throws IOException {
    List<URL> jars = new ArrayList<>();
    for (Map.Entry<String, String> each : releases.entrySet()) {
      jars.add(write(each.getKey(), each.getValue(), FILES.get(each.getKey())));
    }
    if (architecture != null) {
      String file = LIBRARY + architecture + ".so";
      jars.add(write("netty-transport-native-epoll", library, file));
    }
    return new URLClassLoader(jars.toArray(URL[]::new), null);
  }

  private URL write(String artifact, String release, String file) throws IOException {
    Path jar = jar(artifact, release);
    try (OutputStream output = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(output)) {
      entries.putNextEntry(new JarEntry(file));
      if (release != null) {
        entries.putNextEntry(new JarEntry("META-INF/io.netty.versions.properties"));
        entries.write((artifact + ".version=" + release + "\n").getBytes(ISO_8859_1));
      }
    }
    return jar.toUri().toURL();
  }

  private Path jar(String artifact, String release) {
    return folder.resolve(artifact + "-" + release + ".jar");
  }
}
