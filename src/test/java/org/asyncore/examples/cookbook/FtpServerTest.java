package org.asyncore.examples.cookbook;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.ssl.SslContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.asyncore.fixture.Tool;
import org.asyncore.fixture.Wiring;
import org.asyncore.migrate.Certificates;
import org.asyncore.migrate.Tls;
import org.asyncore.testkit.Peer;
import org.asyncore.testkit.TestLoop;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class FtpServerTest {
  private static final String INET = "org.asyncore.fixture.Wiring#inet";
  private static final long FAST = 1L << 40;
  private static final Pattern PLACE = Pattern.compile("229 .*\\(\\|\\|\\|(\\d+)\\|\\)");

  /** Up, down, from a place on, lists, active and passive; an abort; TLS and back. */
  private static final String CLIENT =
      """
      import ftplib, io, socket, ssl, sys
      port, data = int(sys.argv[1]), bytes(range(256)) * 2000
      def fetch(ftp, name, rest=None):
          got = []
          ftp.retrbinary('RETR ' + name, got.append, rest=rest)
          return b''.join(got)
      for passive in (True, False):
          ftp = ftplib.FTP()
          ftp.connect('127.0.0.1', port, timeout=30)
          ftp.login()
          ftp.set_pasv(passive)
          ftp.storbinary('STOR up', io.BytesIO(data))
          assert ftp.size('up') == len(data), ftp.size('up')
          assert fetch(ftp, 'up') == data
          assert fetch(ftp, 'up', 500_000) == data[500_000:]
          ftp.storbinary('STOR up', io.BytesIO(data[1000:]), rest=1000)
          assert fetch(ftp, 'up') == data
          assert ftp.nlst() == ['big', 'sub', 'up'], ftp.nlst()
          lines = []
          ftp.retrlines('LIST', lines.append)
          assert len(lines) == 3 and lines[1].startswith('d'), lines
          assert ftp.cwd('sub').startswith('250')
          assert ftp.pwd() == '/sub', ftp.pwd()
          conn = ftp.transfercmd('RETR /big')
          conn.recv(1000)
          answer = ftp.abort()
          assert answer[:3] in ('426', '225', '226'), answer
          conn.close()
          if answer.startswith('426'):
              assert ftp.getresp().startswith('226')
          assert fetch(ftp, '/up') == data
          ftp.quit()
      if sys.argv[2] == 'tls':
          context = ssl.create_default_context()
          context.check_hostname = False
          context.verify_mode = ssl.CERT_NONE
          ftp = ftplib.FTP_TLS(context=context)
          ftp.connect('127.0.0.1', port, timeout=30)
          ftp.login()
          assert isinstance(ftp.sock, ssl.SSLSocket)
          assert fetch(ftp, 'up') == data
          ftp.ccc()
          assert ftp.sock._sslobj is None
          assert ftp.size('up') == len(data)
          ftp.quit()
      print('all right')
      """;

  @TempDir private Path folder;
  private Path root;

  @BeforeEach
  void files() throws IOException {
    root = Files.createDirectory(folder.resolve("root"));
    Files.createDirectory(root.resolve("sub"));
    byte[] big = new byte[4 << 20];
    new Random(1).nextBytes(big);
    Files.write(root.resolve("big"), big);
    Files.writeString(folder.resolve("secret"), "secret");
    Files.createSymbolicLink(root.resolve("sub").resolve("link"), folder.resolve("secret"));
  }

  private FtpServer.Settings settings(long bytesPerSecond) {
    return new FtpServer.Settings(root, bytesPerSecond, Duration.ofMinutes(5), null);
  }

  @ParameterizedTest
  @MethodSource(INET)
  void pythonsFtplibDoesAllOfIt(Wiring wiring) throws Exception {
    Tool.assumePresent("python3");
    SslContext context = Certificates.LOCALHOST.server().build();
    FtpServer.Settings secured =
        new FtpServer.Settings(
            root, FAST, Duration.ofMinutes(5), dispatcher -> Tls.start(dispatcher, context));
    try (Kitchen kitchen = new Kitchen(wiring)) {
      InetSocketAddress server = kitchen.serve(map -> new FtpServer("127.0.0.1", 0, secured, map));
      String port = Integer.toString(server.getPort());
      String printed = Tool.run(folder, "python3", "-c", CLIENT, port, "tls");
      assertEquals("all right\n", printed);
      kitchen.until(() -> kitchen.map().size() == 1, "all connections are gone");
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void curlGetsAndPuts(Wiring wiring) throws Exception {
    Tool.assumePresent("curl");
    try (Kitchen kitchen = new Kitchen(wiring)) {
      InetSocketAddress server =
          kitchen.serve(map -> new FtpServer("127.0.0.1", 0, settings(FAST), map));
      String url = "ftp://127.0.0.1:" + server.getPort() + "/";
      Tool.run(folder, "curl", "-sS", "--noproxy", "*", "-o", "got", url + "big");
      Tool.run(folder, "curl", "-sS", "--noproxy", "*", "-T", "got", url + "sub/put");
      byte[] big = Files.readAllBytes(root.resolve("big"));
      assertArrayEquals(big, Files.readAllBytes(folder.resolve("got")));
      assertArrayEquals(big, Files.readAllBytes(root.resolve("sub").resolve("put")));
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void aTransferIsThrottledAndWhoVanishesInItIsForgotten(Wiring wiring) throws Exception {
    try (Kitchen kitchen = new Kitchen(wiring)) {
      InetSocketAddress server =
          kitchen.serve(map -> new FtpServer("127.0.0.1", 0, settings(400_000), map));
      try (Socket control = Kitchen.connect(server)) {
        BufferedReader in = Kitchen.reader(control);
        try (Socket data = transfer(control, in, "RETR big")) {
          long start = System.nanoTime();
          data.getInputStream().readNBytes(400_000);
          double seconds = (System.nanoTime() - start) / 1e9;
          assertTrue(seconds > 0.5, seconds + " s for a second's worth");
          Kitchen.reset(data);
        }
        assertEquals("426 cut off", in.readLine());
        try (Socket data = transfer(control, in, "STOR sub/part")) {
          Kitchen.send(data, "x".repeat(100_000));
          Kitchen.reset(data);
        }
        assertEquals("426 cut off", in.readLine());
        try (Socket data = transfer(control, in, "RETR big")) {
          data.getInputStream().read();
          Kitchen.reset(control);
          data.getInputStream().readAllBytes(); // It ends with its owner.
        } catch (IOException reset) {
          assertTrue(reset.getMessage().startsWith("Connection reset"), reset.toString());
        }
      }
      kitchen.until(() -> kitchen.map().size() == 1, "all connections are gone");
    }
  }

  private static Socket transfer(Socket control, BufferedReader in, String command)
      throws IOException {
    if (command.startsWith("RETR") || command.startsWith("STOR")) login(control, in);
    Kitchen.send(control, "EPSV\r\n");
    Matcher place = PLACE.matcher(in.readLine());
    assertTrue(place.matches());
    Kitchen.send(control, command + "\r\n");
    assertEquals("150 it comes", in.readLine());
    return Kitchen.connect(
        new InetSocketAddress(control.getInetAddress(), Integer.parseInt(place.group(1))));
  }

  private static void login(Socket control, BufferedReader in) throws IOException {
    Kitchen.send(control, "PASS x\r\n");
    String line = in.readLine();
    while (!line.startsWith("230")) line = in.readLine();
  }

  private static void talk(Peer peer, String... lines) {
    for (int i = 0; i < lines.length; i += 2) {
      peer.send(lines[i] + "\r\n");
      String answer = peer.expect(Pattern.compile("[^\r]*\r\n")).group();
      assertTrue(answer.startsWith(lines[i + 1]), lines[i] + ": " + answer);
    }
  }

  @Test
  void badInputGetsItsErrorAndTheSessionGoesOn() {
    try (TestLoop loop = new TestLoop()) {
      new FtpServer("127.0.0.1", 21, settings(FAST), loop.map());
      Peer peer = loop.connect(21).expect("220 ready\r\n");
      talk(peer, "RETR big", "530", "USER x", "331", "PASS x", "230", "HELLO", "502", "", "502");
      talk(
          peer,
          "RETR big",
          "425",
          "CWD nowhere",
          "550",
          "CWD /../..",
          "550",
          "SIZE ../secret",
          "550");
      talk(peer, "x".repeat(5000), "500", "RETR sub/link", "550", "SIZE sub/link", "550");
      talk(peer, "PORT 1,2,3", "550", "PORT 1,2,3,4,5,600", "550", "PORT 10,0,0,1,200,1", "504");
      talk(peer, "PORT 127,0,0,1,0,25", "504", "EPRT |1|localhost|4000|", "550", "REST x", "550");
      talk(peer, "ABOR", "225", "AUTH TLS", "502", "PROT P", "536", "CDUP", "250", "PWD", "257");
      talk(peer, "\u00ff\u00f4\u00ff\u00f2ABOR", "225", "NOOP", "200", "QUIT", "221");
      peer.expectEnd();
      assertEquals(1, loop.map().size());
    }
  }

  @Test
  void silenceEndsASessionButNoTransferAndEachCommandBeginsItsTimeAnew() {
    try (TestLoop loop = new TestLoop()) {
      new FtpServer("127.0.0.1", 21, settings(1000), loop.map());
      Peer peer = loop.connect(21).expect("220 ready\r\n");
      talk(peer, "PASS x", "230");
      peer.expectSilence(Duration.ofMinutes(4));
      talk(peer, "NOOP", "200", "EPSV", "229");
      String sized = Long.toString(4 << 20);
      talk(peer, "SIZE big", "213 " + sized, "RETR big", "150");
      loop.advance(Duration.ofSeconds(30)); // Nobody comes.
      peer.expect("425 nobody came\r\n").expectSilence(Duration.ofMinutes(4));
      loop.advance(Duration.ofMinutes(1));
      peer.expect("421 too long without a command\r\n").expectEnd();
    }
  }

  @Test
  void whoVanishesAtEachStepLeavesNothingOpen() {
    String[] steps = {"PASS x", "EPSV", "RETR big", "ABOR", "QUIT"};
    for (int i = 0; i <= steps.length; i++) {
      for (boolean resets : new boolean[] {true, false}) {
        try (TestLoop loop = new TestLoop()) {
          new FtpServer("127.0.0.1", 21, settings(FAST), loop.map());
          Peer peer = loop.connect(21);
          for (int k = 0; k < i; k++) peer.send(steps[k] + "\r\n");
          loop.settle();
          if (resets) peer.reset();
          else peer.close();
          loop.settle();
          assertEquals(1, loop.map().size(), "after " + i + " steps");
          assertFalse(loop.calls().toString().contains("handleError Ill"));
        }
      }
    }
  }
}
