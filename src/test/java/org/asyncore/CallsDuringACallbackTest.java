package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.asyncore.fixture.Ascii;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.Other;
import org.asyncore.fixture.Peer;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.Wiring;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Membership;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Shutdown;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.WouldBlockException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A callback, a predicate, a command or a task waits for another thread, whose call on a socket of
 * the same map must not wait for it.
 */
@ParameterizedClass
@MethodSource("org.asyncore.fixture.Wiring#inet")
class CallsDuringACallbackTest {
  private static final InetAddress GROUP = group();

  private static InetAddress group() {
    try {
      return InetAddress.getByAddress(new byte[] {(byte) 239, 1, 2, 3});
    } catch (UnknownHostException e) {
      throw new AssertionError("of a length that no address has", e);
    }
  }

  private final Wiring wiring;
  private final Loopback loopback;
  private final Loopback.Linked linked;
  private final RecordingDispatcher dispatcher;
  private final Peer peer;

  CallsDuringACallbackTest(Wiring wiring) {
    this.wiring = wiring;
    loopback = new Loopback(wiring);
    linked = loopback.link("a");
    dispatcher = linked.dispatcher().wants(true, false);
    peer = linked.peer();
  }

  @AfterEach
  void close() {
    loopback.close();
  }

  /** Where the loop is while the other thread calls. */
  enum Place {
    CALLBACK {
      @Override
      void go(CallsDuringACallbackTest test, Runnable waiting) {
        boolean[] over = {false};
        test.dispatcher.on(
            "handleRead",
            d -> {
              d.recv(100);
              waiting.run();
              over[0] = true;
            });
        test.peer.send("?");
        test.loopback.until(() -> over[0], "callback");
      }
    },
    PREDICATE {
      @Override
      void go(CallsDuringACallbackTest test, Runnable waiting) {
        Dispatcher asked =
            new Dispatcher(test.loopback.map()) {
              @Override
              public boolean readable() {
                waiting.run();
                return false;
              }
            };
        asked.createSocket();
        test.loopback.pass();
        asked.close();
      }
    },
    COMMAND {
      @Override
      void go(CallsDuringACallbackTest test, Runnable waiting) {
        test.loopback.map().execute(waiting);
        test.loopback.pass();
      }
    },
    TASK {
      @Override
      void go(CallsDuringACallbackTest test, Runnable waiting) {
        DispatcherChannels.eventLoopGroup(test.loopback.map()).execute(waiting);
      }
    },
    /** A handler of a channel that is served by the same loop. */
    HANDLER {
      @Override
      void go(CallsDuringACallbackTest test, Runnable waiting) {
        Loopback.Linked other = test.loopback.link("other");
        boolean[] over = {false};
        DispatcherChannels.pipeline(other.dispatcher().wants(true, false))
            .addFirst(
                new ChannelInboundHandlerAdapter() {
                  @Override
                  public void channelRead(ChannelHandlerContext context, Object message) {
                    waiting.run();
                    over[0] = true;
                    context.fireChannelRead(message);
                  }
                });
        other.peer().send("?");
        test.loopback.until(() -> over[0], "bytes at the handler");
        other.dispatcher().close();
      }
    },
    NESTED_PASS {
      @Override
      void go(CallsDuringACallbackTest test, Runnable waiting) {
        CALLBACK.go(
            test,
            () -> {
              test.loopback.pass(); // After which the callback goes on.
              waiting.run();
            });
      }
    },
    /** A pass of the program's own, in a callback, that ends before it asks anybody. */
    NESTED_EMPTY_PASS {
      @Override
      void go(CallsDuringACallbackTest test, Runnable waiting) {
        CALLBACK.go(
            test,
            () -> {
              test.emptyPass();
              waiting.run();
            });
      }
    };

    abstract void go(CallsDuringACallbackTest test, Runnable waiting);
  }

  private void emptyPass() {
    try {
      Asyncore.ownPass(loopback.map(), nobody -> {});
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted in a pass", e);
    }
  }

  /** Makes a call on another thread, for whose end a callback waits. */
  private <T> T meanwhile(Place place, Callable<T> call) {
    AtomicReference<T> result = new AtomicReference<>();
    place.go(this, () -> result.compareAndSet(null, Other.thread("caller", call).result()));
    return result.get();
  }

  private AsyncSocket socket() {
    return dispatcher.socket();
  }

  // --- bytes ---

  @ParameterizedTest
  @EnumSource
  void sendTakesWhatThereIsRoomFor(Place place) {
    assertEquals(5, meanwhile(place, () -> dispatcher.send(Ascii.bytes("hello"))));
    assertEquals("hello", peer.receive(5));
  }

  @Test
  void sendsKeepTheirOrder() {
    Place.CALLBACK.go(
        this,
        () -> {
          for (int i = 0; i < 50; i++) {
            dispatcher.send(Ascii.bytes("mine"));
            dispatcher.send(Ascii.bytes("mine"));
            Other.thread("caller", () -> dispatcher.send(Ascii.bytes("THEIRS"))).result();
          }
        });
    assertEquals("minemineTHEIRS".repeat(50), peer.receive(50 * 14));
  }

  @Test
  void sendTakesNothingWithoutRoom() {
    byte[] piece = new byte[65536];
    while (dispatcher.send(piece) > 0) {
      // More fits in.
    }
    assertEquals(0, meanwhile(Place.COMMAND, () -> dispatcher.send(piece)));
  }

  @ParameterizedTest
  @EnumSource(names = {"PREDICATE", "COMMAND", "TASK"})
  void recvGivesWhatThereIs(Place place) {
    assertThrows(WouldBlockException.class, () -> socket().recv(100));
    peer.send("hello");
    awaitBytes();
    assertEquals("hel", Ascii.text(meanwhile(place, () -> socket().recv(3))));
    assertEquals("lo", Ascii.text(meanwhile(place, () -> socket().recv(100))));
    assertInstanceOf(
        WouldBlockException.class,
        meanwhile(place, () -> assertThrows(OsException.class, () -> socket().recv(100))));
  }

  /** What is sent to the dispatcher has come when what was sent by it has. */
  private void awaitBytes() {
    dispatcher.wants(true, false);
    boolean[] come = {false};
    dispatcher.on("handleRead", d -> come[0] = true);
    loopback.until(() -> come[0], "bytes");
    dispatcher.wants(false, false);
  }

  @Test
  void anEndIsToldByTheLoop() {
    peer.endOutput();
    awaitBytes();
    dispatcher.on("handleClose", Dispatcher::close);
    loopback.calls().take();
    assertEquals(0, meanwhile(Place.COMMAND, () -> dispatcher.recv(100)).length);
    assertEquals(List.of(), loopback.calls().take());
    loopback.untilCalled("a handleClose");
  }

  @ParameterizedTest
  @EnumSource
  void datagramsAreSent(Place place) {
    AsyncSocket sender = datagramSocket();
    AsyncSocket receiver = datagramSocket();
    receiver.bind(loopback.anyPort());
    meanwhile(place, () -> sender.sendto(Ascii.bytes("hello"), receiver.getsockname()));
    assertEquals("hello", receive(receiver));
    sender.connectEx(receiver.getsockname());
    meanwhile(place, () -> sender.send(Ascii.bytes("again"), 0, 5));
    assertEquals("again", receive(receiver));
    sender.close();
    receiver.close();
  }

  private AsyncSocket datagramSocket() {
    return loopback.map().transport().socket(wiring.family(), SocketType.DGRAM);
  }

  private static String receive(AsyncSocket receiver) {
    String[] come = {null};
    Other.await(
        () -> {
          try {
            come[0] = Ascii.text(receiver.recv(100));
          } catch (WouldBlockException notYet) {
            return false;
          }
          return true;
        },
        "datagram");
    return come[0];
  }

  @Test
  void acceptWouldBlock() {
    RecordingDispatcher listener = loopback.listener("listener").wants(false, false);
    loopback.peer(Loopback.addressOf(listener));
    assertInstanceOf(
        WouldBlockException.class,
        meanwhile(
            Place.COMMAND,
            () -> assertThrows(OsException.class, () -> listener.socket().accept())));
  }

  // --- names and options ---

  @ParameterizedTest
  @EnumSource
  void namesAreTold(Place place) {
    Object own = socket().getsockname();
    Object peers = socket().getpeername();
    assertEquals(own, meanwhile(place, () -> socket().getsockname()));
    assertEquals(peers, meanwhile(place, () -> socket().getpeername()));
  }

  @ParameterizedTest
  @EnumSource
  void optionsAreSetAndTold(Place place) {
    meanwhile(
        place,
        () -> {
          socket().setsockopt(StandardSocketOptions.SO_KEEPALIVE, true);
          return socket().takeError();
        });
    assertTrue(meanwhile(place, () -> socket().getsockopt(StandardSocketOptions.SO_KEEPALIVE)));
  }

  // --- ending ---

  @ParameterizedTest
  @EnumSource
  void closeIsHandedOver(Place place) {
    meanwhile(
        place,
        () -> {
          dispatcher.send(Ascii.bytes("bye"));
          dispatcher.close();
          dispatcher.close();
          assertThrows(OsException.class, () -> socket().send(new byte[1], 0, 1));
          assertThrows(OsException.class, () -> socket().getsockname());
          return null;
        });
    loopback.pass();
    assertEquals(-1, socket().fileno());
    assertEquals("'bye' then closed", peer.receiveAll().toString());
  }

  @ParameterizedTest
  @EnumSource
  void shutdownIsHandedOver(Place place) {
    meanwhile(
        place,
        () -> {
          dispatcher.send(Ascii.bytes("bye"));
          socket().shutdown(Shutdown.WR);
          return null;
        });
    loopback.pass();
    assertEquals("'bye' then closed", peer.receiveAll().toString());
  }

  // --- what needs the turn ---

  private void refused(Callable<?> call) {
    IllegalStateException refused =
        meanwhile(Place.COMMAND, () -> assertThrows(IllegalStateException.class, call::call));
    assertTrue(
        refused.getMessage().contains("(docs/differences.md#one-turn-at-a-time)"),
        refused.getMessage());
  }

  @Test
  void aPipelineIsNotChanged() {
    refused(() -> DispatcherChannels.pipeline(dispatcher));
    assertEquals(5, dispatcher.send(Ascii.bytes("hello")));
    assertEquals("hello", peer.receive(5));
  }

  @Test
  void noConnectBeginsThroughAPipeline() {
    RecordingDispatcher fresh = loopback.fresh("fresh").wants(false, false);
    DispatcherChannels.pipeline(fresh);
    refused(() -> fresh.socket().connectEx(loopback.nowhere()));
    refused(
        () -> {
          fresh.bind(loopback.anyPort());
          return null;
        });
    fresh.bind(loopback.anyPort());
    fresh.close();
  }

  @Test
  void noGroupIsJoinedOnEpoll() {
    AsyncSocket socket = datagramSocket();
    Membership membership = new Membership(GROUP, null, null);
    socket.bind(loopback.anyPort());
    if (wiring.transport().equals("epoll")) {
      refused(
          () -> {
            socket.setsockopt(Membership.ADD, membership);
            return null;
          });
    }
    socket.close();
  }

  // --- two loops ---

  @Test
  void twoLoopsUseEachOthersSockets() {
    try (Loopback other = new Loopback(wiring)) {
      Loopback.Linked there = other.link("b");
      AtomicInteger calls = new AtomicInteger();
      again(loopback.map(), there.dispatcher().socket(), calls);
      again(other.map(), socket(), calls);
      Other<Void> one = loop(loopback.map());
      Other<Void> two = loop(other.map());
      Other.await(() -> calls.get() > 2000, "2000th call, of " + calls);
      loopback.map().stop();
      other.map().stop();
      one.result();
      two.result();
    }
  }

  private static void again(SocketMap map, AsyncSocket others, AtomicInteger calls) {
    map.execute(
        () -> {
          others.getsockname();
          others.getsockopt(StandardSocketOptions.SO_KEEPALIVE);
          calls.incrementAndGet();
          again(map, others, calls);
        });
  }

  private Other<Void> loop(SocketMap map) {
    return Other.thread(
        "loop",
        () -> {
          Asyncore.loop(Asyncore.FOREVER, wiring.usePoll(), map);
          return null;
        });
  }

  @Test
  void aLoopDoesNotWaitForTheOneThatASocketIsToLeave() {
    try (Loopback other = new Loopback(wiring)) {
      Place.COMMAND.go(
          this,
          () ->
              Other.thread(
                      "other loop",
                      () -> {
                        dispatcher.addChannel(other.map());
                        AtomicInteger ticks = new AtomicInteger();
                        other
                            .map()
                            .callEvery(java.time.Duration.ofMillis(1), ticks::incrementAndGet);
                        other.until(() -> ticks.get() > 2, "third tick");
                        return null;
                      })
                  .result());
      dispatcher.on("handleRead", d -> d.send(d.recv(100)));
      peer.send("hello");
      dispatcher.delChannel(loopback.map());
      other.until(() -> loopback.calls().contains("a handleRead"), "bytes on the other loop");
      assertEquals("hello", peer.receive(5));
      dispatcher.close();
    }
  }
}
