package org.asyncore.bench.report;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordingFile;

/**
 * Records the echo server from the command line, as {@code docs/observing.md} says, while a few
 * clients speak to it, and draws the recording into {@code docs/images/recording.svg}.
 */
public final class EchoRecording {
  private static final Path PICTURE = Path.of("docs", "images", "recording.svg");
  private static final int CLIENTS = 3;

  /** How often the same happens; the quickest time is drawn. */
  private static final int TIMES = 500;

  private static final int MESSAGES = 3;
  private static final int TIMEOUT_MILLIS = 30_000;
  private static final byte[] HELLO = "hello\n".getBytes(US_ASCII);

  private EchoRecording() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Path file = Files.createTempFile("echo", ".jfr");
    try {
      record(file);
      Files.writeString(PICTURE, RecordingChart.of(RecordingFile.readAllEvents(file), CLIENTS));
    } finally {
      Files.delete(file);
    }
  }

  private static void record(Path file) throws IOException, InterruptedException {
    Process server = new ProcessBuilder(command(file)).redirectErrorStream(true).start();
    try {
      int port = port(server.inputReader());
      for (int i = 0; i < TIMES; i++) talk(port);
      server.destroy(); // SIGTERM, at which the recording is written.
      if (!server.waitFor(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new IOException("the server does not end");
      }
    } finally {
      server.destroyForcibly();
    }
  }

  private static List<String> command(Path file) {
    String events =
        ",org.asyncore.Pass#enabled=true,org.asyncore.Pass#threshold=0ns"
            + ",org.asyncore.Callback#threshold=0ns";
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Dorg.asyncore.observers=JfrEvents",
        "-XX:StartFlightRecording=filename="
            + file
            + ",settings=src/main/resources/META-INF/asyncore.jfc"
            + events,
        "-cp",
        System.getProperty("java.class.path"),
        "org.asyncore.examples.Main",
        "echo");
  }

  /** What it says it listens on. */
  private static int port(BufferedReader printed) throws IOException {
    for (String line; (line = printed.readLine()) != null; ) {
      if (line.startsWith("listening on ")) {
        return Integer.parseInt(line.replaceFirst(".*:(\\d+) .*", "$1"));
      }
    }
    throw new IOException("the server does not listen");
  }

  /** All come, each speaks in turn, and all leave. */
  private static void talk(int port) throws IOException {
    List<Socket> clients = new ArrayList<>();
    try {
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(connect(port));
        echo(clients.get(i));
      }
      for (int i = 0; i < MESSAGES; i++) {
        for (Socket client : clients) echo(client);
      }
      for (Socket client : clients) leave(client);
    } finally {
      for (Socket client : clients) client.close();
    }
  }

  private static Socket connect(int port) throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
    client.setSoTimeout(TIMEOUT_MILLIS);
    client.setTcpNoDelay(true);
    return client;
  }

  /** Waits until the server has left, too. */
  private static void leave(Socket client) throws IOException {
    client.shutdownOutput();
    if (client.getInputStream().read() >= 0) throw new IOException("it was not asked that");
  }

  private static void echo(Socket client) throws IOException {
    client.getOutputStream().write(HELLO);
    if (client.getInputStream().readNBytes(HELLO.length).length < HELLO.length) {
      throw new IOException("the server has hung up");
    }
  }
}
