package org.asyncore.asynchat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.transport.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AsyncChatOutputTest {
  private final RecordingChat chat = RecordingChat.overConnected();

  @Test
  void aPushIsCutIntoPiecesOfWhichOneGoesAtOnceAndOneEachPass() {
    chat.acOutBufferSize(4);
    chat.push(bytes("abcdefghij"));
    assertEquals(List.of("abcd"), chat.wire.sends());
    assertEquals("[Piece[4 bytes], Piece[2 bytes]]", chat.producerFifo().toString());
    chat.calls.pass();
    chat.calls.pass();
    assertEquals(List.of("abcd", "efgh", "ij"), chat.wire.sends());
    assertFalse(chat.writable());
  }

  @Test
  void aPieceThatWasSentInPartGoesOnWhereItStopped() {
    chat.wire.takesAtMost(3);
    chat.push(bytes("abcdefgh"));
    assertEquals(5, chat.producerFifo().byteCount());
    chat.calls.pass();
    chat.calls.pass();
    assertEquals(List.of("abc", "def", "gh"), chat.wire.sends());
    assertEquals(0, chat.producerFifo().byteCount());
  }

  @Test
  void nothingIsLostWhileThereIsNoRoom() {
    chat.wire.room(0);
    chat.push(bytes("later"));
    assertEquals(1, chat.producerFifo().size());
    chat.calls.pass();
    chat.wire.room(100);
    chat.calls.pass();
    assertEquals("later", chat.wire.sent());
  }

  @Test
  void aLongQueueIsGivenBackOnceItIsEmpty() {
    chat.wire.room(0);
    for (int i = 0; i < 5_000; i++) chat.push(bytes("x"));
    assertEquals(5_000, chat.producerFifo().mostEntries());
    chat.wire.room(Integer.MAX_VALUE);
    while (chat.writable()) chat.handleWrite();
    assertEquals(0, chat.producerFifo().mostEntries());
    assertEquals("x".repeat(5_000), chat.wire.sent());
    chat.wire.room(0);
    for (int i = 0; i < 5_000; i++) chat.push(bytes("x"));
    chat.discardBuffers();
    assertEquals(0, chat.producerFifo().mostEntries());
  }

  @Test
  void anEmptyPieceIsGoneBeforeItIsSentAndCostsAPass() {
    chat.push(new byte[0]);
    assertEquals(List.of(""), chat.wire.sends());
    assertEquals(0, chat.producerFifo().size());
    chat.wire.room(0);
    chat.push(bytes("x"));
    chat.push(new byte[0]);
    chat.push(bytes("y"));
    chat.wire.room(100);
    for (int pass = 0; pass < 3; pass++) chat.calls.pass();
    assertEquals(List.of("", "x", "", "y"), chat.wire.sends());
  }

  @Test
  void nullIsRefusedAndQueuesNothing() {
    assertThrows(NullPointerException.class, () -> chat.push((byte[]) null));
    assertTrue(chat.producerFifo().isEmpty());
  }

  @Test
  void aPushedArrayMayBeChangedAtOnce() {
    chat.wire.room(0);
    byte[] data = bytes("mine");
    chat.push(data);
    chat.producerFifo().addLast(ProducerFifo.Entry.of(data));
    data[0] = 'X';
    chat.wire.room(100);
    chat.calls.pass();
    chat.calls.pass();
    assertEquals("minemine", chat.wire.sent());
  }

  /** What is done with the queue while its first entry is being sent. */
  enum WhileSending {
    NOTHING(chat -> ""),
    SIZE(chat -> chat.producerFifo().size()),
    IS_EMPTY(chat -> chat.producerFifo().isEmpty()),
    QUEUED(chat -> chat.queuedBytes()),
    HAS_QUEUED(chat -> chat.hasQueued()),
    WRITABLE(chat -> chat.writable()),
    FIRST(chat -> chat.producerFifo().first()),
    ALL(chat -> chat.producerFifo()),
    EACH(chat -> chat.producerFifo().iterator().next()),
    IN_FRONT(of(fifo -> fifo.addFirst(ProducerFifo.Entry.of(bytes("0"))))),
    BEHIND(of(fifo -> fifo.addLast(ProducerFifo.Entry.of(bytes("9"))))),
    INSERTED(of(fifo -> fifo.insert(1, ProducerFifo.Entry.of(bytes("5"))))),
    TAKEN_OUT(chat -> chat.producerFifo().removeFirst()),
    REMOVED(chat -> chat.producerFifo().remove(chat.producerFifo().first())),
    CLEARED(of(ProducerFifo::clear)),
    CLEARED_AND_FILLED(
        of(
            fifo -> {
              fifo.clear();
              fifo.addLast(ProducerFifo.Entry.of(bytes("new")));
            })),
    CLOSES_WHEN_DONE(
        chat -> {
          chat.closeWhenDone();
          return "";
        }),
    PUSHED(
        chat -> {
          chat.push(bytes("again"));
          return chat.producerFifo();
        });

    @SuppressWarnings("ImmutableEnumChecker") // A lambda without state.
    private final Function<AsyncChat, Object> action;

    WhileSending(Function<AsyncChat, Object> action) {
      this.action = action;
    }

    private static Function<AsyncChat, Object> of(Consumer<ProducerFifo> change) {
      return chat -> {
        change.accept(chat.producerFifo());
        return chat.producerFifo();
      };
    }
  }

  /** How a send ends. */
  enum Sending {
    WHOLE,
    IN_PART,
    NO_ROOM,
    REFUSED,
    THROWS
  }

  /** Does something with its queue in its send, the first time, and then sends. */
  private static final class Meddling extends AsyncChat {
    private final WhileSending what;
    private final Sending how;
    private boolean hasMeddled;
    final List<String> seen = new ArrayList<>();

    Meddling(ScriptedSocket wire, WhileSending what, Sending how) {
      super(wire, new CallLog(wire.transport()).map());
      this.what = what;
      this.how = how;
    }

    @Override
    public int send(byte[] data, int offset, int byteCount) {
      if (hasMeddled) return super.send(data, offset, byteCount);
      hasMeddled = true;
      seen.add(String.valueOf(what.action.apply(this)));
      if (how == Sending.THROWS) throw new IllegalStateException("of the test");
      return super.send(data, offset, byteCount);
    }

    @Override
    public void handleError(Throwable thrown) {
      seen.add("error " + CallLog.nameOf(thrown) + " with " + producerFifo());
    }

    @Override
    public void collectIncomingData(byte[] data) {
      // Nothing comes.
    }

    @Override
    public void foundTerminator() {
      // As above.
    }
  }

  /** All that can be told of a chat to which bytes were given in one way. */
  private static String story(WhileSending what, Sending how, Consumer<Meddling> giving) {
    ScriptedSocket wire = ScriptedSocket.connected();
    if (how == Sending.IN_PART) wire.takesAtMost(2);
    if (how == Sending.NO_ROOM) wire.room(0);
    if (how == Sending.REFUSED) wire.failSend(Errno.ENOBUFS);
    Meddling chat = new Meddling(wire, what, how);
    String end = "";
    try {
      giving.accept(chat);
    } catch (RuntimeException thrown) {
      end = thrown.getClass().getName();
    }
    String left = chat.producerFifo() + " " + chat.queuedBytes();
    wire.room(1000);
    for (int passes = 0; passes < 8 && chat.fileno() >= 0; passes++) chat.handleWrite();
    return chat.seen + " " + end + " " + left + " " + wire.sends() + " " + chat.fileno();
  }

  /** Bytes that are pushed are in the queue while they are sent, whoever looks. */
  @ParameterizedTest
  @EnumSource
  void aPushIsInTheQueueWhileItIsSent(WhileSending what) {
    for (Sending how : Sending.values()) {
      byte[] data = bytes("-abcd-");
      String pushed =
          story(
              what,
              how,
              chat -> {
                try {
                  chat.push(data, 1, 4);
                } finally {
                  Arrays.fill(data, (byte) 'X');
                }
              });
      String queued =
          story(
              what,
              how,
              chat -> {
                chat.producerFifo().addLast(ProducerFifo.Entry.of(bytes("abcd")));
                chat.initiateSend();
              });
      assertEquals(queued, pushed, how + " while " + what);
    }
  }

  @Test
  void aRangeABufferAndATextArePushedAsTheirBytes() {
    chat.push(bytes("-abc-"), 1, 3);
    ByteBuffer buffer = ByteBuffer.wrap(bytes("-def-")).position(1).limit(4);
    chat.push(buffer);
    chat.push("\u00fc", StandardCharsets.UTF_8);
    for (int pass = 0; pass < 4; pass++) chat.calls.pass();
    assertEquals("abcdef\u00c3\u00bc", chat.wire.sent());
    assertEquals(0, buffer.remaining());
  }

  @Test
  void aRangeBeyondTheArrayIsRefusedAndABufferOverTheLimitIsLeftAlone() {
    chat.onError(thrown -> {});
    assertThrows(IndexOutOfBoundsException.class, () -> chat.push(bytes("abc"), 1, 3));
    chat.maxOutgoing(2);
    ByteBuffer buffer = ByteBuffer.wrap(bytes("abc"));
    chat.push(buffer);
    assertEquals(3, buffer.remaining());
    assertTrue(chat.producerFifo().isEmpty());
  }

  @Test
  void whatIsPushedBeforeTheConnectionWaitsForIt() {
    RecordingChat early = RecordingChat.over(new ScriptedSocket());
    early.setTerminator(null);
    early.connect(ScriptedSocket.address(25));
    early.push(bytes("early"));
    assertTrue(early.writable());
    assertEquals(List.of(), early.wire.sends());
    early.calls.pass();
    assertEquals(List.of("handleConnect"), early.calls);
    assertEquals("early", early.wire.sent());
  }

  @Test
  void withNothingToSendItIsWritableUntilItIsConnected() {
    RecordingChat early = RecordingChat.over(new ScriptedSocket());
    early.connect(ScriptedSocket.address(25));
    assertTrue(early.writable());
    early.calls.pass();
    assertFalse(early.writable());
  }

  @Test
  void closeWhenDoneClosesInThePassAfterTheLastByte() {
    chat.acOutBufferSize(4);
    chat.push(bytes("12345678"));
    chat.closeWhenDone();
    chat.calls.pass();
    assertEquals("12345678", chat.wire.sent());
    assertFalse(chat.wire.isClosed());
    chat.calls.pass();
    assertEquals(List.of("handleClose"), chat.calls);
    assertTrue(chat.wire.isClosed());
  }

  @Test
  void closeWhenDoneWithNothingToSendWaitsForAPassOrAPush() {
    chat.closeWhenDone();
    assertEquals(List.of(), chat.calls);
    chat.push(bytes("too late"));
    assertEquals(List.of("handleClose"), chat.calls);
    assertEquals("", chat.wire.sent());
  }

  @Test
  void aProducerIsAskedWhenThereIsNothingElseToSend() {
    chat.pushWithProducer(new SimpleProducer(bytes("abcdefghij"), 4));
    chat.push(bytes("after"));
    assertEquals(List.of("abcd", "efgh"), chat.wire.sends());
    for (int pass = 0; pass < 3; pass++) chat.calls.pass();
    assertEquals(List.of("abcd", "efgh", "ij", "after"), chat.wire.sends());
    assertTrue(chat.producerFifo().isEmpty());
  }

  @Test
  void nullEndsAProducerAsNoBytesDo() {
    chat.pushWithProducer(chunks("one", null, "never"));
    chat.pushWithProducer(chunks("two", "", "never"));
    chat.push(bytes("after"));
    for (int pass = 0; pass < 5; pass++) chat.calls.pass();
    assertEquals(List.of("one", "two", "after"), chat.wire.sends());
  }

  @Test
  void aLargePieceOfAProducerIsSentInSlices() {
    chat.acOutBufferSize(3);
    chat.pushWithProducer(chunks("abcdefg"));
    for (int pass = 0; pass < 4; pass++) chat.calls.pass();
    assertEquals(List.of("abc", "def", "g"), chat.wire.sends());
  }

  @Test
  void bytesAsAProducerAreOneEntry() {
    chat.acOutBufferSize(3);
    chat.producerFifo().addLast(ProducerFifo.Entry.of(bytes("abcdefg")));
    chat.initiateSend();
    assertEquals(1, chat.producerFifo().size());
    for (int pass = 0; pass < 2; pass++) chat.calls.pass();
    assertEquals(List.of("abc", "def", "g"), chat.wire.sends());
  }

  @Test
  void aProducerThatIsNullClosesAsPythonsNoneDoes() {
    chat.pushWithProducer(null);
    assertEquals(List.of("handleClose"), chat.calls);
  }

  @Test
  void aProducerThatThrowsStaysAndIsAskedAgain() {
    int[] asked = {0};
    chat.onError(thrown -> {});
    Producer shaky =
        () -> {
          if (asked[0]++ < 2) throw new IllegalStateException("not yet");
          return asked[0] == 3 ? bytes("now") : null;
        };
    assertThrows(IllegalStateException.class, () -> chat.pushWithProducer(shaky));
    assertEquals(1, chat.producerFifo().size());
    chat.calls.pass();
    assertEquals(List.of("handleError IllegalStateException"), chat.calls);
    chat.calls.pass();
    chat.calls.pass();
    assertEquals("now", chat.wire.sent());
    assertTrue(chat.producerFifo().isEmpty());
  }

  @Test
  void aProducerWithoutEndQueuesOnePieceAPass() {
    chat.pushWithProducer(() -> bytes("again"));
    for (int pass = 0; pass < 100; pass++) chat.calls.pass();
    assertEquals(101, chat.wire.sends().size());
    assertEquals("[Source[producer=", chat.producerFifo().toString().substring(0, 17));
  }

  @Test
  void aProducerThatPushesIsAskedAgainFirst() {
    Deque<String> chunks = new ArrayDeque<>(List.of("one", "two"));
    boolean[] pushed = {false};
    chat.pushWithProducer(
        () -> {
          if (!pushed[0]) {
            pushed[0] = true;
            chat.push(bytes("pushed")); // As in Python: sends what this producer gives next.
          }
          return chunks.isEmpty() ? null : bytes(chunks.remove());
        });
    for (int pass = 0; pass < 2; pass++) chat.calls.pass();
    assertEquals(List.of("one", "two", "pushed"), chat.wire.sends());
  }

  @Test
  void discardingInsideMoreIsAnErrorAsAnEmptyDequeIs() {
    assertThrows(
        NoSuchElementException.class,
        () ->
            chat.pushWithProducer(
                () -> {
                  chat.discardBuffers();
                  return null;
                }));
    assertEquals(0, chat.producerFifo().byteCount());
  }

  @Test
  void aBrokenConnectionClosesAndKeepsTheQueue() {
    chat.wire.failSend(Errno.EPIPE);
    chat.push(bytes("lost"));
    assertEquals(List.of("handleClose"), chat.calls);
    assertEquals(1, chat.producerFifo().size());
  }

  @Test
  void anotherErrorOfSendGoesToHandleError() {
    chat.wire.failSend(Errno.EMSGSIZE);
    chat.push(bytes("x"));
    assertEquals(List.of("handleError EMSGSIZE", "handleClose"), chat.calls);
  }

  @Test
  void discardedOutputIsNotSent() {
    chat.acOutBufferSize(2);
    chat.push(bytes("abcdef"));
    chat.closeWhenDone();
    chat.discardBuffers();
    assertFalse(chat.writable());
    chat.calls.pass();
    assertEquals("ab", chat.wire.sent());
    assertEquals(List.of(), chat.calls);
  }

  @Test
  void theQueueTellsWhatIsInIt() {
    chat.wire.room(0);
    chat.push(bytes("text"));
    chat.pushWithProducer(new SimpleProducer(bytes("more")));
    chat.closeWhenDone();
    StringBuilder kinds = new StringBuilder();
    for (ProducerFifo.Entry entry : chat.producerFifo()) {
      if (entry instanceof ProducerFifo.Piece piece) kinds.append(text(piece.bytes()));
      if (entry instanceof ProducerFifo.Source) kinds.append(" producer");
      if (entry instanceof ProducerFifo.CloseMark) kinds.append(" close");
    }
    assertEquals("text producer close", kinds.toString());
    assertEquals(3, chat.producerFifo().size());
    assertEquals(4, chat.producerFifo().byteCount());
  }

  private static Producer chunks(String... chunks) {
    int[] next = {0};
    return () -> {
      String chunk = next[0] < chunks.length ? chunks[next[0]++] : null;
      return chunk == null ? null : bytes(chunk);
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }
}
