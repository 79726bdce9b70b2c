package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.Other;
import org.asyncore.fixture.Peer;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.Wiring;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Channels that change maps, and sockets that a map cannot serve. */
@ParameterizedClass
@MethodSource("org.asyncore.fixture.Wiring#inet")
class OtherMapsTest {
  private final Wiring wiring;
  private final Loopback here;
  private final Loopback there;

  OtherMapsTest(Wiring wiring) {
    this.wiring = wiring;
    here = new Loopback(wiring);
    there = new Loopback(wiring);
  }

  @AfterEach
  void close() {
    here.close();
    there.close();
  }

  @Test
  void aSocketAcceptedInOneMapIsServedInAnother() {
    RecordingDispatcher listener = here.listener("l");
    Peer peer = here.peer(Loopback.addressOf(listener));
    here.untilCalled("l handleAccepted");
    RecordingDispatcher served = there.calls().dispatcher("s", listener.accepted());
    served.wants(true, false).on("handleRead", d -> d.send(d.recv(100)));
    peer.send("hello");
    there.untilCalled("s handleRead");
    assertEquals("hello", peer.receive(5));
    here.pass();
    assertEquals(List.of("l handleAccepted"), here.calls());
    peer.endOutput();
    there.loop();
    assertEquals("'' then closed", peer.receiveAll().toString());
  }

  @Test
  void acceptingHereAndServingOnAnotherThreadThere() {
    RecordingDispatcher listener = here.listener("l");
    there.listener("keeps the other loop going");
    Other<Void> server =
        Other.thread(
            "server",
            () -> {
              Asyncore.loop(0.02, wiring.usePoll(), there.map());
              return null;
            });
    listener.on(
        "handleAccepted",
        d ->
            new Dispatcher(d.accepted(), there.map()) {
              @Override
              public void handleRead() {
                send(recv(100));
              }

              @Override
              public boolean writable() {
                return false;
              }
            });
    for (int i = 0; i < 3; i++) {
      Peer peer = here.peer(Loopback.addressOf(listener));
      int accepted = i + 1;
      here.until(() -> here.calls().size() == accepted, "connection");
      assertEquals("hello", peer.send("hello").receive(5));
    }
    server.thread().interrupt();
    assertEquals(InterruptedException.class, server.failure().getClass());
  }

  @Test
  void aChannelTakenOutOfOneMapIsServedByTheOneItIsPutInto() {
    Loopback.Linked linked = here.link("a");
    RecordingDispatcher dispatcher = linked.dispatcher().wants(true, false);
    dispatcher.on("handleRead", d -> d.send(d.recv(3)));
    linked.peer().send("abcdef");
    here.untilCalled("a handleRead");
    int number = dispatcher.fileno();
    here.map().remove(number);
    there.map().put(number, dispatcher);
    there.until(() -> here.calls().size() == 2, "second read");
    assertEquals("abcdef", linked.peer().receive(6));
    there.map().remove(number);
    here.map().put(number, dispatcher);
    linked.peer().send("ghi");
    here.until(() -> here.calls().size() == 3, "third read");
    assertEquals("ghi", linked.peer().receive(3));
  }

  @Test
  void aSocketOfAnotherKindOfTransportIsRefusedByName() {
    String other = wiring.transport().equals("nio") ? "epoll" : "nio";
    try (Loopback foreign = new Loopback(new Wiring(other, Family.INET, wiring.usePoll()))) {
      AsyncSocket socket = foreign.link("foreign").dispatcher().socket();
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> {
                new Dispatcher(socket, here.map());
                Asyncore.loop(0, wiring.usePoll(), here.map(), 1);
              });
      assertTrue(
          refused.getMessage().contains(other) && refused.getMessage().contains(wiring.transport()),
          refused.getMessage());
      here.map().clear();
      foreign.untilCalled("foreign handleWrite"); // Its own map serves it as before.
      here.fresh("a").connect(here.door().address());
      here.untilCalled("a handleConnect");
    }
  }

  @Test
  void aTransportOfAnUnknownNameIsRefused() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> new SocketMap("kqueue"));
    assertTrue(
        refused.getMessage().startsWith("transport is not auto, epoll or nio: kqueue"),
        refused.getMessage());
    System.setProperty("org.asyncore.transport", "kqueue");
    try {
      SocketMap map = new SocketMap();
      Dispatcher dispatcher = new Dispatcher(map);
      IllegalArgumentException named =
          assertThrows(IllegalArgumentException.class, dispatcher::createSocket);
      assertTrue(
          named.getMessage().contains("kqueue")
              && named.getMessage().contains("org.asyncore.transport"),
          named.getMessage());
      System.setProperty("org.asyncore.transport", wiring.transport());
      dispatcher.createSocket(); // The map is as it was.
      assertEquals(wiring.transport(), map.transport().name());
      dispatcher.close();
    } finally {
      System.clearProperty("org.asyncore.transport");
    }
  }
}
