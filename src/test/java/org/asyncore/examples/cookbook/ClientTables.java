package org.asyncore.examples.cookbook;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.asyncore.SocketMap;
import org.asyncore.examples.cookbook.TunnelledChat.Protocol;

/** The recipes that connect: their guests are those whom they connect to. */
final class ClientTables {
  private static final String LONG = "x".repeat(200_000);

  private ClientTables() {}

  private static InetSocketAddress addressOf(ServerSocket door) {
    return new InetSocketAddress(door.getInetAddress(), door.getLocalPort());
  }

  private static Wire accept(ServerSocket door) throws IOException {
    Socket accepted = door.accept();
    return Wire.over(accepted);
  }

  // --- SOCKS5, CONNECT ---

  static Table socks5(Kitchen kitchen, Path folder) {
    return new Tunnel(
        kitchen,
        Protocol.SOCKS5,
        List.of(
            new Table.Bad("\5\377", "<end>"),
            new Table.Bad("\4\0", "<end>"),
            new Table.Bad("\5\0\5\5\0\1\0\0\0\0\0\0", "<end>"),
            new Table.Bad(LONG, "<end>")));
  }

  static Table httpConnect(Kitchen kitchen, Path folder) {
    return new Tunnel(
        kitchen,
        Protocol.HTTP_CONNECT,
        List.of(
            new Table.Bad("HTTP/1.1 407 No\r\n\r\n", "<end>"),
            new Table.Bad("hello\r\n\r\n", "<end>"),
            new Table.Bad("HTTP/1.1 200 OK\r\nA: " + LONG, "<end>")));
  }

  private record Tunnel(Kitchen kitchen, Protocol protocol, List<Table.Bad> bad) implements Table {
    @Override
    public Seat seat(boolean isSlow, Random random) throws Exception {
      try (ServerSocket door = Kitchen.door()) {
        TunnelledChatTest.Client client =
            kitchen.on(
                map ->
                    new TunnelledChatTest.Client(
                        protocol, addressOf(door), "example.org", 80, map));
        return new Seat(accept(door), guest -> talk(guest, client));
      }
    }

    private void talk(Guest guest, TunnelledChatTest.Client client) throws Exception {
      if (protocol == Protocol.SOCKS5) {
        guest.expect("\5\1\0");
        guest.send("\5\0");
        guest.expect("\5\1\0\3\13example.org\0\120");
        guest.send("\5\0\0\3\2ab\0\11");
      } else {
        guest.expect("CONNECT example.org:80 HTTP/1.1\r\nHost: example.org:80\r\n\r\n");
        guest.send("HTTP/1.1 200 Connected\r\nVia: guest\r\n\r\n");
      }
      guest.expect("hello\n");
      List<String> wanted = new ArrayList<>();
      StringBuilder lines = new StringBuilder();
      int volume = Math.min(guest.volume(), 100_000);
      for (int i = 0; lines.length() < volume; i++) {
        wanted.add("line " + i);
        lines.append("line ").append(i).append('\n');
      }
      guest.send(lines.toString());
      guest.end();
      guest.expectEnd();
      assertEquals(wanted, kitchen.on(map -> client.told()));
    }

    @Override
    public boolean isClean() {
      return kitchen.map().isEmpty();
    }
  }

  // --- many peers ---

  static Table peers(Kitchen kitchen, Path folder) {
    SocketMap map = new SocketMap(kitchen.map().transport().name());
    return new Peers(map, new PeersClient("peers", map));
  }

  private record Peers(SocketMap map, PeersClient client) implements Table {
    private static final int QUESTIONS = 40;

    @Override
    public Seat seat(boolean isSlow, Random random) throws Exception {
      try (ServerSocket door = Kitchen.door()) {
        PeersClient.Peer peer = client.connect(addressOf(door));
        return new Seat(accept(door), guest -> talk(guest, peer));
      }
    }

    /** Every question is answered, or its future fails: those of the guest who leaves. */
    private void talk(Guest guest, PeersClient.Peer peer) throws Exception {
      List<CompletableFuture<String>> answers = new ArrayList<>();
      StringBuilder questions = new StringBuilder();
      String filling = "x".repeat(Math.min(guest.volume(), 400_000) / QUESTIONS);
      for (int i = 0; i < QUESTIONS; i++) {
        answers.add(peer.ask(i + filling));
        questions.append(i).append(filling).append('\n');
      }
      try {
        guest.expect(questions.toString());
        for (int i = 0; i < QUESTIONS; i++) guest.send("answer " + i + "\n");
      } catch (Guest.Gone gone) {
        for (int i = 0; i < QUESTIONS; i++) isAnsweredOrFails(answers.get(i), "answer " + i);
        throw gone;
      }
      for (int i = 0; i < QUESTIONS; i++) {
        assertEquals("answer " + i, Kitchen.within(answers.get(i)));
      }
      peer.disconnect();
      guest.expectEnd();
      assertThrows(ExecutionException.class, () -> peer.ask("more").get(20, TimeUnit.SECONDS));
    }

    private static void isAnsweredOrFails(CompletableFuture<String> answer, String wanted)
        throws Exception {
      try {
        assertEquals(wanted, answer.get(20, TimeUnit.SECONDS));
      } catch (ExecutionException failed) {
        assertTrue(failed.getCause() instanceof Exception, failed.toString());
      }
    }

    @Override
    public boolean isClean() {
      return map.isEmpty();
    }

    @Override
    public List<Bad> bad() {
      return List.of(new Bad(LONG, "^<end>"), new Bad("nobody has asked\n", "^<end>"));
    }

    @Override
    public void close() {
      client.close();
    }
  }

  // --- reconnecting ---

  static Table reconnecting(Kitchen kitchen, Path folder) {
    return new Returning(kitchen);
  }

  private record Returning(Kitchen kitchen) implements Table {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);
    private static final byte[] BACK = "back again\n".getBytes(US_ASCII);

    @Override
    public Seat seat(boolean isSlow, Random random) throws Exception {
      ServerSocket door = Kitchen.door();
      ReconnectingClient client =
          kitchen.on(
              map ->
                  new ReconnectingClient(
                      addressOf(door), LONG_ENOUGH, new Random(random.nextLong()), map));
      return new Seat(
          accept(door),
          guest -> {
            try (door) {
              talk(guest, client, door);
            } finally {
              kitchen.on(map -> closed(client));
            }
          });
    }

    /** All arrives; after a break, all that is delivered from then on. */
    private void talk(Guest guest, ReconnectingClient client, ServerSocket door) throws Exception {
      byte[] data = guest.data();
      try {
        guest.send("junk that nobody reads");
        deliver(client, data);
        guest.expect(data);
        guest.send(LONG);
        deliver(client, data);
        guest.expect(data);
        guest.join(); // The client is about to close.
      } catch (Guest.Gone gone) {
        Wire again = accept(door);
        guest.stays();
        deliver(client, BACK);
        heardAgain(guest.joined(again), data);
        throw gone;
      }
    }

    /** What was not sent at all before the break comes first; nothing comes in part. */
    private static void heardAgain(Guest returned, byte[] data) throws Exception {
      byte[] heard = returned.hear(BACK.length);
      if (Arrays.equals(BACK, heard)) return;
      byte[] rest = returned.hear(data.length);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(data);
      all.writeBytes(BACK);
      byte[] found = Arrays.copyOf(heard, heard.length + rest.length);
      System.arraycopy(rest, 0, found, heard.length, rest.length);
      assertArrayEquals(all.toByteArray(), found);
    }

    private void deliver(ReconnectingClient client, byte[] data) {
      kitchen.on(
          map -> {
            client.deliver(data);
            return true;
          });
    }

    private static boolean closed(ReconnectingClient client) {
      client.close();
      return true;
    }

    @Override
    public boolean isClean() {
      return kitchen.map().isEmpty();
    }
  }
}
