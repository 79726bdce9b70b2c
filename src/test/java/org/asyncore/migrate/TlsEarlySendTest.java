package org.asyncore.migrate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent before the handshake is done waits for it, in secret and within a limit. */
class TlsEarlySendTest extends TlsServer {
  private static final int TOTAL = 2_000_000;

  /** The channel's high water mark, and the piece that goes over it. */
  private static final int MOST = 2 * 65536;

  private static void start(Talker talker, String by) {
    if (by.equals("name")) Tls.start(talker, name -> serving);
    else Tls.start(talker, serving);
  }

  private static String text() {
    StringBuilder text = new StringBuilder(TOTAL);
    while (text.length() < TOTAL) text.append(text.length()).append(',');
    text.setLength(TOTAL);
    return text.toString();
  }

  /** How much the socket has taken of the talker. */
  private int taken() {
    int[] left = new int[1];
    world.call(served.join(), () -> left[0] = served.join().outBufferSize());
    return TOTAL - left[0];
  }

  private static String readAll(EnginePeer peer) throws IOException {
    StringBuilder got = new StringBuilder(TOTAL);
    while (got.length() < TOTAL) {
      int missing = Math.min(TOTAL - got.length(), 10_000);
      got.append(new String(peer.read(missing), ISO_8859_1));
    }
    return got.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "nio, context",
    "nio, name",
    "epoll, context",
    "epoll, name",
    "hosted, context",
    "hosted, name"
  })
  void sendsWaitForTheHandshakeWithinTheLimitOfAPlainConnection(String place, String by)
      throws Exception {
    String text = text();
    InetSocketAddress address =
        serve(
            place,
            talker -> {
              start(talker, by);
              talker.say(text);
            });
    try (EnginePeer peer = EnginePeer.connect(address, "TLSv1.3")) {
      world.until(served::isDone, "a connection");
      int calls = 100; // Of those who look whether there is room.
      for (int i = 0; i < calls; i++) world.until(() -> taken() >= 0, "a pass");
      assertTrue(taken() <= MOST, () -> "taken: " + taken());
      CompletableFuture<String> got = TlsWorld.start(() -> readAll(peer.handshake()));
      world.until(got::isDone, "all that was sent");
      assertEquals(text, got.get(1, TimeUnit.SECONDS));
      assertFalse(world.wasTold("server handleError"), () -> world.calls().toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll", "hosted"})
  void nothingLeavesInPlainTextForAClientThatNeverSaysHello(String place) throws Exception {
    InetSocketAddress address =
        serve(
            place,
            talker -> {
              start(talker, "name");
              talker.say("in secret");
            });
    try (EnginePeer silent = EnginePeer.connect(address, "TLSv1.3")) {
      world.until(served::isDone, "a connection");
      world.call(served.join(), () -> served.join().close());
      silent.socket().shutdownOutput();
      assertEquals(-1, (int) world.beside(() -> firstByte(silent)));
    }
  }

  /** -1 for none, whether the connection is ended or, as something sent is missing, reset. */
  private static int firstByte(EnginePeer peer) throws IOException {
    try {
      return peer.socket().getInputStream().read();
    } catch (SocketException reset) {
      return -1;
    }
  }
}
