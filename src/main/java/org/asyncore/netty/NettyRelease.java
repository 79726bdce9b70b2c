package org.asyncore.netty;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which Netty the library runs on, and whether the one on the path is such a one: {@link #OLDEST}
 * or later, and all its jars of one release.
 *
 * <p>Names no type of Netty's. So it can say what is wrong where a class of Netty 4.2 that is
 * missing would be all that one is told. Looks once a process, at the first use of a transport; it
 * loads nothing of Netty. Safe from any thread.
 */
public final class NettyRelease {
  /** The oldest release that passes the compat suite, on epoll and on NIO. */
  static final String OLDEST = "4.2.5.Final";

  /** The release that the library is built and tested with. */
  static final String BUILT_WITH = "4.2.18.Final";

  /** {@code false} has the library run on whatever Netty there is, as far as that goes. */
  private static final String PROPERTY = "org.asyncore.nettyCheck";

  /** Set in native images, whose parts were found, and looked at, when they were built. */
  private static final String IMAGE_PROPERTY = "org.graalvm.nativeimage.imagecode";

  /** What the library uses of Netty: an artifact, and a file by which it is found. */
  private static final String[][] NEEDED = {
    {"netty-common", "io/netty/util/Version.class"},
    {"netty-buffer", "io/netty/buffer/ByteBuf.class"},
    {"netty-resolver", "io/netty/resolver/NameResolver.class"},
    {"netty-transport", "io/netty/channel/Channel.class"},
    {"netty-codec-base", "io/netty/handler/codec/DecoderException.class"},
    {"netty-handler", "io/netty/handler/ssl/SslHandler.class"},
    {"netty-transport-native-unix-common", "io/netty/channel/unix/FileDescriptor.class"},
    {"netty-transport-classes-epoll", "io/netty/channel/epoll/Epoll.class"},
  };

  /** What is wrong with the Netty on the path; null for nothing. */
  private static final String PROBLEM =
      isAsked() ? problem(NettyRelease.class.getClassLoader()) : null;

  private NettyRelease() {}

  static boolean isAsked() {
    return !"false".equals(System.getProperty(PROPERTY))
        && System.getProperty(IMAGE_PROPERTY) == null;
  }

  /**
   * Sees to it that the library's own classes can be loaded: before the first that needs Netty.
   *
   * @throws IllegalStateException if not; it names what was found, where, what is needed, and the
   *     line that mends it
   */
  public static void check() {
    if (PROBLEM != null) throw new IllegalStateException(PROBLEM);
  }

  /** What is wrong with the Netty that a class loader has; null for nothing. */
  static String problem(ClassLoader loader) {
    List<NettyJar> jars = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (String[] needed : NEEDED) {
      NettyJar jar = NettyJar.find(loader, needed[0], needed[1]);
      if (jar == null) missing.add(needed[0]);
      else jars.add(jar);
    }
    String found = found(jars, missing);
    return found == null ? null : found + cure(newest(jars));
  }

  private static String found(List<NettyJar> jars, List<String> missing) {
    for (NettyJar jar : jars) {
      if (isOlder(jar.version(), OLDEST)) {
        return "Netty is too old: found " + jar.named() + ", needed is " + OLDEST + " or later";
      }
    }
    if (!missing.isEmpty()) {
      return "Netty is not whole: there is no " + String.join(", no ", missing) + " on the path";
    }
    return mixed(jars);
  }

  /** What to say of jars of several releases; null if they are of one, or do not tell. */
  static String mixed(List<NettyJar> jars) {
    Map<String, NettyJar> releases = new TreeMap<>();
    for (NettyJar jar : jars) {
      if (jar.version() != null) releases.putIfAbsent(jar.version(), jar);
    }
    if (releases.size() < 2) return null;
    List<String> named = releases.values().stream().map(NettyJar::named).toList();
    return "Netty is mixed: found "
        + String.join(" and ", named)
        + ", needed is one release of all";
  }

  /** The lines that ask for one release. */
  static String cure(String release) {
    String bom = "io.netty:netty-bom:" + release;
    return "; to mend it, Maven: import "
        + bom
        + " in <dependencyManagement>, above other BOMs;"
        + (" Gradle: implementation(enforcedPlatform(\"" + bom + "\"));")
        + (" Spring Boot: <netty.version>"
            + release
            + "</netty.version> in <properties>, in Gradle")
        + (" ext[\"netty.version\"] = \"" + release + "\" (docs/compatibility.md#netty)");
  }

  private static String newest(List<NettyJar> jars) {
    String newest = BUILT_WITH;
    for (NettyJar jar : jars) {
      if (isOlder(newest, jar.version())) newest = jar.version();
    }
    return newest;
  }

  /** Whether one version is older than another; not if one of them is unknown. */
  static boolean isOlder(String one, String other) {
    if (one == null || other == null) return false;
    String[] ones = one.split("[.-]", -1);
    String[] others = other.split("[.-]", -1);
    for (int i = 0; i < Math.min(ones.length, others.length); i++) {
      int difference = number(ones[i]) - number(others[i]);
      if (difference != 0) return difference < 0;
    }
    return false;
  }

  /** Releases are told apart by numbers; {@code Final} and what vendors add do not count. */
  private static int number(String part) {
    return part.matches("\\d{1,9}") ? Integer.parseInt(part) : 0;
  }
}
