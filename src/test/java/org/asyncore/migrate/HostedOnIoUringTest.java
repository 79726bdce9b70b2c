package org.asyncore.migrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.fixture.NettyIo;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Dispatchers on an event loop that has the kernel's rings, and what these do not tell. */
class HostedOnIoUringTest {
  private static final int LIMIT_MILLIS = 10_000;
  private static final int LARGE = 120_000;

  private EventLoopGroup group;

  @BeforeEach
  void assumeAvailable() {
    NettyIo.IO_URING.assumeAvailable();
  }

  @AfterEach
  void stop() {
    if (group != null) group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private Channel serve(DispatcherFactory factory) {
    group = new MultiThreadIoEventLoopGroup(1, IoUringIoHandler.newFactory());
    return new ServerBootstrap()
        .group(group)
        .channel(IoUringServerSocketChannel.class)
        .childHandler(DispatcherHandler.each(factory))
        .bind(InetAddress.getLoopbackAddress(), 0)
        .syncUninterruptibly()
        .channel();
  }

  private static Socket connect(Channel server) throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout(LIMIT_MILLIS);
    socket.connect(server.localAddress(), LIMIT_MILLIS);
    return socket;
  }

  @Test
  void bytesComeBackAsTheyWere() throws IOException {
    Channel server = serve(HostedEchoTest.EchoHandler::new);
    byte[] sent = new byte[LARGE];
    new Random(1).nextBytes(sent);
    try (Socket socket = connect(server)) {
      socket.getOutputStream().write(sent);
      assertArrayEquals(sent, socket.getInputStream().readNBytes(LARGE));
    }
  }

  /** Keeps what it hears. */
  private static final class Listening extends DispatcherWithSend {
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private int received;

    Listening(AsyncSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public void handleRead() {
      received += recv(8192).length;
      if (received == LARGE) told.add("all");
    }

    @Override
    public void handleClose() {
      told.add("handleClose");
      close();
    }

    private String next() throws InterruptedException {
      String next = told.poll(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
      return next == null ? "nothing in " + LIMIT_MILLIS + " ms" : next;
    }
  }

  /** docs/differences.md#hosted-on-io-uring: Netty reads no further once the socket looks empty. */
  @Test
  void aResetBehindBytesIsToldByTheNextSend() throws Exception {
    BlockingQueue<Listening> made = new LinkedBlockingQueue<>();
    Channel server =
        serve(
            (socket, map) -> {
              Listening listening = new Listening(socket, map);
              made.add(listening);
              return listening;
            });
    CountDownLatch sent = new CountDownLatch(1);
    Socket socket = connect(server);
    Listening listening = made.poll(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    group.submit(() -> sent.await(LIMIT_MILLIS, TimeUnit.MILLISECONDS));
    socket.getOutputStream().write(new byte[LARGE]);
    socket.setSoLinger(true, 0);
    socket.close();
    sent.countDown();
    assertEquals("all", listening.next());
    for (int i = 0; i < 100; i++) group.submit(() -> {}).sync();
    assertFalse(listening.told.contains("handleClose"), "Netty tells of it: mend the docs");
    group.submit(() -> listening.send(new byte[] {1}));
    assertEquals("handleClose", listening.next());
  }
}
