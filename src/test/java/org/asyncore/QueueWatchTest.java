package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.asynchat.ProducerFifo.Entry;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.ScriptedTransport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of a queue, told to the program: of both classes that have one. */
class QueueWatchTest {
  private final ScriptedTransport transport = new ScriptedTransport();
  private final SocketMap map = new SocketMap(transport);
  private final ScriptedSocket wire = ScriptedSocket.connected(transport);
  private final List<String> told = new ArrayList<>();

  private interface Queueing {
    void queue(int byteCount);
  }

  private static final class Chat extends AsyncChat implements Queueing {
    private final QueueWatchTest test;

    Chat(QueueWatchTest test) {
      super(test.wire, test.map);
      this.test = test;
      setTerminator(null);
    }

    @Override
    public void queue(int byteCount) {
      push(new byte[byteCount]);
    }

    @Override
    public void handleHighWater() {
      test.told.add("high " + queuedBytes());
    }

    @Override
    public void handleLowWater() {
      test.told.add("low " + queuedBytes());
      if (test.told.size() < 4) queue(20); // As a pump does.
    }

    @Override
    public void handleError(Throwable thrown) {
      test.told.add("handleError " + thrown.getMessage());
    }
  }

  private static final class WithSend extends DispatcherWithSend implements Queueing {
    private final QueueWatchTest test;

    WithSend(QueueWatchTest test) {
      super(test.wire, test.map);
      this.test = test;
    }

    @Override
    public void queue(int byteCount) {
      send(new byte[byteCount]);
    }

    @Override
    public void handleHighWater() {
      test.told.add("high " + queuedBytes());
    }

    @Override
    public void handleLowWater() {
      test.told.add("low " + queuedBytes());
      if (test.told.size() < 4) queue(20);
    }

    @Override
    public void handleError(Throwable thrown) {
      test.told.add("handleError " + thrown.getMessage());
    }
  }

  static List<Named<Function<QueueWatchTest, Dispatcher>>> kinds() {
    return List.of(Named.of("AsyncChat", Chat::new), Named.of("DispatcherWithSend", WithSend::new));
  }

  private static void queue(Dispatcher dispatcher, int byteCount) {
    ((Queueing) dispatcher).queue(byteCount);
  }

  private void passes(int count) {
    for (int pass = 0; pass < count; pass++) Passes.one(map, false);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void eachMarkIsToldOnceForEachTimeThatItIsPassed(Function<QueueWatchTest, Dispatcher> kind) {
    Dispatcher dispatcher = kind.apply(this);
    dispatcher.waterMarks(3, 10);
    wire.room(0);
    queue(dispatcher, 10);
    assertEquals(List.of(), told);
    queue(dispatcher, 1);
    queue(dispatcher, 50);
    assertEquals(List.of("high 11"), told);
    wire.room(57);
    passes(3);
    assertEquals(List.of("high 11"), told); // 4 are left.
    wire.room(1);
    passes(3);
    assertEquals(List.of("high 11", "low 3", "high 23"), told);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aQueueThatIsEmptiedInsideOfAPushIsToldInAPass(Function<QueueWatchTest, Dispatcher> kind) {
    Dispatcher dispatcher = kind.apply(this);
    dispatcher.waterMarks(0, 0);
    wire.room(0);
    queue(dispatcher, 5);
    wire.room(1_000);
    queue(dispatcher, 5); // Takes all, or its first piece.
    assertEquals(List.of("high 5"), told);
    passes(5);
    assertEquals("low 0", told.get(1));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void nobodyIsToldWithoutMarks(Function<QueueWatchTest, Dispatcher> kind) {
    Dispatcher dispatcher = kind.apply(this);
    wire.room(0);
    queue(dispatcher, 1_000_000);
    wire.room(1_000_000);
    passes(40);
    assertEquals(List.of(), told);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aCallWhenAllIsSentComesInALaterPassAndOnce(Function<QueueWatchTest, Dispatcher> kind) {
    Dispatcher dispatcher = kind.apply(this);
    wire.room(3);
    queue(dispatcher, 5);
    dispatcher.whenSent(() -> told.add("sent"));
    dispatcher.whenSent(() -> told.add("sent, too"));
    passes(5);
    assertEquals(List.of(), told);
    wire.room(2);
    passes(3);
    assertEquals(List.of("sent", "sent, too"), told);
    wire.room(100);
    queue(dispatcher, 5);
    passes(3);
    assertEquals(2, told.size());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void withNothingQueuedItComesInTheNextPass(Function<QueueWatchTest, Dispatcher> kind) {
    kind.apply(this).whenSent(() -> told.add("sent"));
    assertEquals(List.of(), told);
    passes(1);
    assertEquals(List.of("sent"), told);
  }

  /** What a program cancels are its own calls, an idle timer for one. */
  @ParameterizedTest
  @MethodSource("kinds")
  void cancellingTheCallsOfTheProgramLeavesItAlone(Function<QueueWatchTest, Dispatcher> kind) {
    Dispatcher dispatcher = kind.apply(this);
    dispatcher.waterMarks(0, 0);
    wire.room(0);
    queue(dispatcher, 5);
    dispatcher.whenSent(() -> told.add("all sent"));
    wire.room(5);
    dispatcher.handleWrite();
    dispatcher.cancelCalls();
    wire.room(0);
    passes(2);
    assertEquals(List.of("high 5", "low 0"), told.subList(0, 2));
    assertTrue(told.contains("all sent"), told::toString);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void closingDropsAllOfIt(Function<QueueWatchTest, Dispatcher> kind) {
    Dispatcher dispatcher = kind.apply(this);
    dispatcher.waterMarks(0, 0);
    wire.room(0);
    queue(dispatcher, 5);
    dispatcher.whenSent(() -> told.add("sent"));
    dispatcher.close();
    passes(3);
    assertEquals(List.of("high 5"), told);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whatACallThrowsGoesToHandleError(Function<QueueWatchTest, Dispatcher> kind) {
    kind.apply(this)
        .whenSent(
            () -> {
              throw new IllegalStateException("on purpose");
            });
    passes(1);
    assertEquals(List.of("handleError on purpose"), told);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void marksThatMakeNoSenseAreRefused(Function<QueueWatchTest, Dispatcher> kind) {
    Dispatcher dispatcher = kind.apply(this);
    assertTrue(message(() -> dispatcher.waterMarks(-1, 5)).contains("low < 0: -1"));
    assertTrue(message(() -> dispatcher.waterMarks(6, 5)).contains("high < low: 5 < 6"));
    assertThrows(NullPointerException.class, () -> dispatcher.whenSent(null));
  }

  private static String message(org.junit.jupiter.api.function.Executable refused) {
    return assertThrows(IllegalArgumentException.class, refused).getMessage();
  }

  /** What a program does to the queue itself counts as what the channel does. */
  @Test
  void aQueueThatTheProgramChangesIsToldAsWell() {
    Chat chat = new Chat(this);
    chat.waterMarks(3, 10);
    wire.room(0);
    chat.producerFifo().addLast(Entry.of(new byte[11]));
    assertEquals(List.of("high 11"), told);
    chat.whenSent(() -> told.add("all sent"));
    chat.producerFifo().insert(1, Entry.of(new byte[2]));
    passes(2);
    chat.producerFifo().remove(chat.producerFifo().first());
    told.add("removed");
    passes(1);
    assertEquals(List.of("high 11", "removed", "low 2", "high 22"), told);
    chat.producerFifo().clear();
    passes(1);
    assertEquals(List.of("low 0", "all sent"), told.subList(4, 6));
  }
}
