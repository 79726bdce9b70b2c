package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.fixture.Other;
import org.asyncore.fixture.Peer;
import org.asyncore.fixture.Wiring;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Pollster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A loop on its own thread: how it starts, drains, fails and ends. */
@ParameterizedClass
@MethodSource("org.asyncore.fixture.Wiring#inet")
class LoopThreadTest {
  private static final Duration LIMIT = Duration.ofSeconds(15);
  private static final Duration LONG = Duration.ofDays(1);

  private final Wiring wiring;
  private final SocketMap map;
  private final LoopThread loop;
  private final List<Peer> peers = new ArrayList<>();

  LoopThreadTest(Wiring wiring) {
    wiring.assumeAvailable();
    this.wiring = wiring;
    map = new SocketMap(wiring.transport());
    loop = new LoopThread("test", map).usePoll(wiring.usePoll()).daemon(true);
  }

  @AfterEach
  void stop() throws InterruptedException {
    for (Peer peer : peers) peer.close();
    loop.stop(Duration.ZERO);
    try {
      assertTrue(loop.join(LIMIT), loop::toString);
    } catch (LoopFailedException expected) {
      assertEquals(LoopThread.State.ENDED, loop.state());
    }
  }

  /** Echoes; a line "bye" closes, from the server's side. */
  private class Echo extends DispatcherWithSend {
    Echo(AsyncSocket socket) {
      super(socket, LoopThreadTest.this.map);
    }

    @Override
    public void handleRead() {
      byte[] data = recv(8192);
      if (data.length > 0) send(data);
    }

    @Override
    public void handleClose() {
      close();
    }
  }

  private class Server extends Dispatcher {
    Server() {
      super(LoopThreadTest.this.map);
      createSocket(wiring.family());
      bind(wiring.loopback().getHostAddress(), 0);
      listen(128);
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      connected(socket);
    }

    void connected(AsyncSocket socket) {
      new Echo(socket);
    }

    InetSocketAddress address() {
      return (InetSocketAddress) socket().getsockname();
    }
  }

  private <T> T onLoop(Callable<T> call) throws Exception {
    CompletableFuture<T> result = new CompletableFuture<>();
    loop.execute(
        () -> {
          try {
            result.complete(call.call());
          } catch (Exception e) {
            result.completeExceptionally(e);
          }
        });
    return result.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  private Peer client(InetSocketAddress address) {
    Peer peer = Peer.to(address);
    peers.add(peer);
    return peer;
  }

  private void assertEnds() throws InterruptedException {
    assertTrue(loop.join(LIMIT), loop::toString);
    assertEquals(LoopThread.State.ENDED, loop.state());
    assertTrue(map.isEmpty(), map::toString);
  }

  // --- running ---

  @Test
  void servesOnAThreadOfItsName() throws Exception {
    assertEquals(LoopThread.State.NEW, loop.state());
    loop.start();
    assertEquals(LoopThread.State.RUNNING, loop.state());
    assertEquals("asyncore-loop-test", onLoop(() -> Thread.currentThread().getName()));
    Server server = onLoop(Server::new);
    assertEquals("hello", client(server.address()).send("hello").receive(5));
  }

  @Test
  void servesWhatWasMadeBeforeItsStart() throws Exception {
    Server server = new Server();
    CompletableFuture<String> command = new CompletableFuture<>();
    loop.execute(() -> command.complete("ran"));
    loop.start();
    assertEquals("hello", client(server.address()).send("hello").receive(5));
    assertEquals("ran", command.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
  }

  @Test
  void goesOnWhileItsMapIsEmpty() throws Exception {
    loop.start();
    assertEquals(1, onLoop(() -> 1));
    Server server = onLoop(Server::new);
    onLoop(
        () -> {
          server.close();
          return null;
        });
    assertEquals(2, onLoop(() -> 2));
  }

  @Test
  void itIsADaemonOnlyIfAsked() throws Exception {
    loop.start();
    assertTrue(onLoop(() -> Thread.currentThread().isDaemon()));
    try (LoopThread other = new LoopThread("other", new SocketMap(wiring.transport())).start()) {
      CompletableFuture<Boolean> daemon = new CompletableFuture<>();
      other.execute(() -> daemon.complete(Thread.currentThread().isDaemon()));
      assertFalse(daemon.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
    }
  }

  // --- draining ---

  @Test
  void listenersCloseAndConnectionsFinish() throws Exception {
    loop.start();
    Server server = onLoop(Server::new);
    Peer client = client(server.address());
    assertEquals("hello", client.send("hello").receive(5));
    loop.stop(LONG);
    Other.await(() -> map.size() == 1, "a closed listener");
    assertEquals(LoopThread.State.DRAINING, loop.state());
    assertEquals("there", client.send("there").receive(5));
    client.endOutput();
    assertEquals("'' then closed", client.receiveAll().toString());
    assertEnds();
  }

  @Test
  void whatIsQueuedGoesOutBeforeTheEnd() throws Exception {
    int byteCount = 8 << 20; // More than the kernel keeps.
    Server server =
        new Server() {
          @Override
          void connected(AsyncSocket socket) {
            AsyncChat chat =
                new AsyncChat(socket, map()) {
                  @Override
                  public void collectIncomingData(byte[] data) {
                    push(new byte[byteCount]);
                  }

                  @Override
                  public void foundTerminator() {
                    // Each byte asks for as much again.
                  }

                  @Override
                  public void handleStop() {
                    closeWhenDone();
                  }
                };
            chat.setTerminator(1);
          }
        };
    loop.start();
    Peer client = client(server.address());
    client.send("x").receive(1); // The rest is queued.
    loop.stop(LONG);
    assertEquals(byteCount - 1, client.receive(byteCount - 1).length());
    assertEnds();
  }

  @Test
  void whenTheTimeIsOverTheRestIsClosed() throws Exception {
    loop.start();
    Server server = onLoop(Server::new);
    Peer client = client(server.address());
    assertEquals("hello", client.send("hello").receive(5));
    loop.stop(Duration.ofMillis(50));
    assertEnds();
    assertEquals("'' then closed", client.receiveAll().toString());
  }

  /** Takes connections for native handlers. */
  private class NativeServer extends Server {
    @Override
    void connected(AsyncSocket socket) {
      DispatcherChannels.migrateTo(
          socket,
          new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
              context.writeAndFlush(message);
            }
          });
    }
  }

  @Test
  void nativeChannelsOfItsLoopAreClosedAtTheEnd() throws Exception {
    loop.start();
    Server server = onLoop(NativeServer::new);
    Peer client = client(server.address());
    assertEquals("hello", client.send("hello").receive(5));
    loop.stop(LONG); // The time is for dispatchers.
    assertEnds();
    assertEquals("'' then closed", client.receiveAll().toString());
  }

  @Test
  void nativeChannelsThatAreAwaitedMayFinish() throws Exception {
    DispatcherChannels.awaitChannels(map, true);
    loop.start();
    Server server = onLoop(NativeServer::new);
    Peer client = client(server.address());
    assertEquals("hello", client.send("hello").receive(5));
    loop.stop(LONG);
    Other.await(map::isEmpty, "a closed listener");
    assertEquals("there", client.send("there").receive(5));
    client.endOutput();
    assertEquals("'' then closed", client.receiveAll().toString());
    assertEnds();
  }

  @Test
  void anExceptionWhileItDrainsLeavesNoTimeLimitBehind() throws Exception {
    loop.start();
    Server server = onLoop(Server::new);
    Peer client = client(server.address());
    assertEquals("hello", client.send("hello").receive(5));
    loop.stop(LONG);
    Other.await(() -> map.size() == 1, "a closed listener");
    loop.execute(
        () -> {
          throw new IllegalStateException("thrown by a command");
        });
    assertThrows(LoopFailedException.class, () -> loop.join(LIMIT));
    map.keepRunning(true);
    Asyncore.poll(0, map); // Takes what had been left to wake it.
    assertEquals(Pollster.FOREVER, map.calls().untilNanos());
  }

  @Test
  void aSecondStopMayOnlyShortenTheTime() throws Exception {
    loop.start();
    Server server = onLoop(Server::new);
    assertEquals("hello", client(server.address()).send("hello").receive(5));
    loop.stop(LONG);
    Other.await(() -> map.size() == 1, "a closed listener");
    assertFalse(loop.join(Duration.ofMillis(20)));
    loop.stop(LONG.multipliedBy(2));
    assertFalse(loop.join(Duration.ZERO));
    loop.stop(Duration.ZERO);
    assertEnds();
    loop.stop(LONG);
    loop.close();
  }

  @Test
  void aCallbackMayStopItsLoop() throws Exception {
    loop.start();
    onLoop(
        () -> {
          loop.stop(LONG);
          return null;
        });
    assertEnds();
  }

  @Test
  void theMapsStopEndsItAtOnce() throws Exception {
    loop.start();
    Server server = onLoop(Server::new);
    Peer client = client(server.address());
    assertEquals("hello", client.send("hello").receive(5));
    map.stop();
    assertEnds();
    assertEquals("'' then closed", client.receiveAll().toString());
  }

  @Test
  void whatHandleStopThrowsGoesToHandleError() throws Exception {
    List<String> calls = new ArrayList<>();
    class Failing extends Server {
      @Override
      public void handleStop() {
        throw new IllegalStateException("thrown by handleStop");
      }

      @Override
      public void handleError(Throwable thrown) {
        calls.add(thrown.getMessage());
        close();
      }
    }
    loop.start();
    onLoop(Failing::new);
    loop.stop(LONG);
    assertEnds();
    assertEquals(List.of("thrown by handleStop"), calls);
  }

  @Test
  void commandsThatWereTakenRunAndLaterOnesAreRejected() throws Exception {
    loop.start();
    AtomicInteger taken = new AtomicInteger();
    AtomicInteger ran = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(1);
    Other<Void> commander =
        Other.thread(
            "commander",
            () -> {
              while (true) {
                try {
                  loop.execute(ran::incrementAndGet);
                } catch (RejectedExecutionException ended) {
                  return null;
                }
                if (taken.incrementAndGet() == 100) begun.countDown();
              }
            });
    assertTrue(begun.await(LIMIT.toSeconds(), TimeUnit.SECONDS));
    loop.stop(Duration.ofMillis(5));
    commander.result();
    assertEnds();
    assertEquals(taken.get(), ran.get());
  }

  // --- failing ---

  @Test
  void anExceptionEndsItAndIsThrownByWhoeverJoins() throws Exception {
    loop.start();
    Server server = onLoop(Server::new);
    Peer client = client(server.address());
    assertEquals("hello", client.send("hello").receive(5));
    IllegalStateException thrown = new IllegalStateException("thrown by a command");
    loop.execute(
        () -> {
          throw thrown;
        });
    for (int i = 0; i < 2; i++) {
      LoopFailedException failed = assertThrows(LoopFailedException.class, () -> loop.join(LIMIT));
      assertSame(thrown, failed.getCause());
      assertEquals("asyncore-loop-test ended by " + thrown, failed.getMessage());
    }
    assertThrows(LoopFailedException.class, loop::close);
    assertTrue(map.isEmpty());
    assertEquals("'' then closed", client.receiveAll().toString());
  }

  @Test
  void aHandlerTakesExceptionsAndTheLoopGoesOn() throws Exception {
    BlockingQueue<String> taken = new LinkedBlockingQueue<>();
    loop.uncaught((thread, thrown) -> taken.add(thread.getName() + ": " + thrown.getMessage()));
    loop.start();
    for (int i = 0; i < 3; i++) {
      String message = "thrown " + i;
      loop.execute(
          () -> {
            throw new IllegalStateException(message);
          });
      assertEquals(
          "asyncore-loop-test: " + message, taken.poll(LIMIT.toSeconds(), TimeUnit.SECONDS));
    }
    assertEquals("still here", onLoop(() -> "still here"));
    loop.stop(LONG);
    assertEnds();
  }

  @Test
  void exitNowEndsItEvenWithAHandler() {
    loop.uncaught((thread, thrown) -> {});
    loop.start();
    loop.execute(
        () -> {
          throw new ExitNow("enough");
        });
    LoopFailedException failed = assertThrows(LoopFailedException.class, () -> loop.join(LIMIT));
    assertEquals(ExitNow.class, failed.getCause().getClass());
  }

  @Test
  void aHandlerThatThrowsEndsIt() {
    loop.uncaught(
        (thread, thrown) -> {
          throw new IllegalArgumentException("thrown by the handler");
        });
    loop.start();
    loop.execute(
        () -> {
          throw new IllegalStateException("thrown by a command");
        });
    LoopFailedException failed = assertThrows(LoopFailedException.class, () -> loop.join(LIMIT));
    assertEquals("thrown by the handler", failed.getCause().getMessage());
  }

  @Test
  void anInterruptEndsIt() throws Exception {
    loop.start();
    Thread thread = onLoop(Thread::currentThread);
    onLoop(Server::new);
    thread.interrupt();
    assertEnds();
  }

  @Test
  void anInterruptWhileItClosesEndsItWithoutAnError() throws Exception {
    CompletableFuture<String> command = new CompletableFuture<>();
    loop.start();
    onLoop(
        () ->
            new Server() {
              @Override
              public void close() {
                super.close();
                loop.execute(() -> command.complete("ran"));
                Thread.currentThread().interrupt();
              }
            });
    map.stop();
    assertEnds();
    assertEquals("ran", command.getNow("did not run"));
  }

  // --- what is refused ---

  @Test
  void isStartedOnceOnly() throws Exception {
    loop.start();
    assertEquals(
        "start() of asyncore-loop-test, RUNNING",
        assertThrows(IllegalStateException.class, loop::start).getMessage());
    assertThrows(IllegalStateException.class, () -> loop.daemon(false));
    assertThrows(IllegalStateException.class, () -> loop.usePoll(false));
    assertThrows(IllegalStateException.class, () -> loop.uncaught(null));
    loop.stop(Duration.ZERO);
    assertEnds();
    assertThrows(IllegalStateException.class, loop::start);
    assertThrows(RejectedExecutionException.class, () -> loop.execute(() -> {}));
  }

  @Test
  void oneThatNeverStartedEndsAtOnceAndLeavesItsMapAlone() throws Exception {
    Server server = new Server();
    loop.close();
    assertEquals(LoopThread.State.ENDED, loop.state());
    assertEquals(1, map.size());
    server.close();
    assertThrows(IllegalStateException.class, loop::start);
  }

  @Test
  void itsOwnThreadCannotWaitForItself() throws Exception {
    loop.start();
    assertEquals(
        "join() on its own thread, of asyncore-loop-test, RUNNING",
        onLoop(
            () -> assertThrows(IllegalStateException.class, () -> loop.join(LIMIT)).getMessage()));
    onLoop(() -> assertThrows(IllegalStateException.class, loop::close));
    assertEquals(LoopThread.State.RUNNING, loop.state());
  }

  @Test
  void wrongArgumentsAreRefusedAndChangeNothing() {
    assertThrows(NullPointerException.class, () -> new LoopThread(null));
    assertThrows(NullPointerException.class, () -> new LoopThread("x", null));
    loop.start();
    assertThrows(NullPointerException.class, () -> loop.stop(null));
    assertThrows(IllegalArgumentException.class, () -> loop.stop(Duration.ofNanos(-1)));
    assertThrows(NullPointerException.class, () -> loop.join(null));
    assertThrows(IllegalArgumentException.class, () -> loop.join(Duration.ofNanos(-1)));
    assertThrows(NullPointerException.class, () -> loop.execute(null));
    assertEquals(LoopThread.State.RUNNING, loop.state());
  }

  @Test
  void whoClosesInterruptedWaitsNoLongerThanItMust() throws Exception {
    loop.start();
    Server server = onLoop(Server::new);
    assertEquals("hello", client(server.address()).send("hello").receive(5));
    Other<Boolean> closer =
        Other.thread(
            "closer",
            () -> {
              Thread.currentThread().interrupt();
              loop.close();
              return Thread.interrupted();
            });
    assertTrue(closer.result());
    assertEnds();
  }

  // --- idling ---

  @Test
  void aThousandIdleChatsCostNoPass() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    Server server =
        new Server() {
          @Override
          public boolean readable() {
            asked.incrementAndGet(); // Once a pass.
            return true;
          }

          @Override
          void connected(AsyncSocket socket) {
            AsyncChat chat =
                new AsyncChat(socket, map()) {
                  @Override
                  public void collectIncomingData(byte[] data) {
                    push(data);
                  }

                  @Override
                  public void foundTerminator() {
                    // Nobody sends so much.
                  }

                  @Override
                  public void handleClose() {
                    close();
                  }
                };
            chat.setTerminator(100);
          }
        };
    loop.start();
    for (int i = 0; i < 1_000; i++) client(server.address()).send("x").receive(1);
    int before = asked.get();
    assertNotEquals(0, before);
    busy();
    // The last pass may have ended, or be about to wait, when its counting began.
    int passes = asked.get() - before;
    assertTrue(passes <= 1, () -> passes + " passes while nothing happened");
  }

  /** Another loop's work of some size, by which time passes for the idle one. */
  private void busy() throws Exception {
    SocketMap other = new SocketMap(wiring.transport());
    AtomicInteger ticks = new AtomicInteger();
    other.keepRunning(true);
    other.callEvery(
        Duration.ofMillis(1),
        () -> {
          if (ticks.incrementAndGet() == 200) other.stop();
        });
    Asyncore.loop(Asyncore.FOREVER, wiring.usePoll(), other);
    assertEquals(200, ticks.get());
  }
}
