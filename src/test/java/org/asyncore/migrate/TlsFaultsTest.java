package org.asyncore.migrate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetSocketAddress;
import java.util.List;
import org.asyncore.transport.Shutdown;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that are not who they should be, and ends that are none. */
class TlsFaultsTest extends TlsServer {
  private static void echo(Talker talker) {
    Tls.start(talker, serving);
    talker.onRead((self, all) -> self.say(all));
  }

  private EnginePeer talked(InetSocketAddress address, String protocol) throws Exception {
    EnginePeer peer = EnginePeer.connect(address, protocol).handshake();
    peer.write(peer.record(bytes("hi")));
    assertEquals("hi", new String(peer.read(2), ISO_8859_1));
    return peer;
  }

  // --- certificates ---

  private void assertRefused(
      String place, Certificates shown, SslContext asking, String host, String reason)
      throws Exception {
    SslContext served = shown.server().build();
    InetSocketAddress address = serve(place, talker -> Tls.start(talker, served));
    Talker client =
        world.connect(
            address,
            talker -> {
              Tls.start(talker, asking, host, address.getPort());
              talker.onRead((self, all) -> world.told("client read"));
            });
    world.untilTold("client handleError");
    world.untilTold("server handleError");
    String error =
        world.calls().stream().filter(call -> call.startsWith("client handleE")).findFirst().get();
    assertTrue(error.contains("TLS: ") && error.contains(reason), error);
    assertTrue(world.wasTold("client handshake false"));
    assertEquals("", client.got());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll", "hosted"})
  void aCertificateForAnotherHostIsRefused(String place) throws Exception {
    SslContext asking = Certificates.client().build();
    assertRefused(place, Certificates.LOCALHOST, asking, "chat.example", "chat.example");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll", "hosted"})
  void anExpiredCertificateIsRefused(String place) throws Exception {
    SslContext asking = Certificates.client().build();
    assertRefused(place, Certificates.EXPIRED, asking, "localhost", "validity check failed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll", "hosted"})
  void aCertificateOfAStrangerIsRefused(String place) throws Exception {
    SslContext asking = SslContextBuilder.forClient().build();
    assertRefused(place, Certificates.LOCALHOST, asking, "localhost", "unable to find valid");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll", "hosted"})
  void aPeerWithoutTlsIsRefused(String place) throws Exception {
    InetSocketAddress address = serve(place, TlsFaultsTest::echo);
    try (EnginePeer peer = EnginePeer.connect(address, "TLSv1.3")) {
      peer.write(bytes("GET / HTTP/1.0\r\n\r\n"));
      world.untilTold("server handleError [Errno 5] EIO: TLS: not an SSL/TLS record");
    }
  }

  // --- ends ---

  @ParameterizedTest
  @MethodSource("places")
  void aCleanEndIsOnlyAnEnd(String place, String protocol) throws Exception {
    InetSocketAddress address = serve(place, TlsFaultsTest::echo);
    world.beside(
        () -> {
          try (EnginePeer peer = talked(address, protocol)) {
            peer.write(peer.goodbye());
            peer.readGoodbye();
            return null;
          }
        });
    world.untilTold("server handleClose");
    assertEquals(
        List.of("server handshake true", "server TLS closed true", "server handleClose"),
        world.calls());
  }

  @ParameterizedTest
  @MethodSource("places")
  void anEndWithoutGoodbyeIsAnErrorAndNoEnd(String place, String protocol) throws Exception {
    InetSocketAddress address = serve(place, TlsFaultsTest::echo);
    world.beside(
        () -> {
          EnginePeer peer = talked(address, protocol);
          peer.close(); // The wire is cut, below TLS.
          return null;
        });
    assertCutOff();
  }

  @ParameterizedTest
  @MethodSource("places")
  void aResetAmidDataIsAnErrorAndNoEnd(String place, String protocol) throws Exception {
    InetSocketAddress address = serve(place, TlsFaultsTest::echo);
    world.beside(
        () -> {
          talked(address, protocol).reset();
          return null;
        });
    assertCutOff();
  }

  private void assertCutOff() throws InterruptedException {
    world.untilTold("server handleError [Errno 5] EIO: the TLS stream is cut off");
    assertFalse(world.wasTold("server handleClose"), () -> world.calls().toString());
  }

  @ParameterizedTest
  @MethodSource("places")
  void aResetAmidTheHandshakeIsAnErrorAndNoEnd(String place, String protocol) throws Exception {
    InetSocketAddress address = serve(place, TlsFaultsTest::echo);
    world.beside(
        () -> {
          EnginePeer peer = EnginePeer.connect(address, protocol);
          peer.engine().beginHandshake();
          peer.step(); // ClientHello.
          peer.socket().getInputStream().read();
          peer.reset();
          return null;
        });
    world.untilTold("server handleError");
    assertFalse(world.wasTold("server handleClose"), () -> world.calls().toString());
  }

  @ParameterizedTest
  @MethodSource("places")
  void anEndAmidTheHandshakeIsAnErrorAndNoEnd(String place, String protocol) throws Exception {
    InetSocketAddress address = serve(place, TlsFaultsTest::echo);
    world.beside(
        () -> {
          EnginePeer peer = EnginePeer.connect(address, protocol);
          peer.engine().beginHandshake();
          peer.step(); // ClientHello.
          peer.socket().shutdownOutput();
          peer.socket().getInputStream().readAllBytes();
          peer.close();
          return null;
        });
    world.untilTold("server handleError");
    assertFalse(world.wasTold("server handleClose"), () -> world.calls().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll", "hosted"})
  void afterThePeersGoodbyeTls13StillSends(String place) throws Exception {
    InetSocketAddress address =
        serve(
            place,
            talker -> {
              Tls.start(talker, serving);
              talker.onClose(
                  () -> {
                    talker.onClose(() -> {});
                    talker.say("one more thing");
                    talker.close();
                  });
            });
    String got =
        world.beside(
            () -> {
              try (EnginePeer peer = EnginePeer.connect(address, "TLSv1.3").handshake()) {
                peer.write(peer.goodbye());
                String last = new String(peer.read(14), ISO_8859_1);
                peer.readGoodbye();
                return last;
              }
            });
    assertEquals("one more thing", got);
    assertFalse(world.wasTold("server handleError"), () -> world.calls().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll", "hosted"})
  void afterAShutdownTls13StillReceives(String place) throws Exception {
    InetSocketAddress address =
        serve(
            place,
            talker -> {
              Tls.start(talker, serving);
              talker.onRead(
                  (self, all) -> {
                    if (!all.equals("enough")) return;
                    self.say("so be it");
                    self.socket().shutdown(Shutdown.WR);
                  });
            });
    world.beside(
        () -> {
          try (EnginePeer peer = EnginePeer.connect(address, "TLSv1.3").handshake()) {
            peer.write(peer.record(bytes("enough")));
            assertEquals("so be it", new String(peer.read(8), ISO_8859_1));
            peer.readGoodbye();
            peer.write(peer.record(bytes(" said")), peer.goodbye());
            return null;
          }
        });
    world.untilTold("server handleClose");
    assertEquals("enough said", served.get().got());
    assertFalse(world.wasTold("server handleError"), () -> world.calls().toString());
  }

  // --- another handshake ---

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll", "hosted"})
  void renegotiationIsRefused(String place) throws Exception {
    InetSocketAddress address = serve(place, TlsFaultsTest::echo);
    world.beside(
        () -> {
          try (EnginePeer peer = talked(address, "TLSv1.2")) {
            peer.engine().beginHandshake();
            peer.step(); // ClientHello, encrypted.
            peer.socket().getInputStream().readAllBytes(); // The dispatcher closes.
            return null;
          }
        });
    world.untilTold("server handleError [Errno 5] EIO: TLS: renegotiation by the peer is refused");
    assertFalse(world.wasTold("server handleClose"), () -> world.calls().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll", "hosted"})
  void renegotiationByOpensslIsRefused(String place) throws Exception {
    OpenSsl.assumeInstalled();
    InetSocketAddress address = serve(place, TlsFaultsTest::echo);
    try (OpenSsl client = OpenSsl.client(address, "-tls1_2")) {
      world.untilTold("server handshake true");
      client.type("R\n");
      world.untilTold("server handleError [Errno 5] EIO: TLS: renegotiation by the peer is refu");
    }
    assertFalse(world.wasTold("server handleClose"), () -> world.calls().toString());
  }
}
