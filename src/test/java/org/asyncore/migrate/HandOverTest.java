package org.asyncore.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Connections under load go from dispatchers to native handlers and back, several times, in the
 * middle of their streams, all of them at once; each client compares every byte.
 *
 * <p>How many: {@code -Dhandover.connections=200}, {@code -Dhandover.runs=1}. A thousand need some
 * 2,100 descriptors.
 */
class HandOverTest {
  private static final int CONNECTIONS = Integer.getInteger("handover.connections", 200);
  private static final int RUNS = Integer.getInteger("handover.runs", 1);
  private static final int BYTE_COUNT = 80_000;

  /** From a dispatcher to a handler, and back, and so on. */
  private static final int HAND_OVERS = 4;

  private final AtomicInteger made = new AtomicInteger();
  private final AtomicInteger migrated = new AtomicInteger();
  private final AtomicInteger adopted = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private TlsWorld world;

  @AfterEach
  void closeAll() throws InterruptedException {
    if (world != null) world.close();
  }

  /** What one connection has before it. */
  private final class Course {
    private final int number = made.getAndIncrement();
    private int handOvers;
    private int left;

    Course() {
      next();
    }

    /** Each connection at other places in its stream. */
    void next() {
      left = 1 + (number * 7919 + handOvers * 104_729) % (BYTE_COUNT / HAND_OVERS - 10_000);
    }

    boolean passed(int byteCount) {
      left -= byteCount;
      return left <= 0 && handOvers < HAND_OVERS;
    }

    void handedOver(AtomicInteger counted) {
      handOvers++;
      counted.incrementAndGet();
      next();
    }
  }

  /** Echoes, and gives its connection away when its part of the course is over. */
  private final class Echo extends DispatcherWithSend {
    private final Course course;

    Echo(AsyncSocket socket, SocketMap map, Course course) {
      super(socket, map);
      this.course = course;
    }

    @Override
    public boolean readable() {
      return outBufferSize() < 20_000;
    }

    @Override
    public void handleRead() {
      byte[] data = recv(5000);
      if (data.length == 0) return;
      boolean isOver = course.passed(data.length) && outBufferSize() == 0;
      if (isOver && course.number % 2 == 0) {
        migrate(data); // Received, and not used.
        return;
      }
      send(data);
      if (isOver && outBufferSize() == 0) migrate(new byte[0]);
    }

    private void migrate(byte[] received) {
      course.handedOver(migrated);
      DispatcherChannels.migrateTo(this, new NativeEcho(course, map()), received);
    }

    @Override
    public void handleError(Throwable thrown) {
      world.told("handleError " + thrown);
      super.handleError(thrown);
    }

    @Override
    public void handleClose() {
      close();
      ended.incrementAndGet();
    }
  }

  /** The same as a native handler. */
  private final class NativeEcho extends ChannelInboundHandlerAdapter {
    private final Course course;
    private final SocketMap map;

    NativeEcho(Course course, SocketMap map) {
      this.course = course;
      this.map = map;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      int echoed = Math.min(bytes.readableBytes(), Math.max(course.left, 1));
      boolean isOver = course.passed(echoed);
      context.write(isOver ? bytes.readRetainedSlice(echoed) : bytes);
      if (!isOver) return;
      course.handedOver(adopted);
      adopt(context.channel());
      context.fireChannelRead(bytes); // What is left of it, if anything, is for the dispatcher.
      context.pipeline().remove(this);
      context.flush();
    }

    private void adopt(Channel channel) {
      if (world.isHosted()) {
        channel
            .pipeline()
            .addLast(new DispatcherHandler((socket, map) -> new Echo(socket, map, course), map));
      } else {
        new Echo(DispatcherChannels.adopt(map, channel), map, course);
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
      context.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      context.channel().config().setAutoRead(context.channel().isWritable());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      ended.incrementAndGet();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      world.told("exceptionCaught " + cause);
      context.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll", "hosted"})
  @Timeout(value = 60, unit = TimeUnit.MINUTES) // For the most that anybody asks of it.
  void noByteIsLostOrRepeatedOrOutOfOrder(String place) throws Exception {
    assumeDescriptors(2 * CONNECTIONS + 100);
    world = new TlsWorld(place);
    InetSocketAddress address = world.serve((socket, map) -> new Echo(socket, map, new Course()));
    for (int run = 1; run <= RUNS; run++) {
      CompletableFuture<Void> load =
          TlsWorld.start(() -> StreamLoad.run(address, CONNECTIONS, BYTE_COUNT));
      world.pass(load, () -> made + " " + migrated + " " + adopted + " " + ended);
      int total = run * CONNECTIONS;
      world.until(() -> ended.get() >= total, "the end of all connections");
      assertEquals(total, ended.get(), "ends");
      assertEquals(total, made.get(), "connections: nobody has come twice");
      assertEquals(total * HAND_OVERS / 2, migrated.get());
      assertEquals(total * HAND_OVERS / 2, adopted.get());
      assertEquals(0, world.calls().size(), world.calls()::toString);
    }
  }

  private static void assumeDescriptors(int needed) {
    if (!(ManagementFactory.getOperatingSystemMXBean()
        instanceof UnixOperatingSystemMXBean system)) {
      return;
    }
    long free = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount();
    assumeTrue(free >= needed, () -> "needs " + needed + " descriptors; there are " + free);
  }
}
