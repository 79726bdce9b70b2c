package org.asyncore.netty.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Ascii;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.migrate.DispatcherHandler;
import org.asyncore.netty.loop.LoopBuffers;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Into which buffers a hosted channel is read, and when they come back. */
class HostedReadsTest {
  private final DefaultEventLoop thread = new DefaultEventLoop();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final StringBuilder received = new StringBuilder();

  @AfterEach
  void endThread() {
    end(thread);
  }

  private static void end(EventLoopGroup loop) {
    loop.shutdownGracefully(1, 5000, TimeUnit.MILLISECONDS);
    assertTrue(loop.terminationFuture().awaitUninterruptibly(10, TimeUnit.SECONDS), "loop ends");
  }

  /** On a thread whose event loop lends, as Netty's do. */
  private void onEventLoop(Runnable test) throws Exception {
    thread
        .submit(
            () -> {
              test.run();
              channel.finishAndReleaseAll();
            })
        .get(10, TimeUnit.SECONDS);
  }

  /** Does the same whenever there is something to read. */
  private final class Reader extends Dispatcher {
    private final Consumer<Reader> reads;
    private boolean readable = true;

    Reader(AsyncSocket socket, SocketMap map, Consumer<Reader> reads) {
      super(socket, map);
      this.reads = reads;
    }

    @Override
    public boolean readable() {
      return readable;
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleRead() {
      reads.accept(this);
    }

    @Override
    public void handleClose() {
      close();
    }

    void receive(int byteCount) {
      received.append(Ascii.text(recv(byteCount)));
    }
  }

  private Reader host(Consumer<Reader> reads) {
    DispatcherHandler handler =
        new DispatcherHandler((socket, map) -> new Reader(socket, map, reads));
    channel.pipeline().addLast(handler);
    channel.runPendingTasks();
    return (Reader) handler.dispatcher();
  }

  @SuppressWarnings("deprecation") // Netty's channels use no other handle.
  private ByteBuf allocate() {
    return channel.config().getRecvByteBufAllocator().newHandle().allocate(channel.alloc());
  }

  private static boolean isLent(ByteBuf buffer) {
    LoopBuffers lender = LoopBuffers.ofThread();
    return lender != null && lender.isLent(buffer);
  }

  private boolean lends() {
    ByteBuf buffer = allocate();
    boolean lent = isLent(buffer);
    buffer.release();
    return lent;
  }

  private void read(String text) {
    channel.pipeline().fireChannelRead(allocate().writeBytes(Ascii.bytes(text)));
    channel.pipeline().fireChannelReadComplete();
    channel.runPendingTasks(); // Among them the dispatch.
  }

  @Test
  void aBufferIsLentUntilItsBytesAreTaken() throws Exception {
    onEventLoop(
        () -> {
          host(reader -> reader.receive(8192));
          ByteBuf first = allocate();
          assertTrue(isLent(first));
          assertEquals(LoopBuffers.SIZE, first.capacity());
          assertFalse(lends(), "while it is in use");
          channel.pipeline().fireChannelRead(first.writeBytes(Ascii.bytes("abc")));
          channel.pipeline().fireChannelReadComplete();
          assertEquals("abc", received.toString());
          assertTrue(lends(), "again");
        });
  }

  @Test
  void bytesThatNobodyAsksForKeepNoBufferOfTheLoop() throws Exception {
    onEventLoop(
        () -> {
          Reader reader =
              host(
                  each -> {
                    each.receive(1);
                    each.readable = false;
                  });
          read("abc");
          assertTrue(lends(), "though two bytes are left");
          read("def");
          assertTrue(lends());
          for (int i = 0; i < 5; i++) {
            reader.readable = true;
            reader.interestChanged();
            channel.runPendingTasks();
          }
          assertEquals("abcdef", received.toString());
        });
  }

  @Test
  void whoTakesBuffersThemselvesGetsSuchAsMayBeKeptAndEnlarged() throws Exception {
    onEventLoop(
        () -> {
          List<ByteBuf> kept = new ArrayList<>();
          host(reader -> kept.add(DispatcherChannels.recv(reader)));
          read("abc");
          assertFalse(lends(), "from the first one on");
          read("def");
          for (ByteBuf bytes : kept) {
            assertFalse(isLent(bytes));
            assertEquals(1, bytes.refCnt());
            bytes.writeZero(2 * LoopBuffers.SIZE);
            received.append(bytes.readCharSequence(3, StandardCharsets.US_ASCII));
            bytes.release();
          }
          assertEquals("abcdef", received.toString());
        });
  }

  @Test
  void aHandlerInFrontGetsNettysBuffers() throws Exception {
    onEventLoop(
        () -> {
          host(reader -> reader.receive(8192));
          channel.pipeline().addFirst(new ChannelInboundHandlerAdapter());
          assertFalse(lends());
          read("abc");
          assertEquals("abc", received.toString());
        });
  }

  @Test
  void whatIsHandedOverIsNotLent() throws Exception {
    onEventLoop(
        () -> {
          List<Boolean> lent = new ArrayList<>();
          ChannelInboundHandlerAdapter next =
              new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                  lent.add(isLent((ByteBuf) message));
                  received.append(Ascii.text(ByteBufUtil.getBytes((ByteBuf) message)));
                  ((ByteBuf) message).release();
                }
              };
          host(
              reader -> {
                reader.receive(1);
                DispatcherChannels.migrateTo(reader, next);
              });
          read("abc");
          assertEquals("abc", received.toString());
          assertEquals(List.of(false), lent);
          assertFalse(lends(), "to a channel of others");
        });
  }

  @Test
  void aSizeThatIsNotNettysGuessStays() throws Exception {
    onEventLoop(
        () -> {
          channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(100));
          host(reader -> reader.receive(8192));
          ByteBuf bytes = allocate();
          assertTrue(isLent(bytes));
          assertEquals(100, bytes.capacity());
          bytes.release();
        });
  }

  @Test
  void aTransportThatMayAllocateLongBeforeItReadsIsLentNothing() throws Exception {
    MultiThreadIoEventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
    try {
      LocalChannel local = new LocalChannel();
      assertTrue(loop.register(local).await(10, TimeUnit.SECONDS), "registered");
      RecvByteBufAllocator own = local.config().getRecvByteBufAllocator();
      DispatcherHandler handler = new DispatcherHandler(Dispatcher::new);
      local.eventLoop().submit(() -> local.pipeline().addLast(handler)).get(10, TimeUnit.SECONDS);
      assertNotSame(own, local.config().getRecvByteBufAllocator());
      boolean lends =
          local
              .eventLoop()
              .submit(
                  () -> {
                    RecvByteBufAllocator now = local.config().getRecvByteBufAllocator();
                    ByteBuf bytes = now.newHandle().allocate(local.alloc());
                    boolean isLent = isLent(bytes);
                    bytes.release();
                    return isLent;
                  })
              .get(10, TimeUnit.SECONDS);
      assertFalse(lends);
    } finally {
      end(loop);
    }
  }

  @Test
  void aThreadThatWouldKeepItForEverLendsNone() {
    host(reader -> reader.receive(8192));
    assertFalse(lends());
    read("abc");
    assertEquals("abc", received.toString());
    channel.finishAndReleaseAll();
  }
}
