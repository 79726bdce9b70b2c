package org.asyncore.migrate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The openssl command as a peer, where it is installed. */
final class OpenSsl implements AutoCloseable {
  private final Process process;

  private OpenSsl(String... command) throws IOException {
    List<String> words = new ArrayList<>(List.of("openssl"));
    words.addAll(List.of(command));
    process = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  static void assumeInstalled() {
    assumeTrue(isInstalled(), "openssl is not installed here");
  }

  private static boolean isInstalled() {
    try {
      Process process = new ProcessBuilder("openssl", "version").start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException none) {
      return false;
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }

  /** A client that checks whom it talks to; what is {@link #type typed} it sends. */
  static OpenSsl client(InetSocketAddress address, String... more) throws IOException {
    List<String> words = new ArrayList<>(List.of("s_client", "-verify_return_error"));
    words.addAll(List.of("-verify_hostname", "localhost", "-connect"));
    words.add(address.getAddress().getHostAddress() + ":" + address.getPort());
    words.addAll(List.of("-CAfile", Certificates.AUTHORITY.toString()));
    words.addAll(List.of(more));
    return new OpenSsl(words.toArray(String[]::new));
  }

  /** A server that shows a certificate, and sends what is written to {@link #input}. */
  static OpenSsl server(InetSocketAddress address, Certificates shown) throws IOException {
    return new OpenSsl(
        "s_server",
        "-quiet",
        "-accept",
        address.getAddress().getHostAddress() + ":" + address.getPort(),
        "-cert",
        shown.certificate().toString(),
        "-key",
        shown.key().toString());
  }

  /** Where nobody listens, for a server that cannot tell where it does. */
  static InetSocketAddress freeAddress() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return (InetSocketAddress) free.getLocalSocketAddress();
    }
  }

  /** Waits until a server can be reached; it takes that for a client, and goes on. */
  static void awaitListening(OpenSsl server, InetSocketAddress address) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    for (; ; ) {
      try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
        socket.shutdownOutput();
        socket.getInputStream().readAllBytes();
        return;
      } catch (ConnectException notYet) {
        if (server.isAlive() && System.nanoTime() - end < 0) continue;
        throw new AssertionError("openssl s_server does not listen", notYet);
      }
    }
  }

  void type(String text) throws IOException {
    input().write(text.getBytes(US_ASCII));
    input().flush();
  }

  OutputStream input() {
    return process.getOutputStream();
  }

  InputStream output() {
    return process.getInputStream();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
