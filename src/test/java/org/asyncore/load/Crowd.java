package org.asyncore.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Clients in a process of their own, so that each side has its own limit of descriptors. */
final class Crowd implements AutoCloseable {
  private final Process process;

  private Crowd(Process process) {
    this.process = process;
  }

  static Crowd at(int port, int clients) throws IOException {
    return start(Crowd.class, port, clients);
  }

  /** One that speaks TLS. */
  static Crowd ofTls(int port, int clients) throws IOException {
    return start(TlsCrowd.class, port, clients);
  }

  /** One that talks once it is told to {@link #goOn}. */
  static Crowd talking(int port, int clients) throws IOException {
    return start(TalkingCrowd.class, port, clients);
  }

  private static Crowd start(Class<?> program, int port, int clients) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("java.class.path");
    List<String> command = new ArrayList<>(List.of(java, "-Xshare:auto", "-cp", classes));
    command.addAll(List.of(program.getName(), Integer.toString(port), Integer.toString(clients)));
    return new Crowd(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  void goOn() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  /** What the process ended with. */
  int exitStatus() {
    return process.exitValue();
  }

  /** Goes home when its standard input ends. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
  }

  public static void main(String[] args) throws IOException {
    InetSocketAddress server =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    List<SocketChannel> all = new ArrayList<>();
    for (int left = Integer.parseInt(args[1]); left > 0; left--) {
      all.add(SocketChannel.open(server));
    }
    while (System.in.read() >= 0) {
      // Whoever started it has nothing to say but the end.
    }
    for (SocketChannel each : all) each.close();
  }
}
