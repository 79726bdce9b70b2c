package org.asyncore.border;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Memory that cannot be had for one connection ends that one, and neither its loop nor others. */
class NoMemoryTest {
  private static final int MOST_PASSES = 200;

  /** Has none, from when it is told on. */
  private static final class Exhausted extends AbstractByteBufAllocator {
    private boolean isExhausted;

    Exhausted() {
      super(true);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
      if (isExhausted) throw new OutOfMemoryError("Direct buffer memory");
      return UnpooledByteBufAllocator.DEFAULT.directBuffer(initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
      return UnpooledByteBufAllocator.DEFAULT.heapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
      return false;
    }
  }

  private final List<OsException> errors = new ArrayList<>();
  private final List<Guest> guests = new ArrayList<>();

  private final class Guest extends Dispatcher {
    private final Exhausted memory = new Exhausted();

    Guest(AsyncSocket socket, SocketMap map, boolean inPipeline) {
      super(socket, map);
      // With somebody in front: else what is read goes into the loop's own memory.
      if (inPipeline)
        DispatcherChannels.pipeline(this).addFirst(new ChannelInboundHandlerAdapter());
      DispatcherChannels.channel(this).config().setAllocator(memory);
      guests.add(this);
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleRead() {
      byte[] data = recv(300_000); // More than what a loop has of its own.
      if (data.length > 0) send(data);
    }

    @Override
    public void handleError(Throwable thrown) {
      errors.add((OsException) thrown);
      close();
    }

    @Override
    public void handleClose() {
      close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "epoll, false, false",
    "epoll, true, false",
    "epoll, false, true",
    "epoll, true, true",
    "nio, false, false",
    "nio, true, false",
    "nio, false, true",
    "nio, true, true"
  })
  void itEndsTheOneThatAsksForIt(String transport, boolean usePoll, boolean inPipeline)
      throws Exception {
    SocketMap map = new SocketMap(transport);
    Dispatcher listener =
        new Dispatcher(map) {
          @Override
          public boolean writable() {
            return false;
          }

          @Override
          public void handleAccepted(AsyncSocket socket, SocketAddress address) {
            new Guest(socket, map(), inPipeline);
          }
        };
    listener.createSocket();
    listener.bind("127.0.0.1", 0);
    listener.listen(5);
    int port = ((InetSocketAddress) listener.socket().getsockname()).getPort();
    try (Socket poor = new Socket(InetAddress.getLoopbackAddress(), port);
        Socket other = new Socket(InetAddress.getLoopbackAddress(), port)) {
      loopUntil(map, usePoll, 2, () -> guests.size() == 2);
      guests.get(0).memory.isExhausted = true;
      poor.getOutputStream().write(new byte[10]);
      other.getOutputStream().write(new byte[] {7});
      loopUntil(map, usePoll, 2, () -> guests.get(0).fileno() < 0);
      other.setSoTimeout(5000);
      loopUntil(map, usePoll, 1, () -> available(other));
      assertEquals(7, other.getInputStream().read());
      assertFalse(errors.isEmpty());
      for (OsException error : errors) assertEquals(Errno.ENOMEM, error.errno());
      assertTrue(listener.accepting());
      assertTrue(guests.get(1).fileno() >= 0);
    } finally {
      Asyncore.closeAll(map, true);
    }
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static boolean available(Socket socket) throws java.io.IOException {
    return socket.getInputStream().available() > 0;
  }

  private void loopUntil(SocketMap map, boolean usePoll, int passes, Condition condition)
      throws Exception {
    for (int i = 0; i < MOST_PASSES && !condition.holds(); i++) {
      Asyncore.loop(0.05, usePoll, map, passes);
    }
    assertTrue(condition.holds(), () -> "in " + MOST_PASSES + " rounds; errors: " + errors);
  }
}
