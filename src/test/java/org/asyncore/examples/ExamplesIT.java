package org.asyncore.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the examples as their readers do, in processes of their own, and against their Python. */
class ExamplesIT {
  private static final int WAIT_MILLIS = 30_000;

  /** The status of a process that ended because it was told to. */
  private static final int SIGTERM = 128 + 15;

  private static final int MIB = 1 << 20;
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  // --- the echo server ---

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void echoesSurvivesClientsThatVanishAndStopsOnSigterm(String transport) throws Exception {
    assumeThereIs(transport);
    try (Child server = Child.main(transport, "echo")) {
      int port = portOf(server, transport);
      assertEchoes(port, bytes(MIB));
      for (int i = 0; i < 20; i++) reset(port, bytes(100_000));
      assertEchoes(port, bytes(MIB));
      server.terminate();
      assertEquals(SIGTERM, server.exitCode());
      assertEquals("stopped", last(server.output()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void whatTheEchoServerHasQueuedArrivesAfterSigterm(String transport) throws Exception {
    assumeThereIs(transport);
    byte[] sent = bytes(16 * MIB); // More than the kernel keeps.
    try (Child server = Child.main(transport, "echo");
        Socket client = new Socket()) {
      int port = portOf(server, transport);
      client.setReceiveBufferSize(65_536);
      connect(client, port);
      client.getOutputStream().write(sent);
      server.terminate();
      assertArrayEquals(sent, client.getInputStream().readAllBytes());
      assertEquals(SIGTERM, server.exitCode());
    }
  }

  @Test
  void aPortInUseIsSaid() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, HERE);
        Child server = Child.main("auto", "echo", "" + taken.getLocalPort())) {
      assertEquals(1, server.exitCode());
      assertEquals("echo: [Errno 98] EADDRINUSE: Address already in use", last(server.output()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void echoesDatagrams(String transport) throws Exception {
    assumeThereIs(transport);
    try (Child server = Child.main(transport, "udp")) {
      assertEchoesDatagrams(portOf(server, transport));
      server.terminate();
      assertEquals(SIGTERM, server.exitCode());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat", "web", "smtp"})
  void theOtherServersListenAndStop(String name) throws Exception {
    try (Child server = Child.main("auto", name)) {
      int port = portOf(server, "\\w+");
      try (Socket client = new Socket()) {
        connect(client, port);
        server.terminate();
        assertEquals(SIGTERM, server.exitCode());
      }
    }
  }

  // --- lines, on two loops, that end on SIGTERM ---

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void aSignalLetsLinesFinishAndTakesNobodyElse(String transport) throws Exception {
    assumeThereIs(transport);
    try (Child server = Child.main(transport, "lines", "0", "30");
        Socket writing = new Socket();
        Socket idle = new Socket()) {
      int port = portOf(server, transport);
      connect(writing, port);
      connect(idle, port);
      assertLine("one", writing, "one\nhalf");
      assertLine("two", idle, "two\n");
      server.terminate();
      assertEquals(-1, idle.getInputStream().read()); // It had nothing to finish.
      awaitRefusal(port);
      assertLine("half of it", writing, " of it\n");
      assertEquals(-1, writing.getInputStream().read());
      assertEquals(SIGTERM, server.exitCode());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void aLineThatTakesTooLongIsCutOff(String transport) throws Exception {
    assumeThereIs(transport);
    try (Child server = Child.main(transport, "lines", "0", "1");
        Socket writing = new Socket()) {
      connect(writing, portOf(server, transport));
      assertLine("one", writing, "one\nhalf");
      server.terminate();
      assertEquals(-1, writing.getInputStream().read());
      assertEquals(SIGTERM, server.exitCode());
    }
  }

  private static void assertLine(String expected, Socket client, String sent) throws IOException {
    client.getOutputStream().write(sent.getBytes(ISO_8859_1));
    byte[] line = client.getInputStream().readNBytes(expected.length() + 1);
    assertEquals(expected + "\n", new String(line, ISO_8859_1));
  }

  private static void awaitRefusal(int port) throws IOException {
    long start = System.nanoTime();
    while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS)) {
      try (Socket late = new Socket()) {
        connect(late, port);
        late.getInputStream().read(); // One of the listeners was still there.
      } catch (IOException refused) {
        return;
      }
    }
    throw new AssertionError("nobody is refused on port " + port);
  }

  // --- the HTTP client ---

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void getsAPage(String transport) throws Exception {
    assumeThereIs(transport);
    try (ServerSocket server = new ServerSocket(0, 1, HERE)) {
      CompletableFuture<String> request = answer(server, "HTTP/1.0 200 OK\r\n\r\nhello\n");
      try (Child client =
          Child.main(transport, "http", "127.0.0.1", "" + server.getLocalPort(), "/page")) {
        assertEquals("GET /page HTTP/1.0", within(request));
        assertEquals(List.of("HTTP/1.0 200 OK", "", "hello"), client.output());
        assertEquals(0, client.exitCode());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void aRefusedConnectionIsSaid(String transport) throws Exception {
    assumeThereIs(transport);
    int free;
    try (ServerSocket server = new ServerSocket(0, 1, HERE)) {
      free = server.getLocalPort();
    }
    try (Child client = Child.main(transport, "http", "127.0.0.1", "" + free)) {
      assertEquals(1, client.exitCode());
      assertEquals("http: [Errno 111] ECONNREFUSED: Connection refused", last(client.output()));
    }
  }

  // --- the client of standard input ---

  @Test
  void standardInputGoesOutAndComesBack() throws Exception {
    assumeThereIs("epoll");
    try (Child server = Child.main("epoll", "echo")) {
      String port = "" + portOf(server, "epoll");
      assertTalks(Child.main("epoll", "talk", "127.0.0.1", port));
      assertTalks(Child.python(python(), "stdin_client.py", "127.0.0.1", port));
    }
  }

  private static void assertTalks(Child client) throws Exception {
    try (client) {
      client.write("hello\n");
      client.await("hello");
      client.write("line\n".repeat(100_000) + "end\n");
      client.endInput();
      assertEquals(100_002, client.output().size());
      assertEquals("end", last(client.output()));
      assertEquals(0, client.exitCode());
    }
  }

  @Test
  void nioHasNoStandardInput() throws Exception {
    try (Child client = Child.main("nio", "talk", "127.0.0.1", "1")) {
      assertEquals(1, client.exitCode());
      assertTrue(last(client.output()).startsWith("talk: [Errno 9] EBADF: no file of NIO: 0"));
    }
  }

  // --- the client of lines ---

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void linesAreTypedIntoAConnectionThatComesBack(String transport) throws Exception {
    assumeThereIs(transport);
    try (ServerSocket server = new ServerSocket(0, 1, HERE);
        Child client = Child.main(transport, "type", "127.0.0.1", "" + server.getLocalPort())) {
      server.setSoTimeout(WAIT_MILLIS);
      try (Socket first = server.accept()) {
        client.await("connected");
        client.write("hello\n");
        assertEquals("hello\n", new String(first.getInputStream().readNBytes(6), ISO_8859_1));
      }
      try (Socket second = server.accept()) {
        client.await("connected");
        second.getOutputStream().write("welcome back\n".getBytes(ISO_8859_1));
        client.await("welcome back");
        client.write("bye\n");
        client.endInput();
        assertEquals("bye\n", new String(second.getInputStream().readAllBytes(), ISO_8859_1));
      }
      assertEquals(0, client.exitCode());
    }
  }

  // --- both, and neither ---

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void clientAndServerInOneProcess(String transport) throws Exception {
    assumeThereIs(transport);
    try (Child both = Child.main(transport, "both")) {
      assertEquals(0, both.exitCode());
      assertTrue(both.output().contains("GET / HTTP/1.0"), () -> "not there: GET / HTTP/1.0");
    }
  }

  @Test
  void idlePassesAreMeasured() throws Exception {
    try (Child idle = Child.main("auto", "idle", "10")) {
      idle.await("10 idle channels");
      idle.await("select order: \\d+ ns a pass");
      idle.await("poll order: +\\d+ ns a pass");
      assertEquals(0, idle.exitCode());
    }
  }

  @Test
  void theLibraryRunsAsAModule() throws Exception {
    try (Child both = Child.mainWithModules("both")) {
      both.await("root org.asyncore file:.*\\.jar");
      both.await("GET / HTTP/1.0");
      assertEquals(0, both.exitCode());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nothing",
        "echo 1 2",
        "echo port",
        "echo 65536",
        "http",
        "http h",
        "both 1",
        "lines 1 2 3",
        "type h",
        "idle x"
      })
  void aWrongUsageIsSaid(String args) throws Exception {
    try (Child main = Child.main("auto", args.isEmpty() ? new String[0] : args.split(" "))) {
      assertEquals(2, main.exitCode());
      assertTrue(main.output().toString().contains("usage: echo [PORT]"), main.output()::toString);
    }
  }

  // --- beside their Python ---

  @Test
  void thePythonClientTalksToOurServer() throws Exception {
    String python = python();
    try (Child server = Child.main("auto", "echo")) {
      String port = "" + portOf(server, "\\w+");
      try (Child client = Child.python(python, "http_client.py", "127.0.0.1", port, "/here")) {
        client.await("GET /here HTTP/1.0");
        client.await("Host: 127.0.0.1");
      }
    }
  }

  @Test
  void ourClientTalksToThePythonServer() throws Exception {
    String python = python();
    int free;
    try (ServerSocket server = new ServerSocket(0, 1, HERE)) {
      free = server.getLocalPort();
    }
    try (Child server = Child.python(python, "echo_server.py", "" + free)) {
      connectWhenItListens(free).close();
      server.await("connection from");
      assertEchoes(free, bytes(MIB));
      try (Child client = Child.main("auto", "http", "127.0.0.1", "" + free, "/there")) {
        client.await("GET /there HTTP/1.0");
        client.await("Host: 127.0.0.1");
      }
    }
  }

  @Test
  void bothClientsSayTheSame() throws Exception {
    String python = python();
    try (ServerSocket server = new ServerSocket(0, 1, HERE)) {
      String port = "" + server.getLocalPort();
      String reply = "HTTP/1.0 404 Not Found\r\n\r\n" + "line\n".repeat(5000);
      CompletableFuture<String> request = answer(server, reply);
      List<String> printed;
      try (Child client = Child.python(python, "http_client.py", "127.0.0.1", port, "/a")) {
        within(request);
        printed = client.output();
      }
      CompletableFuture<String> ours = answer(server, reply);
      try (Child client = Child.main("auto", "http", "127.0.0.1", port, "/a")) {
        assertEquals(within(request), within(ours));
        assertEquals(printed, client.output());
      }
    }
  }

  // --- peers ---

  private static int portOf(Child server, String transport) throws InterruptedException {
    String listening = "listening on 127\\.0\\.0\\.1:(\\d+) \\(" + transport + "\\)";
    return Integer.parseInt(server.await(listening));
  }

  private static void assertEchoes(int port, byte[] sent) throws Exception {
    try (Socket client = new Socket()) {
      connect(client, port);
      CompletableFuture<byte[]> echo =
          CompletableFuture.supplyAsync(() -> receive(client, sent.length));
      client.getOutputStream().write(sent);
      assertArrayEquals(sent, within(echo));
    }
  }

  private static void assertEchoesDatagrams(int port) throws IOException {
    try (DatagramSocket client = new DatagramSocket()) {
      client.setSoTimeout(WAIT_MILLIS);
      for (int size : new int[] {1, 100, 8192}) {
        byte[] sent = bytes(size);
        client.send(new DatagramPacket(sent, size, HERE, port));
        DatagramPacket echo = new DatagramPacket(new byte[10_000], 10_000);
        client.receive(echo);
        assertArrayEquals(sent, Arrays.copyOf(echo.getData(), echo.getLength()));
      }
    }
  }

  private static void connect(Socket client, int port) throws IOException {
    client.connect(new InetSocketAddress(HERE, port), WAIT_MILLIS);
    client.setSoTimeout(WAIT_MILLIS);
  }

  private static Socket connectWhenItListens(int port) throws IOException {
    long start = System.nanoTime();
    while (true) {
      Socket client = new Socket();
      try {
        connect(client, port);
        return client;
      } catch (IOException refused) {
        client.close();
        if (System.nanoTime() - start > TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS)) throw refused;
        Thread.onSpinWait(); // Python has no line to wait for.
      }
    }
  }

  /** A client that sends and goes away without reading: its close is a reset. */
  private static void reset(int port, byte[] sent) throws IOException {
    try (Socket client = new Socket()) {
      connect(client, port);
      client.setSoLinger(true, 0);
      client.getOutputStream().write(sent);
    }
  }

  private static byte[] receive(Socket client, int byteCount) {
    try {
      return client.getInputStream().readNBytes(byteCount);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Answers the next request; gives its first line. */
  private static CompletableFuture<String> answer(ServerSocket server, String reply)
      throws IOException {
    server.setSoTimeout(WAIT_MILLIS);
    return CompletableFuture.supplyAsync(
        () -> {
          try (Socket client = server.accept()) {
            client.setSoTimeout(WAIT_MILLIS);
            StringBuilder request = new StringBuilder();
            while (request.indexOf("\r\n\r\n") < 0) {
              request.append((char) client.getInputStream().read());
            }
            client.getOutputStream().write(reply.getBytes(ISO_8859_1));
            return request.substring(0, request.indexOf("\r\n"));
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  private static <T> T within(CompletableFuture<T> future) throws Exception {
    return future.get(WAIT_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static byte[] bytes(int byteCount) {
    byte[] bytes = new byte[byteCount];
    new Random(byteCount).nextBytes(bytes);
    return bytes;
  }

  private static String last(List<String> lines) {
    return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
  }

  private static void assumeThereIs(String transport) {
    boolean isLinux = System.getProperty("os.name").equals("Linux");
    assumeTrue(transport.equals("nio") || isLinux, "epoll is Linux's");
  }

  private static String python() throws Exception {
    Optional<String> python = Child.pythonWithAsyncore();
    assumeTrue(python.isPresent(), "no Python that has asyncore (3.11 or older)");
    return python.get();
  }
}
