package org.asyncore.examples.cookbook;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.asyncore.SocketMap;
import org.asyncore.examples.migrating.InheritedSockets;
import org.asyncore.fixture.Tool;
import org.asyncore.fixture.Wiring;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Signals, and sockets that inetd has opened: of processes of their own. */
@Timeout(120)
class SystemTest {
  private static final String TRANSPORTS = "org.asyncore.fixture.Wiring#transports";
  private static final String INETD =
      """
      import socket, subprocess, sys
      listener = socket.socket()
      listener.bind(('127.0.0.1', 0))
      listener.listen(200)
      print('port', listener.getsockname()[1], flush=True)
      if sys.argv[1] == 'nowait':
          connection, address = listener.accept()
          process = subprocess.Popen(sys.argv[2:], stdin=connection, stdout=connection)
          connection.close()
      else:
          process = subprocess.Popen(sys.argv[2:], stdin=listener, stdout=subprocess.DEVNULL)
      try:
          sys.exit(process.wait(60))
      finally:
          process.kill()
      """;

  @TempDir private Path folder;

  private static List<String> java(Wiring wiring, Class<?> program, String... args) {
    wiring.assumeAvailable();
    return java(wiring.transport(), program, args);
  }

  private static List<String> java(String transport, Class<?> program, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Dorg.asyncore.transport=" + transport);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(List.of(args));
    return command;
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).redirectError(new File("/dev/null")).start();
  }

  static InetSocketAddress address(BufferedReader printed) throws IOException {
    String line = printed.readLine();
    assertTrue(line != null && line.startsWith("port "), "printed: " + line);
    int port = Integer.parseInt(line.substring("port ".length()));
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private void signal(Process process, String name) throws Exception {
    Tool.run(folder, "sh", "-c", "kill -" + name + " " + process.pid());
  }

  /** What nohup starts ignores it, and so does all that this starts. */
  private static void assumeHangUpIsHeard() throws Exception {
    String hearing = "trap 'exit 7' HUP; kill -HUP $$; exit 0";
    int exit = new ProcessBuilder("sh", "-c", hearing).start().waitFor();
    assumeTrue(exit == 7, "SIGHUP is ignored by this build, and by the servers that it starts");
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void hupReadsAnewUsr1TellsAndTermEndsGently(Wiring wiring) throws Exception {
    Tool.assumePresent("sh");
    assumeHangUpIsHeard();
    Path greeting = Files.writeString(folder.resolve("greeting"), "hello\n");
    Process process = start(java(wiring, SignalledServer.class, greeting.toString()));
    try (BufferedReader printed = process.inputReader()) {
      InetSocketAddress address = address(printed);
      try (Socket first = Kitchen.connect(address)) {
        BufferedReader in = Kitchen.reader(first);
        assertEquals("hello", in.readLine());
        signal(process, "USR1");
        assertEquals("guests: 1", printed.readLine());
        Files.writeString(greeting, "good day\n");
        signal(process, "HUP");
        signal(process, "USR1"); // Printed behind what HUP did.
        assertEquals("guests: 1", printed.readLine());
        try (Socket second = Kitchen.connect(address)) {
          assertEquals("good day", Kitchen.reader(second).readLine());
        }
        Files.delete(greeting);
        signal(process, "HUP");
        assertTrue(printed.readLine().startsWith("kept the old greeting: "));
        signal(process, "TERM");
        assertEquals("bye", in.readLine());
        assertEquals(null, in.readLine());
      }
      assertTrue(process.waitFor(20, TimeUnit.SECONDS), "its end");
      assertEquals(128 + 15, process.exitValue());
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aSignalThatTheJvmHasForItselfIsSaid() {
    SocketMap map = new SocketMap();
    for (String name : new String[] {"SEGV", "KILL", "NONE"}) {
      assertThrows(IllegalArgumentException.class, () -> Signals.handle(name, map, () -> {}), name);
    }
  }

  private static Process inetd(Wiring wiring, String mode) throws IOException {
    wiring.assumeAvailable();
    return inetd(wiring.transport(), mode);
  }

  /** What listens for a process, and starts it with a connection or the listener. */
  static Process inetd(String transport, String mode) throws IOException {
    Tool.assumePresent("python3");
    List<String> command = new ArrayList<>(List.of("python3", "-c", INETD, mode));
    command.addAll(java(transport, InheritedSockets.class, mode));
    return start(command);
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void aConnectionOfInetdsIsServedToItsEnd(Wiring wiring) throws Exception {
    Process inetd = inetd(wiring, "nowait");
    try (BufferedReader printed = inetd.inputReader();
        Socket client = Kitchen.connect(address(printed))) {
      echoes(client);
      assertTrue(inetd.waitFor(20, TimeUnit.SECONDS), "its end");
      assertEquals(0, inetd.exitValue());
    } finally {
      inetd.destroy();
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void aListenerOfInetdsTakesConnections(Wiring wiring) throws Exception {
    Process inetd = inetd(wiring, "wait");
    try (BufferedReader printed = inetd.inputReader()) {
      InetSocketAddress address = address(printed);
      for (int i = 0; i < 3; i++) {
        try (Socket client = Kitchen.connect(address)) {
          echoes(client);
        }
      }
    } finally {
      inetd.descendants().forEach(ProcessHandle::destroyForcibly);
      inetd.destroy();
    }
  }

  private static void echoes(Socket client) throws IOException {
    String text = "hello\n".repeat(1000);
    Kitchen.send(client, text);
    client.shutdownOutput();
    assertEquals(text, new String(client.getInputStream().readAllBytes(), US_ASCII));
  }
}
