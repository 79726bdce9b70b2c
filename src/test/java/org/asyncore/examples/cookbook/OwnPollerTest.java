package org.asyncore.examples.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.asyncore.Asyncore;
import org.asyncore.SocketMap;
import org.asyncore.examples.ChatRoom;
import org.asyncore.fixture.Wiring;
import org.asyncore.testkit.TestLoop;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.asyncore.transport.SocketType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class OwnPollerTest {
  private static final String TRANSPORTS = "org.asyncore.fixture.Wiring#transports";
  private static final Duration TURN = Duration.ofMillis(50);

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void dispatchersAreServedByAPollerOfTheProgramsOwn(Wiring wiring) throws Exception {
    wiring.assumeAvailable();
    SocketMap map = new SocketMap(wiring.transport());
    ChatRoom room = new ChatRoom("127.0.0.1", 0, map);
    InetSocketAddress address = (InetSocketAddress) room.socket().getsockname();
    AtomicBoolean isOver = new AtomicBoolean();
    CompletableFuture<Void> polling =
        CompletableFuture.runAsync(
            () -> {
              OwnPoller poller = new OwnPoller(map);
              try {
                while (!isOver.get()) poller.once(TURN);
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    List<Socket> guests = new ArrayList<>();
    try {
      for (int i = 0; i < Integer.getInteger("cookbook.clients", 6); i++) {
        guests.add(Kitchen.connect(address));
        assertEquals("* guest" + (i + 1) + " is here", Kitchen.reader(guests.get(i)).readLine());
      }
      Kitchen.send(guests.get(0), "hello\n");
      for (Socket guest : guests) {
        var in = Kitchen.reader(guest);
        String line = in.readLine();
        while (!line.equals("guest1: hello")) {
          assertTrue(line.endsWith("is here"), line);
          line = in.readLine();
        }
      }
      Kitchen.reset(guests.get(1));
      assertEquals("* guest2 has left", Kitchen.reader(guests.get(2)).readLine());
    } finally {
      isOver.set(true);
      Kitchen.within(polling);
      for (Socket guest : guests) guest.close();
      Asyncore.closeAll(map, true);
    }
  }

  @Test
  void aConnectionClosedByAnEarlierCallIsLeftAlone() throws Exception {
    try (TestLoop loop = new TestLoop()) {
      List<String> called = new ArrayList<>();
      AsyncSocket[] sockets = new AsyncSocket[2];
      for (int i = 0; i < 2; i++) {
        sockets[i] = loop.map().transport().socket(Family.INET, SocketType.STREAM);
      }
      for (AsyncSocket socket : sockets) {
        new org.asyncore.Dispatcher(socket, loop.map()) {
          @Override
          public void handleRead() {
            called.add("read");
          }

          @Override
          public void handleWrite() {
            called.add("write");
            for (AsyncSocket each : sockets) each.close();
            loop.map().clear();
          }
        };
      }
      new OwnPoller(loop.map()).once(Duration.ZERO);
      assertEquals(List.of("read", "write"), called); // Of the first one alone.
    }
  }
}
