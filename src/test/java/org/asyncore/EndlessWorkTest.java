package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.NettyIo;
import org.asyncore.fixture.Other;
import org.asyncore.fixture.Peer;
import org.asyncore.fixture.Wiring;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.netty.NettyTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever work has no end, everything else of the loop gets its share. */
@ParameterizedClass
@MethodSource("org.asyncore.fixture.Wiring#inet")
class EndlessWorkTest {
  private static final int SLOW_CALLS = 2000;

  private final Wiring wiring;
  private final Loopback loopback;
  private final SocketMap map;
  private final EventLoopGroup group;
  private final List<Other<Void>> threads = new ArrayList<>();
  private final AtomicInteger runs = new AtomicInteger();
  private volatile boolean over;
  private Dispatcher listener;

  EndlessWorkTest(Wiring wiring) {
    this.wiring = wiring;
    loopback = new Loopback(wiring);
    map = loopback.map();
    group = DispatcherChannels.eventLoopGroup(map);
  }

  @AfterEach
  void stop() {
    over = true;
    for (Other<Void> thread : threads) thread.thread().interrupt();
    loopback.close();
  }

  /** Kinds of work that beget more of it, for as long as the test lasts. */
  enum Flood {
    TASKS {
      @Override
      void begin(EndlessWorkTest test) {
        test.group.execute(test.again(test.group::execute));
      }
    },
    TASKS_THAT_ARE_DUE {
      @Override
      void begin(EndlessWorkTest test) {
        test.again(call -> watched(test.group.schedule(call, 0, TimeUnit.NANOSECONDS))).run();
      }
    },
    TASKS_THAT_ARE_ALWAYS_LATE {
      @Override
      void begin(EndlessWorkTest test) {
        watched(
            test.group.scheduleAtFixedRate(test.runs::incrementAndGet, 0, 1, TimeUnit.NANOSECONDS));
      }
    },
    TASKS_OF_A_THREAD {
      @Override
      void begin(EndlessWorkTest test) {
        test.keepDoing(() -> test.group.execute(test.runs::incrementAndGet));
      }
    },
    POSTED_CALLS {
      @Override
      void begin(EndlessWorkTest test) {
        NettyTransport transport = (NettyTransport) test.map.transport();
        test.group.execute(test.again(transport::post));
      }
    },
    COMMANDS {
      @Override
      void begin(EndlessWorkTest test) {
        test.map.execute(test.again(test.map::execute));
      }
    },
    COMMANDS_OF_A_THREAD {
      @Override
      void begin(EndlessWorkTest test) {
        test.keepDoing(
            () -> {
              int before = test.runs.get();
              test.map.execute(test.runs::incrementAndGet);
              while (test.runs.get() == before && !test.over) Thread.onSpinWait();
            });
      }
    },
    CALLS_THAT_ARE_DUE {
      @Override
      void begin(EndlessWorkTest test) {
        test.map.execute(test.again(call -> test.map.callLater(Duration.ZERO, call)));
      }
    },
    CALLS_THAT_ARE_ALWAYS_LATE {
      @Override
      void begin(EndlessWorkTest test) {
        test.map.callEvery(Duration.ofNanos(1), test.runs::incrementAndGet);
      }
    },
    WAKE_UPS {
      @Override
      void begin(EndlessWorkTest test) {
        test.keepDoing(test.map::wakeup);
      }
    },
    CHANGES_OF_INTEREST {
      @Override
      void begin(EndlessWorkTest test) {
        test.keepDoing(test.listener::interestChanged);
      }
    },
    DEMANDS_FOR_THE_TURN {
      @Override
      void begin(EndlessWorkTest test) {
        test.keepDoing(() -> test.listener.socket().getsockname());
      }
    };

    abstract void begin(EndlessWorkTest test);
  }

  private static void watched(io.netty.util.concurrent.Future<?> future) {
    assertTrue(!future.isCancelled(), "cancelled: " + future);
  }

  /** A piece of work that has another one done, by this. */
  private Runnable again(java.util.function.Consumer<Runnable> another) {
    return new Runnable() {
      @Override
      public void run() {
        runs.incrementAndGet();
        if (!over) another.accept(this);
      }
    };
  }

  /** A thread that does this until the test is over. */
  private void keepDoing(Runnable work) {
    threads.add(
        Other.thread(
            "flood",
            () -> {
              while (!over) work.run();
              return null;
            }));
  }

  private void begin(Flood flood) {
    listener = loopback.listener("listener").wants(true, false);
    flood.begin(this);
  }

  private Other<Void> loop() {
    Other<Void> looper =
        Other.thread(
            "looper",
            () -> {
              Asyncore.loop(Asyncore.FOREVER, wiring.usePoll(), map);
              return null;
            });
    threads.add(looper);
    return looper;
  }

  // --- what goes on ---

  @ParameterizedTest
  @EnumSource
  void bytesAreAnsweredAndTimersTick(Flood flood) {
    Loopback.Linked linked = loopback.link("a");
    linked.dispatcher().wants(true, false).on("handleRead", d -> d.send(d.recv(100)));
    AtomicInteger ticks = new AtomicInteger();
    map.callEvery(Duration.ofMillis(1), ticks::incrementAndGet);
    begin(flood);
    loop();
    for (String text : List.of("one", "two", "three")) {
      assertEquals(text, linked.peer().send(text).receive(text.length()));
    }
    Other.await(() -> ticks.get() > 2, "third tick of a timer");
  }

  @ParameterizedTest
  @EnumSource
  void aStopEndsTheLoop(Flood flood) {
    begin(flood);
    Other<Void> looper = loop().awaitIn("runIo");
    map.stop();
    looper.result();
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptEndsTheLoop(Flood flood) {
    begin(flood);
    Other<Void> looper = loop().awaitIn("runIo");
    looper.thread().interrupt();
    assertInstanceOf(InterruptedException.class, looper.failure());
  }

  @ParameterizedTest
  @EnumSource
  void passesAreCounted(Flood flood) throws InterruptedException {
    begin(flood);
    Asyncore.loop(0, wiring.usePoll(), map, 3);
  }

  @ParameterizedTest
  @EnumSource
  void anotherThreadGetsTheTurn(Flood flood) {
    begin(flood);
    loop().awaitIn("runIo");
    for (int i = 0; i < 3; i++) {
      Other.thread("caller", () -> listener.socket().getsockname()).result();
    }
  }

  @ParameterizedTest
  @EnumSource
  void nativeChannelsAreServed(Flood flood) {
    begin(flood);
    InetSocketAddress address = bindNative();
    loop();
    Peer peer = loopback.peer(address);
    assertEquals("hello", peer.send("hello").receive(5));
    bindNative();
  }

  private InetSocketAddress bindNative() {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(group)
            .channel(NettyIo.named(wiring.transport()).serverChannel())
            .childHandler(
                new ChannelInboundHandlerAdapter() {
                  @Override
                  public boolean isSharable() {
                    return true;
                  }

                  @Override
                  public void channelRead(ChannelHandlerContext context, Object message) {
                    context.writeAndFlush(message, context.voidPromise());
                  }
                })
            .bind(loopback.anyPort());
    assertTrue(bound.awaitUninterruptibly(10, TimeUnit.SECONDS), "no end of bind() after 10 s");
    return (InetSocketAddress) bound.channel().localAddress();
  }

  // --- work that is long, though it has an end ---

  @Test
  void bytesAreAnsweredBetweenSlowCommands() {
    answersBetween(() -> map.execute(this::takeLong));
  }

  @Test
  void bytesAreAnsweredBetweenSlowCalls() {
    answersBetween(() -> map.callLater(Duration.ZERO, this::takeLong));
  }

  @Test
  void bytesAreAnsweredBetweenSlowTasks() {
    answersBetween(() -> group.execute(this::takeLong));
  }

  @Test
  void bytesAreAnsweredBetweenSlowPostedCalls() {
    NettyTransport transport = (NettyTransport) map.transport();
    answersBetween(() -> transport.post(this::takeLong));
  }

  private void takeLong() {
    long start = System.nanoTime();
    while (System.nanoTime() - start < 1_000_000 && !over) Thread.onSpinWait();
    runs.incrementAndGet();
  }

  /**
   * All of them are asked for in one command, and so run in one pass if nobody looks at the time.
   */
  private void answersBetween(Runnable ask) {
    Loopback.Linked linked = loopback.link("a");
    AtomicInteger before = new AtomicInteger();
    linked
        .dispatcher()
        .wants(true, false)
        .on(
            "handleRead",
            d -> {
              before.set(runs.get());
              d.send(d.recv(100));
            });
    map.execute(
        () -> {
          for (int i = 0; i < SLOW_CALLS; i++) ask.run();
          linked.peer().send("hello");
        });
    loop();
    assertEquals("hello", linked.peer().receive(5));
    assertTrue(before.get() < SLOW_CALLS, "bytes were read when all work was done");
  }
}
