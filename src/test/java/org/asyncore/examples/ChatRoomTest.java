package org.asyncore.examples;

import org.asyncore.testkit.Peer;
import org.asyncore.testkit.Schedules;
import org.asyncore.testkit.TestLoop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The chat room, in memory. */
class ChatRoomTest {
  private final TestLoop loop = new TestLoop();

  @BeforeEach
  void open() {
    new ChatRoom("127.0.0.1", 6667, loop.map());
  }

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void everybodyHearsEverybody() {
    Peer ann = loop.connect(6667).expect("* guest1 is here\r\n");
    Peer bob = loop.connect(6667).expect("* guest2 is here\r\n");
    ann.expect("* guest2 is here\r\n").send("/name Ann\n").expect("* guest1 is now Ann\r\n");
    bob.expect("* guest1 is now Ann\r\n");
    bob.inPieces(1).send("hello\r\n").expect("guest2: hello\r\n");
    ann.expect("guest2: hello\r\n");
    bob.send("/who\n").expect("Ann, guest2\r\n").close();
    ann.expect("* guest2 has left\r\n");
  }

  @Test
  void quitIsAnsweredBeforeTheEndAndWhatIsBehindItIsNotSaid() {
    Peer ann = loop.connect(6667).expect("* guest1 is here\r\n");
    ann.send("/quit\nnot said\n").expect("bye\r\n").expectEnd();
  }

  @Test
  void aLineWithoutEndClosesItsSessionOnly() {
    Peer ann = loop.connect(6667).expect("* guest1 is here\r\n");
    Peer bob = loop.connect(6667);
    ann.expect("* guest2 is here\r\n");
    bob.send("x".repeat(5000));
    ann.expect("* guest2 has left\r\n").send("still here\n").expect("guest1: still here\r\n");
  }

  @Test
  void aGuestWhoDoesNotReadIsShownOut() {
    Peer ann = loop.connect(6667).expect("* guest1 is here\r\n");
    Peer deaf = loop.connect(6667).expect("* guest2 is here\r\n").readsNothing();
    ann.expect("* guest2 is here\r\n");
    String line = "x".repeat(4000) + "\n";
    for (int i = 0; i < 400 && loop.map().size() == 3; i++) {
      ann.send(line);
      ann.received();
    }
    ann.send("alone again\n").expect("guest1: alone again\r\n");
    deaf.close();
  }

  @Test
  void whatIsSaidIsHeardInItsOrder() {
    Schedules.of(200)
        .run(
            schedule -> {
              TestLoop ours = schedule.loop();
              new ChatRoom("127.0.0.1", 6667, ours.map());
              Peer ann = ours.connect(6667).expect("* guest1 is here\r\n");
              Peer bob = ours.connect(6667);
              ann.expect("* guest2 is here\r\n").send("one\ntwo\n");
              bob.expect("* guest2 is here\r\nguest1: one\r\nguest1: two\r\n").reset();
              ann.expect("guest1: one\r\nguest1: two\r\n* guest2 has left\r\n");
            });
  }
}
