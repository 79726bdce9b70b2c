package org.asyncore.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.asyncore.Dispatcher;
import org.asyncore.examples.ChatRoom;
import org.junit.jupiter.api.Test;

/** Many orders of events: the same for the same seed, and small where one fails. */
class SchedulesTest {
  private static final Pattern REPLAY = Pattern.compile("Schedules\\.replay\\(\"(.*)\"\\)");

  static void chat(Schedule schedule) {
    TestLoop loop = schedule.loop();
    new ChatRoom("127.0.0.1", 6667, loop.map());
    List<Peer> guests = new ArrayList<>();
    for (int i = 0; i < 4; i++) guests.add(loop.connect(6667));
    loop.until(() -> loop.map().size() == 5, "four guests");
    for (Peer guest : guests) guest.send("hello\n");
    for (Peer guest : guests) {
      guest.expect(Pattern.compile("(?s)(.*: hello\r\n){4}"));
    }
    guests.get(0).send("/quit\n").expect("bye\r\n").expectEnd();
    guests.get(1).reset();
    guests.get(2).expect(Pattern.compile("(?s).*has left\r\n.*has left\r\n"));
  }

  @Test
  void aChatRoomIsRightInEveryOrder() {
    Schedules.of(1000).run(SchedulesTest::chat);
  }

  private static List<String> log(long seed) {
    List<List<String>> logs = new ArrayList<>();
    Schedules.of(1)
        .seed(seed)
        .run(
            schedule -> {
              TestLoop loop = schedule.loop();
              new ChatRoom("127.0.0.1", 6667, loop.map());
              Peer guest = loop.connect(6667);
              guest.send("one\ntwo\n").expect(Pattern.compile("(?s).*: two\r\n"));
              logs.add(loop.calls().take());
            });
    return logs.get(0);
  }

  @Test
  void theSameSeedIsTheSameRun() {
    assertEquals(log(5), log(5));
    assertFalse(log(5).equals(log(6)) && log(6).equals(log(7)), "seeds change nothing");
  }

  /** Takes what one recv finds for a whole line. */
  private static void takesARecvForALine(Schedule schedule) {
    TestLoop loop = schedule.loop();
    List<String> lines = new ArrayList<>();
    Peer peer =
        loop.connected(
            socket ->
                new Dispatcher(socket, loop.map()) {
                  @Override
                  public boolean writable() {
                    return false;
                  }

                  @Override
                  public void handleRead() {
                    lines.add(new String(recv(100), US_ASCII));
                  }
                });
    peer.send("hello\n");
    loop.until(() -> String.join("", lines).length() == 6, "six bytes");
    assertEquals(List.of("hello\n"), lines);
  }

  @Test
  void aFailureIsMadeSmallAndReplays() {
    AssertionError failure =
        assertThrows(
            AssertionError.class, () -> Schedules.of(1000).run(SchedulesTest::takesARecvForALine));
    Matcher replay = REPLAY.matcher(failure.getMessage());
    assertTrue(replay.find(), failure.getMessage());
    String decisions = replay.group(1);
    assertTrue(decisions.matches("recv:0=\\d+"), "one decision is enough: " + decisions);
    AssertionError again =
        assertThrows(
            AssertionError.class,
            () -> Schedules.replay(decisions).run(SchedulesTest::takesARecvForALine));
    assertEquals(failure.getCause().getMessage(), again.getCause().getMessage());
  }

  @Test
  void whatAScenarioThrowsIsTheCause() {
    IllegalStateException thrown = new IllegalStateException("oh");
    AssertionError failure =
        assertThrows(
            AssertionError.class,
            () ->
                Schedules.of(2)
                    .run(
                        schedule -> {
                          throw thrown;
                        }));
    assertSame(thrown, failure.getCause());
    assertTrue(failure.getMessage().startsWith("schedule 1 of 2, seed 1 fails"));
  }

  @Test
  void aScheduleWithoutAnEndIsCutOff() {
    AssertionError failure =
        assertThrows(
            AssertionError.class,
            () ->
                Schedules.replay("")
                    .run(
                        schedule -> {
                          while (true) schedule.choose(2);
                        }));
    assertEquals("a schedule without an end: 200000 decisions", failure.getCause().getMessage());
  }

  @Test
  void badInputIsNamed() {
    assertThrows(IllegalArgumentException.class, () -> Schedules.of(0));
    assertThrows(IllegalArgumentException.class, () -> Schedules.replay("recv:1=x"));
    assertThrows(IllegalArgumentException.class, () -> Schedules.of(1).run(null));
    Schedules.of(1)
        .run(schedule -> assertThrows(IllegalArgumentException.class, () -> schedule.choose(0)));
  }
}
