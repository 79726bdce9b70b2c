package org.asyncore.migrate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.DomainWildcardMappingBuilder;
import io.netty.util.Mapping;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.asyncore.Asyncore;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is agreed on before the first byte, and what waiting for it costs. */
class TlsHandshakeTest extends TlsServer {
  private static final class Names {
    private static final Mapping<String, SslContext> BY_NAME = byName();

    private static Mapping<String, SslContext> byName() {
      try {
        return new DomainWildcardMappingBuilder<>(serving)
            .add("chat.example", Certificates.CHAT_EXAMPLE.server().build())
            .build();
      } catch (Exception failed) {
        throw new AssertionError(failed);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "nio, TLSv1.2, chat.example",
    "nio, TLSv1.3, localhost",
    "epoll, TLSv1.2, localhost",
    "epoll, TLSv1.3, chat.example",
    "hosted, TLSv1.2, localhost",
    "hosted, TLSv1.3, chat.example"
  })
  void theNameThatTheClientAsksForChoosesTheCertificate(String place, String protocol, String host)
      throws Exception {
    CompletableFuture<SniHandler> sni = new CompletableFuture<>();
    InetSocketAddress address =
        serve(
            place,
            talker -> {
              sni.complete(Tls.start(talker, Names.BY_NAME));
              talker.onRead((self, all) -> self.say("for " + all));
            });
    String[] got =
        world.beside(
            () -> {
              try (EnginePeer peer = EnginePeer.connect(address, protocol, host).handshake()) {
                peer.write(peer.record("you".getBytes(ISO_8859_1)));
                X509Certificate shown =
                    (X509Certificate) peer.engine().getSession().getPeerCertificates()[0];
                String answer = new String(peer.read(7), ISO_8859_1);
                return new String[] {shown.getSubjectX500Principal().getName(), answer};
              }
            });
    assertEquals(List.of("CN=" + host, "for you"), List.of(got));
    assertEquals(host, sni.get().hostname());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll", "hosted"})
  void aClientTellsTheServerWhomItWants(String place) throws Exception {
    CompletableFuture<SniHandler> sni = new CompletableFuture<>();
    InetSocketAddress address =
        serve(place, talker -> sni.complete(Tls.start(talker, Names.BY_NAME)));
    SslContext asking = Certificates.client().build();
    world.connect(address, talker -> Tls.start(talker, asking, "chat.example", address.getPort()));
    world.untilTold("client handshake true");
    assertEquals("chat.example", sni.get().hostname());
  }

  private static ApplicationProtocolConfig offering(String... protocols) {
    return new ApplicationProtocolConfig(
        Protocol.ALPN,
        SelectorFailureBehavior.NO_ADVERTISE,
        SelectedListenerFailureBehavior.ACCEPT,
        protocols);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll", "hosted"})
  void bothSidesLearnWhichProtocolWasChosen(String place) throws Exception {
    SslContext context =
        Certificates.LOCALHOST.server().applicationProtocolConfig(offering("chat", "smtp")).build();
    CompletableFuture<SslHandler> served = new CompletableFuture<>();
    InetSocketAddress address = serve(place, talker -> served.complete(Tls.start(talker, context)));
    SslContext asking =
        Certificates.client().applicationProtocolConfig(offering("ftp", "smtp")).build();
    CompletableFuture<SslHandler> asked = new CompletableFuture<>();
    world.connect(
        address,
        talker -> asked.complete(Tls.start(talker, asking, "localhost", address.getPort())));
    world.untilTold("client handshake true");
    world.untilTold("server handshake true");
    assertEquals("smtp", asked.get().applicationProtocol());
    assertEquals("smtp", served.get().applicationProtocol());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll", "hosted"})
  void aPeerThatNeverShakesHandsIsTimedOut(String place) throws Exception {
    InetSocketAddress address =
        serve(
            place,
            talker -> {
              SslHandler tls = serving.newHandler(ByteBufAllocator.DEFAULT);
              tls.setHandshakeTimeoutMillis(100);
              Tls.start(talker, tls);
            });
    try (EnginePeer silent = EnginePeer.connect(address, "TLSv1.3")) {
      world.untilTold("server handleError [Errno 5] EIO: TLS: handshake timed out after 100ms");
      assertEquals("server handshake false", world.calls().get(0));
      assertTrue(silent.socket().isConnected());
    }
  }

  /** Neither before its first word nor in the middle of the handshake. */
  @ParameterizedTest
  @CsvSource({"nio, TLSv1.2", "nio, TLSv1.3", "epoll, TLSv1.2", "epoll, TLSv1.3"})
  void nothingSpinsWhileThePeerIsSilent(String place, String protocol) throws Exception {
    InetSocketAddress address = serve(place, talker -> Tls.start(talker, serving));
    try (EnginePeer peer = EnginePeer.connect(address, protocol)) {
      world.until(() -> world.map().size() == 2, "a connection");
      assertTrue(passesOfAFewTenths() < 20);
      peer.engine().beginHandshake();
      peer.step(); // ClientHello.
      world.beside(
          () -> {
            while (!peer.hasPlain()) peer.socket().getInputStream().read(new byte[0]);
            return null;
          });
      assertTrue(passesOfAFewTenths() < 20);
      world.beside(peer::handshake);
      world.untilTold("server handshake true");
      assertTrue(passesOfAFewTenths() < 20);
    }
  }

  /** Reads nothing before it is told that the handshake is done. */
  private final class Late extends DispatcherWithSend {
    private boolean isSecure;

    Late(AsyncSocket socket, SocketMap map) {
      super(socket, map);
      Tls.start(this, serving);
    }

    @Override
    public boolean readable() {
      return isSecure;
    }

    @Override
    public void handleUserEvent(Object event) {
      if (event instanceof SslHandshakeCompletionEvent done) isSecure = done.isSuccess();
    }

    @Override
    public void handleRead() {
      send(recv(100));
    }

    @Override
    public void handleClose() {
      world.told("server handleClose");
      close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "nio, TLSv1.2",
    "nio, TLSv1.3",
    "epoll, TLSv1.2",
    "epoll, TLSv1.3",
    "hosted, TLSv1.2",
    "hosted, TLSv1.3"
  })
  void aHandshakeGoesOnThoughNobodyReads(String place, String protocol) throws Exception {
    world = new TlsWorld(place);
    InetSocketAddress address = world.serve(Late::new);
    String talk =
        world.beside(
            () -> {
              try (EnginePeer peer = EnginePeer.connect(address, protocol).handshake()) {
                peer.write(peer.record("hello".getBytes(ISO_8859_1)));
                String got = new String(peer.read(5), ISO_8859_1);
                peer.write(peer.goodbye());
                return got;
              }
            });
    assertEquals("hello", talk);
    world.untilTold("server handleClose");
  }

  private int passesOfAFewTenths() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
    int passes = 0;
    for (; System.nanoTime() - end < 0; passes++) Asyncore.loop(0.05, true, world.map(), 1);
    return passes;
  }

  @ParameterizedTest
  @CsvSource({
    "nio, TLSv1.2",
    "nio, TLSv1.3",
    "epoll, TLSv1.2",
    "epoll, TLSv1.3",
    "hosted, TLSv1.2",
    "hosted, TLSv1.3"
  })
  void anExecutorTakesTheComputationsOutOfTheLoop(String place, String protocol) throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    AtomicInteger computations = new AtomicInteger();
    try {
      InetSocketAddress address =
          serve(
              place,
              talker -> {
                Tls.start(
                    talker,
                    serving.newHandler(
                        ByteBufAllocator.DEFAULT,
                        task -> {
                          computations.incrementAndGet();
                          executor.execute(task);
                        }));
                talker.say("hello ");
                talker.onRead((self, all) -> self.say(all));
              });
      String talk =
          world.beside(
              () -> {
                try (EnginePeer peer = EnginePeer.connect(address, protocol).handshake()) {
                  peer.write(peer.record("world".getBytes(ISO_8859_1)));
                  String got = new String(peer.read(11), ISO_8859_1);
                  peer.write(peer.goodbye());
                  return got;
                }
              });
      assertEquals("hello world", talk);
      assertTrue(computations.get() > 0);
      world.untilTold("server handleClose");
      assertFalse(world.wasTold("server handleError"), () -> world.calls().toString());
    } finally {
      executor.shutdownNow();
    }
  }
}
