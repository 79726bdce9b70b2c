package org.asyncore.migrate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.provider.Arguments;

/**
 * A test's server with a certificate, in each place; the test says what it does on a connection.
 */
abstract class TlsServer {
  static SslContext serving;

  TlsWorld world;

  /** The dispatcher of the first connection. */
  final CompletableFuture<Talker> served = new CompletableFuture<>();

  @BeforeAll
  static void makeContext() throws Exception {
    serving = Certificates.LOCALHOST.server().build();
  }

  static Stream<Arguments> places() {
    return Stream.of("nio", "epoll", "hosted")
        .flatMap(place -> Stream.of("TLSv1.2", "TLSv1.3").map(p -> Arguments.of(place, p)));
  }

  @AfterEach
  void closeAll() throws InterruptedException {
    if (world != null) world.close();
  }

  InetSocketAddress serve(String place, Consumer<Talker> prepare) {
    world = new TlsWorld(place);
    return world.serve(
        (socket, map) -> {
          Talker talker = new Talker(world, "server", socket, map, prepare);
          served.complete(talker);
          return talker;
        });
  }

  static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
