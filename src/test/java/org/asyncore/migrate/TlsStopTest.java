package org.asyncore.migrate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Back to plain text on a connection that goes on. */
class TlsStopTest extends TlsServer {
  /** Starts TLS at once, and stops it after a word. */
  private static void stopAtCcc(Talker talker) {
    Tls.start(talker, serving);
    talker.onRead(
        (self, all) -> {
          if (!all.equals("CCC")) return;
          self.say("200");
          Tls.stop(self);
          self.say("plain again");
        });
  }

  private static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  @ParameterizedTest
  @MethodSource("places")
  void plainTextFollowsWhenBothHaveSaidGoodbye(String place, String protocol) throws Exception {
    InetSocketAddress address = serve(place, TlsStopTest::stopAtCcc);
    String plain =
        world.beside(
            () -> {
              try (EnginePeer peer = EnginePeer.connect(address, protocol).handshake()) {
                peer.write(peer.record(bytes("CCC")));
                assertEquals("200", text(peer.read(3)));
                peer.readGoodbye();
                assertFalse(peer.hasPlain());
                peer.write(peer.goodbye(), bytes(" in the same piece"));
                String got = text(peer.readPlain("plain again".length()));
                peer.write(bytes(" and later"));
                return got;
              }
            });
    assertEquals("plain again", plain);
    world.untilTold("server handleClose");
    assertEquals("CCC in the same piece and later", served.get().got());
    assertEquals(
        List.of("server handshake true", "server TLS closed true", "server handleClose"),
        world.calls());
  }

  @ParameterizedTest
  @MethodSource("places")
  void thePeerMayBeFirstAndSendPlainTextAndTheEndRightBehind(String place, String protocol)
      throws Exception {
    InetSocketAddress address =
        serve(
            place,
            talker -> {
              Tls.start(talker, serving);
              talker.onRead(
                  (self, all) -> {
                    if (!all.equals("CCC")) return;
                    Tls.stop(self);
                    self.say("plain again");
                  });
            });
    String plain =
        world.beside(
            () -> {
              try (EnginePeer peer = EnginePeer.connect(address, protocol).handshake()) {
                byte[] ccc = peer.record(bytes("CCC"));
                peer.write(ccc, peer.goodbye(), bytes(" in the same piece"));
                peer.socket().shutdownOutput();
                peer.readGoodbye();
                return text(peer.readPlain("plain again".length()));
              }
            });
    assertEquals("plain again", plain);
    world.untilTold("server handleClose");
    assertEquals("CCC in the same piece", served.get().got());
    assertFalse(world.wasTold("server handleError"), () -> world.calls().toString());
  }

  @ParameterizedTest
  @MethodSource("places")
  void aGoodbyeIsTheEndUnlessTheDispatcherThenStopsToo(String place, String protocol)
      throws Exception {
    InetSocketAddress address =
        serve(
            place,
            talker -> {
              Tls.start(talker, serving);
              talker.onClose(
                  () -> {
                    talker.onClose(talker::close);
                    Tls.stop(talker);
                    talker.say("so be it");
                  });
            });
    String plain =
        world.beside(
            () -> {
              try (EnginePeer peer = EnginePeer.connect(address, protocol).handshake()) {
                peer.write(peer.record(bytes("one")), peer.goodbye(), bytes(", two"));
                peer.readGoodbye();
                return text(peer.readPlain(8));
              }
            });
    assertEquals("so be it", plain);
    world.until(() -> served.join().got().equals("one, two"), "the plain text");
    world.until(
        () -> world.calls().stream().filter("server handleClose"::equals).count() == 2, "the end");
  }

  @ParameterizedTest
  @MethodSource("places")
  void muchPlainTextBehindAGoodbyeWaitsInTheKernel(String place, String protocol) throws Exception {
    CompletableFuture<Void> agree = new CompletableFuture<>();
    InetSocketAddress address =
        serve(
            place,
            talker -> {
              Tls.start(talker, serving);
              talker.onClose(
                  () -> {
                    if (!agree.isDone()) return;
                    talker.onClose(talker::close);
                    Tls.stop(talker);
                  });
            });
    String plain = "0123456789".repeat(30_000);
    CompletableFuture<Void> peering =
        TlsWorld.start(
            () -> {
              try (EnginePeer peer = EnginePeer.connect(address, protocol).handshake()) {
                peer.write(peer.goodbye(), bytes(plain));
                peer.readGoodbye();
                return null;
              }
            });
    world.until(
        () ->
            served.isDone()
                && !DispatcherChannels.channel(served.join()).config().isAutoRead()
                && world.wasTold("server handleClose"),
        "reading to stop");
    agree.complete(null);
    world.call(served.get(), () -> served.join().interestChanged());
    world.until(() -> served.join().got().length() == plain.length(), "all that waits");
    assertEquals(plain, served.get().got());
    peering.get(TlsWorld.LIMIT_MILLIS, TimeUnit.MILLISECONDS);
  }

  @ParameterizedTest
  @MethodSource("places")
  void aPeerThatDoesNotAnswerIsAnError(String place, String protocol) throws Exception {
    InetSocketAddress address =
        serve(
            place,
            talker -> {
              SslHandler tls = serving.newHandler(ByteBufAllocator.DEFAULT);
              Tls.start(talker, tls);
              talker.onRead(
                  (self, all) -> {
                    tls.setHandshakeTimeoutMillis(150);
                    Tls.stop(self);
                    self.say("never plain");
                  });
            });
    world.beside(
        () -> {
          try (EnginePeer peer = EnginePeer.connect(address, protocol).handshake()) {
            peer.write(peer.record(bytes("CCC")));
            peer.readGoodbye();
            assertEquals(-1, peer.socket().getInputStream().read());
            return null;
          }
        });
    world.untilTold(
        "server handleError [Errno 5] EIO: TLS: no close_notify from the peer in 150 ms");
  }

  @ParameterizedTest
  @MethodSource("places")
  void aPeerThatClosesInsteadIsCutOff(String place, String protocol) throws Exception {
    InetSocketAddress address = serve(place, TlsStopTest::stopAtCcc);
    world.beside(
        () -> {
          try (EnginePeer peer = EnginePeer.connect(address, protocol).handshake()) {
            peer.write(peer.record(bytes("CCC")));
            peer.read(3);
            peer.readGoodbye();
            return null;
          }
        });
    world.untilTold("server handleError");
    assertTrue(world.calls().get(1).contains("without close_notify"), world.calls()::toString);
    assertEquals(2, world.calls().size(), world.calls()::toString);
  }

  @ParameterizedTest
  @MethodSource("places")
  void aPeerThatAgreesAndClosesIsTheEnd(String place, String protocol) throws Exception {
    InetSocketAddress address = serve(place, TlsStopTest::stopAtCcc);
    world.beside(
        () -> {
          try (EnginePeer peer = EnginePeer.connect(address, protocol).handshake()) {
            peer.write(peer.record(bytes("CCC")));
            peer.read(3);
            peer.readGoodbye();
            peer.write(peer.goodbye());
            return null;
          }
        });
    world.untilTold("server handleClose");
    assertEquals(
        List.of("server handshake true", "server TLS closed true", "server handleClose"),
        world.calls());
  }

  /** TLS on and off again, time after time, by two dispatchers, with bulk in each part. */
  @ParameterizedTest
  @MethodSource("places")
  void tlsMayStartOnceMore(String place, String protocol) throws Exception {
    String bulk = "0123456789abcde,".repeat(2000);
    InetSocketAddress address =
        serve(
            place,
            talker ->
                talker.onRead(
                    (self, all) -> {
                      if (all.endsWith("TLS?")) {
                        self.say("TLS!");
                        Tls.start(self, serving);
                      } else if (all.endsWith("CCC?")) {
                        self.say(bulk + "CCC!");
                        Tls.stop(self);
                        self.say(bulk);
                      }
                    }));
    SslContext asking = Certificates.client().protocols(protocol).build();
    Talker client =
        world.connect(
            address,
            talker ->
                talker.onRead(
                    (self, all) -> {
                      if (all.endsWith("TLS!")) {
                        Tls.start(self, asking, "localhost", address.getPort());
                        self.say("CCC?");
                      } else if (all.endsWith("CCC!")) {
                        Tls.stop(self);
                      } else if (all.endsWith("CCC!" + bulk)) {
                        self.say("TLS?");
                      }
                    }));
    world.call(client, () -> client.say("TLS?"));
    String round = "TLS!" + bulk + "CCC!" + bulk;
    world.until(() -> client.got().length() >= 5 * round.length(), "five rounds");
    assertTrue(client.got().startsWith(round.repeat(5)));
    assertFalse(world.wasTold("server handleError"), () -> world.calls().toString());
    assertFalse(world.wasTold("client handleError"), () -> world.calls().toString());
  }

  @ParameterizedTest
  @MethodSource("places")
  void anSslHandlerThatTheProgramPutThereIsNotStoppedAndGoesOn(String place, String protocol)
      throws Exception {
    InetSocketAddress address =
        serve(
            place,
            talker -> {
              DispatcherChannels.pipeline(talker)
                  .addFirst(serving.newHandler(ByteBufAllocator.DEFAULT));
              talker.onRead(
                  (self, all) -> {
                    if (!all.equals("CCC")) return;
                    List<String> before = DispatcherChannels.channel(self).pipeline().names();
                    refuses(self, "start() has not started");
                    assertEquals(before, DispatcherChannels.channel(self).pipeline().names());
                    self.say("still in secret");
                  });
            });
    String secret =
        world.beside(
            () -> {
              try (EnginePeer peer = EnginePeer.connect(address, protocol).handshake()) {
                peer.write(peer.record(bytes("CCC")));
                String got = text(peer.read("still in secret".length()));
                peer.write(peer.record(bytes(", go on")), peer.goodbye());
                return got;
              }
            });
    assertEquals("still in secret", secret);
    world.untilTold("server handleClose");
    assertEquals("CCC, go on", served.get().got());
    assertFalse(world.wasTold("server handleError"), () -> world.calls().toString());
  }

  @ParameterizedTest
  @MethodSource("places")
  void itIsRefusedWithoutTlsInTheHandshakeAndTwice(String place, String protocol) throws Exception {
    InetSocketAddress address =
        serve(
            place,
            talker -> {
              refuses(talker, "without it");
              Tls.start(talker, serving);
              refuses(talker, "before its handshake");
              talker.onRead(
                  (self, all) -> {
                    if (!all.equals("CCC")) return;
                    Tls.stop(self);
                    refuses(self, "twice");
                    assertThrows(IllegalStateException.class, () -> Tls.start(self, serving));
                    self.say("done");
                  });
            });
    world.beside(
        () -> {
          try (EnginePeer peer = EnginePeer.connect(address, protocol).handshake()) {
            peer.write(peer.record(bytes("CCC")));
            peer.readGoodbye();
            peer.write(peer.goodbye());
            assertEquals("done", text(peer.readPlain(4)));
            return null;
          }
        });
    world.untilTold("server handleClose");
    assertFalse(world.wasTold("server handleError"), () -> world.calls().toString());
    assertThrows(IllegalStateException.class, () -> Tls.stop(served.join()));
  }

  private static void refuses(Talker talker, String reason) {
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> Tls.stop(talker));
    assertTrue(refused.getMessage().contains(reason), refused.getMessage());
  }
}
