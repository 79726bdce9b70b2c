package org.asyncore.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Wiring;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A connection that a full listener keeps under way. */
class ConnectingTest {
  /** More than Linux lets into a backlog of 1. */
  private static final int CONNECTIONS = 6;

  private SocketMap map;

  @AfterEach
  void closeAll() throws InterruptedException {
    if (map != null) Asyncore.closeAll(map, true);
  }

  private Dispatcher connect(ServerSocket full, boolean hasPipeline) {
    Dispatcher dispatcher = new Dispatcher(map);
    dispatcher.createSocket();
    if (hasPipeline) DispatcherChannels.pipeline(dispatcher);
    dispatcher.connect(full.getLocalSocketAddress());
    return dispatcher;
  }

  @ParameterizedTest
  @CsvSource({"epoll, false", "epoll, true", "nio, false", "nio, true"})
  void itHasNoPeerBeforeItIsUp(String transport, boolean hasPipeline) throws Exception {
    new Wiring(transport, Family.INET, true).assumeAvailable();
    map = new SocketMap(transport);
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<Dispatcher> dispatchers = new ArrayList<>();
      while (dispatchers.size() < CONNECTIONS) dispatchers.add(connect(full, hasPipeline));
      AsyncSocket last = dispatchers.get(CONNECTIONS - 1).socket();
      assertEquals(Errno.ENOTCONN, assertThrows(OsException.class, last::getpeername).errno());
      AsyncSocket first = dispatchers.get(0).socket();
      Levels.await("out", first);
      InetSocketAddress address = (InetSocketAddress) full.getLocalSocketAddress();
      assertEquals(address, first.getpeername());
    }
  }
}
