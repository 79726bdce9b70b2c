package org.asyncore.migrate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocket;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.fixture.NettyIo;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dispatchers behind TLS, against the JDK's own sockets, each other, and openssl. */
class TlsTest {
  private static final int LIMIT_MILLIS = 20_000;
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static SslContext serving;

  private final List<String> calls = new ArrayList<>();
  private SocketMap map;
  private Server server;

  @BeforeAll
  static void makeContexts() throws Exception {
    serving = Certificates.LOCALHOST.server().build();
  }

  private void onTransport(String name) {
    NettyIo.named(name).assumeAvailable();
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
    return (SSLSocket)
        Certificates.trusting()
            .getSocketFactory()
            .createSocket(plain, "localhost", plain.getPort(), true);
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
    SslHandler tls =
        Tls.start(client, Certificates.client().build(), "localhost", address().getPort());
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
  void whatIsNotFitForTlsIsRefused(String transport) throws Exception {
    onTransport(transport);
    server = new Server(echo -> {});
    SslContext client = Certificates.client().build();
    Dispatcher fresh = new Dispatcher(map);
    fresh.createSocket();
    assertThrows(IllegalArgumentException.class, () -> Tls.start(fresh, client));
    assertThrows(IllegalArgumentException.class, () -> Tls.start(fresh, serving, "localhost", 1));
    assertThrows(IllegalStateException.class, () -> Tls.start(server, serving));
    assertThrows(IllegalStateException.class, () -> Tls.stop(server));
    fresh.close();
    assertThrows(IllegalStateException.class, () -> Tls.start(fresh, serving));
    assertThrows(IllegalStateException.class, () -> Tls.start(new Dispatcher(map), serving));
    String answer =
        whileLooping(
            () -> {
              try (Socket socket = plainSocket()) {
                return new String(echo(socket, "hi".getBytes(US_ASCII)), US_ASCII);
              }
            });
    assertEquals("hi", answer); // The listener is as it was.
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void aSecondStartIsRefusedAndTheFirstGoesOn(String transport) throws Exception {
    onTransport(transport);
    server =
        new Server(
            echo -> {
              Tls.start(echo, serving);
              assertThrows(IllegalStateException.class, () -> Tls.start(echo, serving));
              assertThrows(IllegalStateException.class, () -> Tls.start(echo, name -> serving));
            });
    byte[] sent = random(20_000);
    byte[] answer =
        whileLooping(
            () -> {
              try (SSLSocket socket = wrap(plainSocket())) {
                return echo(socket, sent);
              }
            });
    assertArrayEquals(sent, answer);
  }
}
