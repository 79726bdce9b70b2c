package org.asyncore.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Warnings;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hosted dispatcher that closes on bytes which its peer does not take. */
class HostedLingerTest {
  private static final int LIMIT_MILLIS = 20_000;

  private HostedClient client;
  private Filler filler;

  @AfterEach
  void stop() {
    System.clearProperty("org.asyncore.linger");
    if (client != null) client.close();
  }

  /** Fills the kernel and the channel. */
  private static final class Filler extends Dispatcher {
    private final boolean fills;

    Filler(AsyncSocket socket, SocketMap map, boolean fills) {
      super(socket, map);
      this.fills = fills;
    }

    @Override
    public boolean writable() {
      return fills;
    }

    @Override
    public boolean readable() {
      return false;
    }

    @Override
    public void handleWrite() {
      if (fills) send(new byte[1 << 16]);
    }
  }

  private Channel connect(String transport, SocketAddress address) {
    client = new HostedClient(transport);
    return client
        .bootstrap((socket, map) -> filler = new Filler(socket, map, true))
        .connect(address)
        .syncUninterruptibly()
        .channel();
  }

  /** Until the kernel takes no more, for as long as a hundred looks take. */
  private static void awaitFull(Channel channel) {
    long start = System.nanoTime();
    for (int looks = 0; looks < 100; looks++) {
      if (channel.isWritable()) looks = 0;
      LockSupport.parkNanos(1_000_000);
      boolean isLate = System.nanoTime() - start > TimeUnit.MILLISECONDS.toNanos(LIMIT_MILLIS);
      assertFalse(isLate, () -> "waited for a full " + channel);
    }
  }

  private static void awaitEnd(Channel channel) {
    boolean ends = channel.closeFuture().awaitUninterruptibly(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    assertTrue(ends, () -> "waited for the end of " + channel);
  }

  /** Not the end of the stream, or what came would look like all there was. */
  private static void assertReset(Socket peer) throws SocketException {
    peer.setSoTimeout(LIMIT_MILLIS);
    assertThrows(SocketException.class, () -> peer.getInputStream().readAllBytes());
  }

  private static ServerSocket listen() throws IOException {
    ServerSocket listening = new ServerSocket();
    listening.setReceiveBufferSize(4096);
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
    return listening;
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll", "io_uring"})
  void whoTakesNothingForTooLongIsReset(String transport) throws Exception {
    System.setProperty("org.asyncore.linger", "0.2");
    try (ServerSocket listening = listen();
        Warnings warnings = new Warnings()) {
      Channel channel = connect(transport, listening.getLocalSocketAddress());
      try (Socket peer = listening.accept()) {
        awaitFull(channel);
        channel.eventLoop().submit(() -> filler.close()).syncUninterruptibly();
        awaitEnd(channel);
        assertReset(peer);
        assertEquals(1, warnings.lines().size(), () -> warnings.lines().toString());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll", "io_uring"})
  void withALingerOfZeroNobodyIsWaitedFor(String transport) throws Exception {
    try (ServerSocket listening = listen();
        Warnings warnings = new Warnings()) {
      Channel channel = connect(transport, listening.getLocalSocketAddress());
      try (Socket peer = listening.accept()) {
        awaitFull(channel);
        channel.eventLoop().submit(this::resetAndClose).syncUninterruptibly();
        boolean isAtOnce =
            !transport.equals("io_uring"); // Which closes when its last read is back.
        if (isAtOnce) assertFalse(channel.isOpen(), "closes at once");
        awaitEnd(channel);
        assertReset(peer);
        assertEquals(List.of(), warnings.lines());
      }
    }
  }

  private void resetAndClose() {
    filler.socket().setsockopt(StandardSocketOptions.SO_LINGER, 0);
    filler.close();
  }

  /** A kernel that has all that was sent, and no room for more. */
  private static final class NoRoom extends ChannelOutboundHandlerAdapter {
    private volatile boolean isFull;

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      if (isFull) ReferenceCountUtil.release(message);
      else context.write(message, promise);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll", "io_uring"})
  void aCloseNotifyThatFindsNoRoomIsNotWaitedForWithoutEnd(String transport) throws Exception {
    System.setProperty("org.asyncore.linger", "0.2");
    NoRoom noRoom = new NoRoom();
    client = new HostedClient(transport);
    Channel listening = client.listen(Certificates.LOCALHOST.server().build());
    SslHandler tls = Certificates.client().build().newHandler(listening.alloc(), "localhost", 1);
    try (Warnings warnings = new Warnings()) {
      Channel channel =
          client
              .bootstrap((socket, map) -> filler = new Filler(socket, map, false))
              .connect(listening.localAddress())
              .syncUninterruptibly()
              .channel();
      channel.pipeline().addFirst(noRoom, tls);
      tls.handshakeFuture().syncUninterruptibly();
      noRoom.isFull = true;
      channel.eventLoop().submit(() -> filler.close()).syncUninterruptibly();
      awaitEnd(channel);
      assertEquals(1, warnings.lines().size(), () -> warnings.lines().toString());
    }
  }
}
