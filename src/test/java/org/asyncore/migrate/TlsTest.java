package org.asyncore.migrate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dispatchers behind TLS, against the JDK's own sockets, each other, and openssl. */
class TlsTest {
  private static final int LIMIT_MILLIS = 20_000;
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @TempDir static Path folder;
  private static Certificates valid;
  private static Certificates expired;
  private static SslContext serving;

  private final List<String> calls = new ArrayList<>();
  private SocketMap map;
  private Server server;

  @BeforeAll
  static void makeCertificates() throws Exception {
    valid = Certificates.make(folder, "valid", "-1d", 30);
    expired = Certificates.make(folder, "expired", "-9d", 3);
    serving = serverContext(valid);
  }

  private static SslContext serverContext(Certificates certificates) throws Exception {
    return SslContextBuilder.forServer(certificates.keys()).sslProvider(SslProvider.JDK).build();
  }

  private static SslContext clientContext(Certificates certificates) throws Exception {
    return SslContextBuilder.forClient()
        .trustManager(certificates.trust())
        .sslProvider(SslProvider.JDK)
        .build();
  }

  private void onTransport(String name) {
    assumeTrue(name.equals("nio") || Epoll.isAvailable(), "epoll is not available here");
    map = new SocketMap(name);
  }

  @AfterEach
  void closeAll() throws InterruptedException {
    if (map != null) Asyncore.closeAll(map, true);
  }

  private final class Server extends Dispatcher {
    private final Consumer<Echo> prepare;

    Server(Consumer<Echo> prepare) {
      super(TlsTest.this.map);
      this.prepare = prepare;
      createSocket();
      bind(ANY_PORT);
      listen(5);
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      prepare.accept(new Echo(socket));
    }
  }

  /** Echoes; before TLS, the word {@code STARTTLS} is answered in plain text and starts it. */
  private final class Echo extends DispatcherWithSend {
    private boolean plain;

    Echo(AsyncSocket socket) {
      super(socket, TlsTest.this.map);
    }

    @Override
    public void handleRead() {
      byte[] data = recv(8192);
      if (data.length == 0) return;
      if (!plain) {
        send(data);
      } else if (new String(data, US_ASCII).equals("STARTTLS")) {
        plain = false;
        send("go ahead".getBytes(US_ASCII));
        Tls.start(this, serving);
        send("in secret".getBytes(US_ASCII));
      }
    }

    @Override
    public boolean readable() {
      return outBufferSize() < 100_000;
    }

    @Override
    public void handleUserEvent(Object event) {
      calls.add("server " + event.getClass().getSimpleName());
    }

    @Override
    public void handleError(Throwable thrown) {
      calls.add("server handleError " + thrown.getMessage());
      close();
    }

    @Override
    public void handleClose() {
      calls.add("server handleClose");
      close();
    }
  }

  private final class Client extends DispatcherWithSend {
    private final StringBuilder got = new StringBuilder();

    Client() {
      super(TlsTest.this.map);
      createSocket();
    }

    @Override
    public void handleConnect() {
      calls.add("client handleConnect");
    }

    @Override
    public void handleRead() {
      got.append(new String(recv(100), US_ASCII));
    }

    @Override
    public void handleUserEvent(Object event) {
      if (event instanceof SslHandshakeCompletionEvent done) {
        calls.add("client handshake " + done.isSuccess());
      }
    }

    @Override
    public void handleError(Throwable thrown) {
      calls.add("client handleError " + thrown.getMessage());
      close();
    }

    @Override
    public void handleClose() {
      calls.add("client handleClose");
      close();
    }
  }

  private InetSocketAddress address() {
    return (InetSocketAddress) server.socket().getsockname();
  }

  private Socket plainSocket() throws IOException {
    Socket socket = new Socket(address().getAddress(), address().getPort());
    socket.setSoTimeout(LIMIT_MILLIS);
    return socket;
  }

  private SSLSocket wrap(Socket plain) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, valid.trust().getTrustManagers(), null);
    return (SSLSocket)
        context.getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true);
  }

  private interface Talk<T> {
    T run() throws Exception;
  }

  private <T> T whileLooping(Talk<T> talk) throws Exception {
    CompletableFuture<T> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                done.complete(talk.run());
              } catch (Throwable failed) {
                done.completeExceptionally(failed);
              }
            });
    thread.start();
    Until.pass(map, done::isDone, "the peer to finish", () -> calls);
    return done.get(1, TimeUnit.SECONDS);
  }

  private static byte[] echo(Socket socket, byte[] sent) throws Exception {
    Thread writer =
        new Thread(
            () -> {
              try {
                socket.getOutputStream().write(sent);
              } catch (IOException broken) {
                // The reader notices.
              }
            });
    writer.start();
    byte[] answer = socket.getInputStream().readNBytes(sent.length);
    writer.join();
    return answer;
  }

  private static byte[] random(int byteCount) {
    byte[] bytes = new byte[byteCount];
    new Random(byteCount).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void aServerEchoesInBulkAndSeesTheEnd(String transport) throws Exception {
    onTransport(transport);
    server = new Server(echo -> Tls.start(echo, serving));
    byte[] sent = random(2_000_000);
    byte[] answer =
        whileLooping(
            () -> {
              try (SSLSocket socket = wrap(plainSocket())) {
                return echo(socket, sent);
              }
            });
    assertArrayEquals(sent, answer);
    Until.pass(map, () -> map.size() == 1, "the end of the connection", () -> calls);
    assertEquals("server SslHandshakeCompletionEvent", calls.get(0));
    assertTrue(calls.contains("server handleClose"), calls::toString);
    assertTrue(calls.stream().noneMatch(call -> call.contains("handleError")), calls::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void startTlsInMidStreamLetsThePlainAnswerOutFirst(String transport) throws Exception {
    onTransport(transport);
    server = new Server(echo -> echo.plain = true);
    String talk =
        whileLooping(
            () -> {
              Socket plain = plainSocket();
              plain.getOutputStream().write("STARTTLS".getBytes(US_ASCII));
              String got = new String(plain.getInputStream().readNBytes(8), US_ASCII);
              try (SSLSocket socket = wrap(plain)) {
                got += ", " + new String(socket.getInputStream().readNBytes(9), US_ASCII);
                return got + ", " + new String(echo(socket, "hush".getBytes(US_ASCII)), US_ASCII);
              }
            });
    assertEquals("go ahead, in secret, hush", talk);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void aClientStartsBeforeItConnectsAndChecksTheName(String transport) throws Exception {
    onTransport(transport);
    server = new Server(echo -> Tls.start(echo, serving));
    Client client = new Client();
    SslHandler tls = Tls.start(client, clientContext(valid), "localhost", address().getPort());
    client.connect(address());
    client.send("hello".getBytes(US_ASCII));
    Until.pass(map, () -> client.got.toString().equals("hello"), "an echo", () -> calls);
    assertEquals("client handleConnect", calls.get(0));
    assertTrue(calls.contains("client handshake true"), calls::toString);
    assertThrows(IllegalStateException.class, () -> Tls.start(client, serving));
    assertEquals("localhost", tls.engine().getPeerHost());
    client.send(" again".getBytes(US_ASCII));
    Until.pass(map, () -> client.got.toString().equals("hello again"), "an echo", () -> calls);
    client.close();
    Until.pass(map, () -> map.size() == 1, "the end at the server", () -> calls);
    assertTrue(calls.contains("server handleClose"), calls::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void alpnChoosesAProtocol(String transport) throws Exception {
    onTransport(transport);
    ApplicationProtocolConfig offered =
        new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            "smtp",
            "chat");
    SslContext context =
        SslContextBuilder.forServer(valid.keys()).applicationProtocolConfig(offered).build();
    server = new Server(echo -> Tls.start(echo, context));
    Client client = new Client();
    SslContext asking =
        SslContextBuilder.forClient()
            .trustManager(valid.trust())
            .applicationProtocolConfig(offered)
            .build();
    SslHandler tls = Tls.start(client, asking, "localhost", address().getPort());
    client.connect(address());
    Until.pass(map, tls.handshakeFuture()::isDone, "a handshake", () -> calls);
    assertEquals("smtp", tls.applicationProtocol());
  }

  private void assertRefused(SslContext served, SslContext context, String host, String reason)
      throws Exception {
    server = new Server(echo -> Tls.start(echo, served));
    Client client = new Client();
    Tls.start(client, context, host, address().getPort());
    client.connect(address());
    client.send("secret".getBytes(US_ASCII));
    Until.pass(map, () -> map.size() == 1, "the refusal at both ends", () -> calls);
    String error =
        calls.stream().filter(call -> call.startsWith("client handleError")).findFirst().orElse("");
    assertTrue(error.contains("TLS: ") && error.contains(reason), calls::toString);
    assertEquals("", client.got.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void aCertificateForAnotherHostIsRefused(String transport) throws Exception {
    onTransport(transport);
    assertRefused(serving, clientContext(valid), "elsewhere.example", "elsewhere.example");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void anExpiredCertificateIsRefused(String transport) throws Exception {
    onTransport(transport);
    assertRefused(
        serverContext(expired), clientContext(valid), "localhost", "validity check failed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void anEndWithoutCloseNotifyIsAnErrorAndNotAnEnd(String transport) throws Exception {
    onTransport(transport);
    server = new Server(echo -> Tls.start(echo, serving));
    whileLooping(
        () -> {
          Socket plain = plainSocket();
          SSLSocket socket = wrap(plain);
          byte[] answer = echo(socket, "hi".getBytes(US_ASCII));
          plain.close(); // The wire is cut, below TLS.
          return answer;
        });
    Until.pass(map, () -> map.size() == 1, "the end at the server", () -> calls);
    assertTrue(
        calls.stream()
            .anyMatch(call -> call.startsWith("server handleError") && call.contains("cut off")),
        calls::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void closeSendsEverythingAndThenCloseNotify(String transport) throws Exception {
    onTransport(transport);
    byte[] sent = random(3_000_000);
    server =
        new Server(
            echo -> {
              Tls.start(echo, serving);
              DispatcherChannels.channel(echo).config().setWriteBufferHighWaterMark(8_000_000);
              assertEquals(sent.length, echo.socket().send(sent, 0, sent.length));
              echo.close();
              server.close();
            });
    Socket plain = plainSocket();
    CompletableFuture<byte[]> got = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try (SSLSocket socket = wrap(plain)) {
                got.complete(socket.getInputStream().readAllBytes()); // Throws if it is cut off.
              } catch (Throwable failed) {
                got.completeExceptionally(failed);
              }
            });
    reader.start();
    Asyncore.loop(map);
    assertArrayEquals(sent, got.get(LIMIT_MILLIS, TimeUnit.MILLISECONDS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void aPeerThatNeverShakesHandsIsTimedOut(String transport) throws Exception {
    onTransport(transport);
    server =
        new Server(
            echo -> {
              SslHandler tls = serving.newHandler(ByteBufAllocator.DEFAULT);
              tls.setHandshakeTimeoutMillis(100);
              Tls.start(echo, tls);
            });
    try (Socket silent = plainSocket()) {
      Until.pass(map, () -> !calls.isEmpty() && map.size() == 1, "a timeout", () -> calls);
      assertTrue(silent.isConnected());
    }
    assertTrue(
        calls.stream().anyMatch(call -> call.contains("handleError") && call.contains("timed out")),
        calls::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void opensslGetsTheSameBytesBack(String transport) throws Exception {
    onTransport(transport);
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
    server = new Server(echo -> Tls.start(echo, serving));
    byte[] sent = random(500_000);
    Path output = folder.resolve("got");
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "s_client",
                "-quiet",
                "-verify_return_error",
                "-verify_hostname",
                "localhost",
                "-CAfile",
                valid.root().toString(),
                "-connect",
                "127.0.0.1:" + address().getPort())
            .redirectOutput(output.toFile())
            .redirectError(folder.resolve("openssl.log").toFile())
            .start();
    Thread writer =
        new Thread(
            () -> {
              try {
                openssl.getOutputStream().write(sent); // Left open: s_client ends with its input.
                openssl.getOutputStream().flush();
              } catch (IOException broken) {
                // The comparison tells.
              }
            });
    writer.start();
    try {
      Until.pass(
          map,
          () -> output.toFile().length() >= sent.length || !openssl.isAlive(),
          "openssl to get its bytes back",
          () -> calls);
      String log = Files.readString(folder.resolve("openssl.log"));
      assertArrayEquals(sent, Files.readAllBytes(output), log);
    } finally {
      openssl.destroy();
      writer.join();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void whatIsNotFitForTlsIsRefused(String transport) throws Exception {
    onTransport(transport);
    server = new Server(echo -> {});
    SslContext client = clientContext(valid);
    Dispatcher fresh = new Dispatcher(map);
    fresh.createSocket();
    assertThrows(IllegalArgumentException.class, () -> Tls.start(fresh, client));
    assertThrows(IllegalArgumentException.class, () -> Tls.start(fresh, serving, "localhost", 1));
    assertThrows(IllegalStateException.class, () -> Tls.start(server, serving));
    fresh.close();
    assertThrows(IllegalStateException.class, () -> Tls.start(fresh, serving));
  }
}
