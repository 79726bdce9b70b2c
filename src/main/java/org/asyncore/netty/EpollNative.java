package org.asyncore.netty;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The native library that epoll needs, on one machine: whether it is of the same release as the
 * rest of Netty, and why it does not serve. Like {@link NettyRelease} it names no type of Netty's.
 *
 * @param os as {@code os.name} has it
 * @param architecture as Netty writes it in classifiers
 */
record EpollNative(ClassLoader loader, String os, String architecture) {
  private static final String ARTIFACT = "netty-transport-native-epoll";
  private static final List<String> ARCHITECTURES = List.of("x86_64", "aarch_64", "riscv64");

  static EpollNative here() {
    ClassLoader loader = EpollNative.class.getClassLoader();
    return new EpollNative(
        loader, System.getProperty("os.name"), architecture(System.getProperty("os.arch")));
  }

  private static String architecture(String arch) {
    return switch (arch.toLowerCase(Locale.ROOT)) {
      case "amd64", "x86_64", "x64" -> "x86_64";
      case "aarch64", "arm64" -> "aarch_64";
      default -> arch;
    };
  }

  /**
   * Sees to it that the library that is going to be loaded fits its classes.
   *
   * @throws IllegalStateException if it is of another release, which Netty would not notice
   */
  void check() {
    NettyJar library = library(architecture);
    NettyJar classes = classes();
    if (library == null || classes == null || !NettyRelease.isAsked()) return;
    String problem = NettyRelease.mixed(List.of(classes, library));
    if (problem == null) return;
    throw new IllegalStateException(problem + NettyRelease.cure(classes.version()));
  }

  /**
   * Why epoll cannot be had.
   *
   * @param cause what Netty says of it
   */
  String whyNot(Throwable cause) {
    if (!os.equals("Linux")) return "epoll is of Linux, and this is " + os;
    if (library(architecture) != null) return root(cause).toString();
    String others = String.join(", ", others());
    String found =
        others.isEmpty()
            ? "there is no native library of Netty's on the path"
            : "the native library on the path is for " + others + ", and this is " + architecture;
    NettyJar classes = classes();
    String known = classes == null ? null : classes.version();
    String release = Objects.requireNonNullElse(known, NettyRelease.BUILT_WITH);
    return found
        + ("; add io.netty:" + ARTIFACT + ":" + release + ":linux-" + architecture)
        + " (docs/compatibility.md#native-libraries)";
  }

  private List<String> others() {
    List<String> others = new ArrayList<>();
    for (String other : ARCHITECTURES) if (library(other) != null) others.add(other);
    return others;
  }

  private NettyJar library(String itsArchitecture) {
    String file = "META-INF/native/libnetty_transport_native_epoll_" + itsArchitecture + ".so";
    return NettyJar.find(loader, ARTIFACT, file);
  }

  private NettyJar classes() {
    String file = "io/netty/channel/epoll/Epoll.class";
    return NettyJar.find(loader, "netty-transport-classes-epoll", file);
  }

  private static Throwable root(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) root = root.getCause();
    return root;
  }
}
