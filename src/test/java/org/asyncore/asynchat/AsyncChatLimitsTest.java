package org.asyncore.asynchat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AsyncChatLimitsTest {
  private final RecordingChat chat = RecordingChat.overConnected();

  @Test
  void aMessageOverTheLimitClosesTheChannelAndNothingBehindItIsDelivered() {
    chat.setTerminator(bytes("\n"));
    chat.maxIncoming(5);
    chat.reads("12345\n123456\nnext\n");
    assertEquals(
        List.of("data 12345", "found", "handleError IncomingLimitException", "handleClose"),
        chat.calls);
    assertEquals("", chat.pending());
    assertTrue(chat.wire.isClosed());
  }

  @Test
  void theExceptionNamesValueAndRule() {
    List<Throwable> thrown = new ArrayList<>();
    chat.onError(thrown::add);
    chat.setTerminator(null);
    chat.maxIncoming(5);
    chat.reads("1234", "56");
    IncomingLimitException excess = (IncomingLimitException) thrown.get(0);
    assertEquals("6 bytes since the last terminator, maxIncoming is 5", excess.getMessage());
    assertEquals(6, excess.byteCount());
    assertEquals(5, excess.limit());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 100})
  void aKeptChannelDropsTheLongMessageOnceAndGetsTheNext(int cut) {
    chat.onError(thrown -> {});
    chat.setTerminator(bytes("\r\n"));
    chat.maxIncoming(5);
    String input = "short\r\nthis one is much too long\r\nnext\r\n";
    for (int i = 0; i < input.length(); i += cut) {
      chat.reads(input.substring(i, Math.min(input.length(), i + cut)));
    }
    List<String> messages = new ArrayList<>();
    StringBuilder message = new StringBuilder();
    for (String call : chat.calls) {
      if (call.startsWith("data ")) message.append(call.substring(5));
      if (call.startsWith("handleError")) {
        message.setLength(0);
        messages.add(call);
      }
      if (call.equals("found")) {
        messages.add(message.toString());
        message.setLength(0);
      }
    }
    assertEquals(List.of("short", "handleError IncomingLimitException", "next"), messages);
  }

  @Test
  void aCountedMessageOverTheLimitIsDroppedToItsEnd() {
    chat.onError(thrown -> {});
    chat.onFound(() -> chat.setTerminator(bytes("\n")));
    chat.setTerminator(8);
    chat.maxIncoming(5);
    chat.reads("1234", "56", "78line\n");
    // Nobody set a terminator for what follows a dropped count, so it is collected as it comes.
    assertEquals(
        List.of("data 1234", "handleError IncomingLimitException", "data line\n"), chat.calls);
  }

  @Test
  void aTerminatorSetInHandleErrorEndsTheDropping() {
    chat.onError(thrown -> chat.setTerminator(bytes("!")));
    chat.setTerminator(bytes("\n"));
    chat.maxIncoming(5);
    chat.reads("too long", "rest!ok!");
    assertEquals(
        List.of("handleError IncomingLimitException", "data rest", "found", "data ok", "found"),
        chat.calls);
  }

  @Test
  void aMessageThatIsRefusedAgainAndAgainIsBounded() {
    chat.onError(thrown -> {});
    chat.onData(
        data -> {
          throw new IllegalStateException("never takes anything");
        });
    chat.setTerminator(bytes("\n"));
    chat.maxIncoming(100);
    for (int read = 0; read < 1000; read++) chat.reads("0123456789");
    assertTrue(chat.pending().length() <= 100, chat.pending());
    assertEquals(
        1, chat.calls.stream().filter(call -> call.endsWith("IncomingLimitException")).count());
  }

  @Test
  void aPushOverTheLimitQueuesNothingAndClosesThisChannel() {
    chat.wire.room(0);
    chat.maxOutgoing(10);
    chat.push(bytes("12345678"));
    chat.push(bytes("abc"));
    assertEquals(List.of("handleError OutgoingLimitException", "handleClose"), chat.calls);
    assertEquals(8, chat.producerFifo().byteCount());
  }

  @Test
  void aChannelKeptOverTheLimitSendsWhatItHasAndTakesMore() {
    List<Throwable> thrown = new ArrayList<>();
    chat.onError(thrown::add);
    chat.wire.room(0);
    chat.maxOutgoing(10);
    chat.push(bytes("12345678"));
    chat.push(ByteBuffer.wrap(bytes("abc")));
    assertEquals("11 bytes to queue, maxOutgoing is 10", thrown.get(0).getMessage());
    assertEquals(11, ((OutgoingLimitException) thrown.get(0)).byteCount());
    assertEquals(10, ((OutgoingLimitException) thrown.get(0)).limit());
    chat.wire.room(100);
    chat.calls.pass();
    chat.push(bytes("abcdefghij"));
    assertEquals("12345678abcdefghij", chat.wire.sent());
  }

  @Test
  void limitsBelowOneAreRefusedAndChangeNothing() {
    assertThrows(IllegalArgumentException.class, () -> chat.maxIncoming(0));
    assertThrows(IllegalArgumentException.class, () -> chat.maxOutgoing(-1));
    assertEquals(AsyncChat.NO_LIMIT, chat.maxIncoming());
    assertEquals(AsyncChat.NO_LIMIT, chat.maxOutgoing());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
