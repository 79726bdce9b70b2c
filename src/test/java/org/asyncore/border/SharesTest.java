package org.asyncore.border;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.FileDispatcher;
import org.asyncore.LoopThread;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Other;
import org.asyncore.fixture.Passes;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.asyncore.transport.Pipe;
import org.asyncore.transport.SocketType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everyone gets a share of a pass: whatever never ends leaves room for input, timers, stopping and
 * interrupts; and what nobody wants to hear of lets a loop sleep.
 */
class SharesTest {
  private static final int TICKS = 5;

  /** What begets itself for ever. */
  enum Source {
    /** A task of the event loop. */
    TASK,
    /** As many as a few thousand at a time. */
    MANY_TASKS,
    /** A scheduled task whose time has come already. */
    SCHEDULED,
    /** A command of the map. */
    COMMAND,
    /** A call of the map that is due. */
    CALL_LATER,
    /** A call of a dispatcher that is due. */
    DISPATCHERS_CALL,
    /** A dispatcher that is always writable. */
    SPIN
  }

  record Case(Row row, Source source) {
    @Override
    public String toString() {
      return row + ", " + source;
    }
  }

  static Stream<Case> cases() {
    Stream<Case> all =
        Row.of(Mode.LOOP)
            .flatMap(row -> Stream.of(Source.values()).map(source -> new Case(row, source)));
    return Sample.of(all, 10);
  }

  private static final class Echo extends Dispatcher {
    Echo(AsyncSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleRead() {
      byte[] bytes = recv(100);
      if (bytes.length > 0) send(bytes);
    }
  }

  /** Runs again and again until it is told to end. */
  private static final class Endless {
    private final SocketMap map;
    private final Dispatcher dispatcher;
    private volatile boolean isOver;

    Endless(SocketMap map, Dispatcher dispatcher) {
      this.map = map;
      this.dispatcher = dispatcher;
    }

    void begin(Source source) {
      EventLoop loop = (EventLoop) DispatcherChannels.eventLoopGroup(map).next();
      switch (source) {
        case TASK -> again(loop::execute, 1);
        case MANY_TASKS -> again(loop::execute, 3_000);
        case SCHEDULED -> again(task -> loop.schedule(task, 0, TimeUnit.NANOSECONDS), 1);
        case COMMAND -> again(map::execute, 1);
        case CALL_LATER -> again(task -> map.callLater(Duration.ZERO, task), 1);
        case DISPATCHERS_CALL -> again(task -> dispatcher.callLater(Duration.ZERO, task), 1);
        case SPIN -> new Spinning(map, this);
      }
    }

    private interface Queue {
      void add(Runnable task);
    }

    private void again(Queue queue, int count) {
      for (int i = 0; i < count; i++) queue.add(new Again(queue));
    }

    private final class Again implements Runnable {
      private final Queue queue;

      Again(Queue queue) {
        this.queue = queue;
      }

      @Override
      public void run() {
        if (!isOver) queue.add(this);
      }
    }
  }

  private static final class Spinning extends Dispatcher {
    private final Endless endless;

    Spinning(SocketMap map, Endless endless) {
      super(map);
      this.endless = endless;
      createSocket(Family.INET, SocketType.DGRAM);
    }

    @Override
    public boolean writable() {
      return !endless.isOver;
    }

    @Override
    public void handleWrite() {
      // For nothing.
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatNeverEndsLeavesRoomForTheOthers(Case tried) throws Exception {
    tried.row.assumeAvailable();
    SocketMap map = new SocketMap(tried.row.transport());
    Door door = new Door(map);
    AtomicInteger ticks = new AtomicInteger();
    map.callEvery(Duration.ofMillis(5), ticks::incrementAndGet);
    Endless endless = new Endless(map, door);
    LoopThread loop = new LoopThread("shared", map).usePoll(tried.row.usePoll()).daemon(true);
    try (Remote remote = Remote.to(door.socket().getsockname())) {
      loop.start();
      remote.start(false);
      Other.await(remote::isReady, "connection");
      loop.execute(() -> endless.begin(tried.source));
      remote.send(Bytes.of(0, 4));
      Other.await(() -> remote.receivedCount() == 4, "echo beside " + tried.source);
      int seen = ticks.get();
      Other.await(() -> ticks.get() >= seen + TICKS, "ticks beside " + tried.source);
      loop.stop(Duration.ZERO);
      boolean hasEnded = loop.join(Duration.ofSeconds(3));
      endless.isOver = true;
      assertTrue(hasEnded, () -> "stop() waits for " + tried.source);
    } finally {
      endless.isOver = true;
      loop.stop(Duration.ZERO);
      loop.join(Duration.ofSeconds(3));
    }
  }

  private static final class Door extends Dispatcher {
    Door(SocketMap map) {
      super(map);
      createSocket();
      bind("127.0.0.1", 0);
      listen(5);
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      new Echo(socket, map());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void anInterruptEndsALoopBesideWhatNeverEnds(Case tried) {
    tried.row.assumeAvailable();
    SocketMap map = new SocketMap(tried.row.transport());
    Door door = new Door(map);
    Endless endless = new Endless(map, door);
    Other<String> looping =
        Other.thread(
            "looping",
            () -> {
              endless.begin(tried.source);
              try {
                Asyncore.loop(Asyncore.FOREVER, tried.row.usePoll(), map);
                return "ended by itself";
              } catch (InterruptedException interrupted) {
                return "interrupted";
              }
            });
    try {
      looping.awaitIn("loop");
      looping.thread().interrupt();
      Other.await(looping::isDone, "end of a loop beside " + tried.source);
      assertEquals("interrupted", looping.result());
    } finally {
      endless.isOver = true;
      door.close();
    }
  }

  static Stream<Row> loops() {
    return Row.of(Mode.LOOP);
  }

  /** CPython makes four passes of a quarter of a second each. */
  @ParameterizedTest
  @MethodSource("loops")
  void aHangUpThatNobodyIsToldOfLetsTheLoopSleep(Row row) throws Exception {
    row.assumeAvailable();
    SocketMap map = new SocketMap(row.transport());
    Pipe pipe = map.transport().pipe();
    int[] closes = {0};
    FileDispatcher reader =
        new FileDispatcher(pipe.reader().fileno(), map) {
          @Override
          public boolean readable() {
            return false;
          }

          @Override
          public void handleClose() {
            closes[0]++;
            close();
          }
        };
    pipe.reader().close();
    pipe.writer().close();
    long start = System.nanoTime();
    int passes = 0;
    for (; passes < 8 && !map.isEmpty(); passes++) Passes.loop(0.05, row.usePoll(), map, 1);
    long millis = (System.nanoTime() - start) / 1_000_000;
    boolean isTold = row.usePoll();
    assertEquals(isTold ? 1 : 0, closes[0], "in poll's order alone it is told");
    if (!isTold) assertTrue(millis >= 8 * 45, () -> "8 passes took " + millis + " ms");
    reader.close();
  }
}
