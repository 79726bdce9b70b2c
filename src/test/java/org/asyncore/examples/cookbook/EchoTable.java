package org.asyncore.examples.cookbook;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.function.BiConsumer;
import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;

/** An echo, for recipes that need somebody behind them, and what its guests say. */
final class EchoTable {
  private EchoTable() {}

  /** Listens, and hands on whoever comes. */
  static final class Listener extends Dispatcher {
    private final BiConsumer<AsyncSocket, SocketAddress> accepted;

    Listener(SocketMap map, BiConsumer<AsyncSocket, SocketAddress> accepted) {
      super(map);
      this.accepted = accepted;
      createSocket();
      bind("127.0.0.1", 0);
      listen(128);
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      accepted.accept(socket, address);
    }
  }

  /** Reads no more than its peer reads, and ends when all has left. */
  static final class Echo extends DispatcherWithSend {
    private boolean isFull;
    private boolean inputEnded;

    Echo(AsyncSocket socket, SocketMap map) {
      super(socket, map);
      waterMarks(16 << 10, 64 << 10);
    }

    @Override
    public boolean readable() {
      return !isFull && !inputEnded;
    }

    @Override
    public void handleRead() {
      byte[] data = recv(16 << 10);
      if (data.length > 0) send(data);
    }

    @Override
    public void handleHighWater() {
      isFull = true;
    }

    @Override
    public void handleLowWater() {
      isFull = false;
    }

    @Override
    public void handleClose() {
      if (inputEnded) close(); // Told again: nothing can be sent either.
      else whenSent(this::close);
      inputEnded = true;
    }

    @Override
    public void handleError(Throwable thrown) {
      close();
    }
  }

  static InetSocketAddress serve(Kitchen kitchen) {
    return kitchen.serve(map -> new Listener(map, (socket, address) -> new Echo(socket, map)));
  }

  /** Says half of it, hears that, and then the rest, to the end. */
  static void halfClosing(Guest guest) throws Exception {
    byte[] rest = first(guest);
    guest.end();
    guest.expect(rest);
    guest.expectEnd();
  }

  /** The same, of an echo that takes an end for the end of all. */
  static void closing(Guest guest) throws Exception {
    byte[] rest = first(guest);
    guest.expect(rest);
  }

  private static byte[] first(Guest guest) throws Exception {
    byte[] data = guest.data();
    int half = guest.random().nextInt(2000);
    byte[] first = Arrays.copyOf(data, half);
    byte[] rest = Arrays.copyOfRange(data, half, data.length);
    guest.send(first);
    guest.expect(first);
    guest.send(rest);
    return rest;
  }
}
