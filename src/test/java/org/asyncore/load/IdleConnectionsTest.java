package org.asyncore.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Thousands of connections on one loop that have nothing to say: {@code -Dload.connections=10000}.
 */
class IdleConnectionsTest {
  private static final int CONNECTIONS = Integer.getInteger("load.connections", 1000);
  private static final long MOST_BYTES_EACH = 12 << 10;
  private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(4);

  private final SocketMap map = new SocketMap();
  private int ended;

  enum Kind {
    DISPATCHER,
    DISPATCHER_WITH_SEND,
    ASYNC_CHAT
  }

  @AfterEach
  void closeAll() throws InterruptedException {
    Asyncore.closeAll(map, true);
  }

  private final class Listener extends Dispatcher {
    private final Kind kind;

    Listener(Kind kind) {
      super(IdleConnectionsTest.this.map);
      this.kind = kind;
      createSocket();
      bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      listen(1024);
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      switch (kind) {
        case DISPATCHER -> new Plain(socket);
        case DISPATCHER_WITH_SEND -> new WithSend(socket);
        case ASYNC_CHAT -> new Chat(socket);
      }
    }
  }

  private final class Plain extends Dispatcher {
    Plain(AsyncSocket socket) {
      super(socket, IdleConnectionsTest.this.map);
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleRead() {
      recv(8192);
    }

    @Override
    public void handleClose() {
      ended++;
      close();
    }
  }

  private final class WithSend extends DispatcherWithSend {
    WithSend(AsyncSocket socket) {
      super(socket, IdleConnectionsTest.this.map);
    }

    @Override
    public void handleRead() {
      recv(8192);
    }

    @Override
    public void handleClose() {
      ended++;
      close();
    }
  }

  private final class Chat extends AsyncChat {
    Chat(AsyncSocket socket) {
      super(socket, IdleConnectionsTest.this.map);
      setTerminator(new byte[] {'\n'});
    }

    @Override
    public void handleClose() {
      ended++;
      super.handleClose();
    }
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void anIdleConnectionCostsLessThan12KiB(Kind kind) throws Exception {
    Holdings.assumeDescriptors(CONNECTIONS);
    Listener listener = new Listener(kind);
    int port = ((InetSocketAddress) listener.socket().getsockname()).getPort();
    Memory before = Memory.used();
    try (Crowd crowd = Crowd.at(port, CONNECTIONS)) {
      passUntil(CONNECTIONS + 1, crowd);
      Memory cost = Memory.used().minus(before);
      System.out.printf(
          "%s: %d idle connections on %s, each %d bytes of heap and %d of direct memory%n",
          kind,
          CONNECTIONS,
          map.transport().name(),
          cost.heap() / CONNECTIONS,
          cost.direct() / CONNECTIONS);
      long each = cost.total() / CONNECTIONS;
      assertTrue(each < MOST_BYTES_EACH, () -> "each costs " + each + " bytes: " + cost);
    }
    passUntil(1, null);
    assertEquals(CONNECTIONS, ended, "connections whose end was told");
  }

  private void passUntil(int size, Crowd crowd) throws InterruptedException {
    long start = System.nanoTime();
    while (map.size() != size) {
      if (System.nanoTime() - start > LIMIT_NANOS || (crowd != null && !crowd.isAlive())) {
        throw new AssertionError(map.size() + " in the map, " + size + " were expected");
      }
      Asyncore.loop(0.01, true, map, 1);
    }
  }
}
