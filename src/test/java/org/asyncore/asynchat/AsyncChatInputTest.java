package org.asyncore.asynchat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.junit.jupiter.api.Test;

class AsyncChatInputTest {
  private final RecordingChat chat = RecordingChat.overConnected();

  @Test
  void dataComesWithoutItsTerminator() {
    chat.setTerminator(bytes("\r\n"));
    chat.reads("hello\r\n");
    assertEquals(List.of("data hello", "found"), chat.calls);
  }

  @Test
  void messagesOfOneReadComeOneByOneAndAnEmptyOneHasNoData() {
    chat.setTerminator(bytes("\n"));
    chat.reads("one\ntwo\n\nfour\npart");
    assertEquals(
        List.of(
            "data one", "found", "data two", "found", "found", "data four", "found", "data part"),
        chat.calls);
  }

  @Test
  void whatMayBeginATerminatorIsHeldBack() {
    chat.setTerminator(bytes("\r\n.\r\n"));
    chat.reads("text\r\n.\r");
    assertEquals(List.of("data text"), chat.calls.take());
    assertEquals("\r\n.\r", chat.pending());
    chat.reads("x\r");
    assertEquals(List.of("data \r\n.\rx"), chat.calls.take());
    assertEquals("\r", chat.pending());
    chat.reads("\n.", "\r", "\nnext");
    assertEquals(List.of("found", "data next"), chat.calls);
  }

  @Test
  void aFewBytesHeldBackKeepNoLargeArray() {
    chat.setTerminator(bytes("\r\n"));
    chat.reads("a".repeat(60_000) + "\r\n\r");
    assertEquals("\r", chat.pending());
    assertTrue(chat.acInBufferCapacity() < 100, "" + chat.acInBufferCapacity());
    chat.reads("\n");
    assertEquals(List.of("found", "found"), chat.calls.subList(1, 3));
    assertEquals(0, chat.acInBufferCapacity());
  }

  @Test
  void aShorterBeginningIsHeldBackWhenALongerOneFails() {
    chat.setTerminator(bytes("aab"));
    chat.reads("aa", "a", "b");
    assertEquals(List.of("data a", "found"), chat.calls);
  }

  @Test
  void aCountIsCountedDownOverReadsAndIsZeroBeforeFoundTerminator() {
    chat.setTerminator(8);
    chat.onFound(() -> chat.calls.add(chat.getTerminator().toString()));
    chat.reads("12345");
    assertEquals(new Terminator.Count(3), chat.getTerminator());
    chat.reads("678rest");
    assertEquals(
        List.of("data 12345", "data 678", "found", "Count[remaining=0]", "data rest"), chat.calls);
  }

  @Test
  void noneZeroAndNoBytesAllCollectEverything() {
    for (Terminator all :
        List.of(
            new Terminator.None(), new Terminator.Count(0), new Terminator.Bytes(new byte[0]))) {
      chat.setTerminator(all);
      chat.reads("one\r\n");
      assertEquals(List.of("data one\r\n"), chat.calls.take());
      assertEquals(all, chat.getTerminator());
    }
    chat.setTerminator(null);
    assertEquals(new Terminator.None(), chat.getTerminator());
  }

  @Test
  void aTerminatorSetInFoundTerminatorIsForWhatFollows() {
    chat.setTerminator(bytes("\r\n"));
    chat.onFound(
        () -> {
          if (chat.getTerminator() instanceof Terminator.Bytes) chat.setTerminator(5);
          else chat.setTerminator(bytes("\n"));
        });
    chat.reads("LEN 5\r\n12345line\nrest");
    assertEquals(
        List.of("data LEN 5", "found", "data 12345", "found", "data line", "found", "data rest"),
        chat.calls);
  }

  @Test
  void aTerminatorSetWhileAPieceIsDeliveredWaitsForTheNextReadIfBytesWereHeldBack() {
    chat.setTerminator(bytes("\r\n"));
    chat.onData(data -> chat.setTerminator(bytes("\r")));
    chat.reads("a\r");
    assertEquals(List.of("data a"), chat.calls.take());
    chat.reads("b");
    assertEquals(List.of("found", "data b"), chat.calls);
  }

  @Test
  void aCountSetWhileACountRunsIsCountedDownByThePieceToo() {
    chat.setTerminator(10);
    chat.onData(data -> chat.setTerminator(data.length() == 4 ? 2 : 0));
    chat.reads("four");
    assertEquals(new Terminator.Count(-2), chat.getTerminator());
    chat.reads("abcde"); // As CPython: ac_in_buffer[:-2] is the message.
    assertEquals(List.of("data four", "data abc", "found", "data de"), chat.calls);
  }

  @Test
  void bytesSetWhileACountRunsAreATypeError() {
    chat.setTerminator(10);
    chat.onData(data -> chat.setTerminator(bytes("\n")));
    chat.reads("four");
    assertEquals(List.of("data four", "handleError ClassCastException", "handleClose"), chat.calls);
  }

  @Test
  void whatWasReadIsDeliveredEvenAfterAClose() {
    chat.setTerminator(bytes("\n"));
    chat.onFound(chat::close);
    chat.reads("QUIT\nmore\npart");
    assertEquals(List.of("data QUIT", "found", "data more", "found", "data part"), chat.calls);
  }

  @Test
  void theEndOfTheStreamClosesAndLeavesAnUnfinishedMessageUndelivered() {
    chat.setTerminator(bytes("END"));
    chat.reads("abcEN");
    chat.wire.end();
    chat.calls.pass();
    assertEquals(List.of("data abc", "handleClose"), chat.calls);
    assertEquals("EN", chat.pending());
    assertTrue(chat.wire.isClosed());
  }

  @Test
  void theEndOfTheStreamDeliversWhatAChangedTerminatorFinds() {
    chat.setTerminator(bytes("END"));
    chat.reads("abcEN");
    chat.setTerminator(null);
    chat.wire.end();
    chat.calls.pass();
    assertEquals(List.of("data abc", "handleClose", "data EN"), chat.calls);
  }

  @Test
  void bytesOfAnExceptionAreDeliveredAgain() {
    chat.setTerminator(bytes("\n"));
    chat.onError(thrown -> {});
    chat.onData(
        data -> {
          chat.onData(again -> {});
          throw new IllegalStateException(data);
        });
    chat.reads("one\ntw", "o\n");
    assertEquals(
        List.of(
            "data one",
            "handleError IllegalStateException",
            "data one",
            "found",
            "data two",
            "found"),
        chat.calls);
  }

  @Test
  void wouldBlockIsNoNewsAndOtherErrorsGoToHandleError() {
    chat.setTerminator(bytes("\n"));
    chat.handleRead();
    chat.wire.failRecv(Errno.EAGAIN).failRecv(Errno.EINPROGRESS);
    chat.handleRead();
    chat.handleRead();
    assertEquals(List.of(), chat.calls.take());
    chat.wire.failRecv(Errno.ETIMEDOUT);
    chat.handleRead();
    assertEquals(List.of("handleError ETIMEDOUT", "handleClose"), chat.calls);
  }

  @Test
  void aReadTakesAtMostTheInBufferSize() {
    chat.setTerminator(bytes("\n"));
    chat.acInBufferSize(3);
    chat.reads("abcdefg\nh");
    chat.calls.pass();
    chat.calls.pass();
    assertEquals(List.of("data abc", "data def", "data g", "found", "data h"), chat.calls);
  }

  @Test
  void recvMayBeOverridden() {
    ScriptedSocket wire = ScriptedSocket.connected();
    StringBuilder pieces = new StringBuilder();
    AsyncChat upper =
        new AsyncChat(wire, chat.calls.map()) {
          @Override
          public byte[] recv(int bufferSize) {
            return bytes(new String(super.recv(bufferSize), ISO_8859_1).toUpperCase(Locale.ROOT));
          }

          @Override
          public void collectIncomingData(byte[] data) {
            pieces.append(new String(data, ISO_8859_1));
          }
        };
    upper.setTerminator(null);
    wire.feed("shout");
    upper.handleRead();
    assertEquals("SHOUT", pieces.toString());
  }

  @Test
  void discardedInputIsNotDelivered() {
    chat.setTerminator(bytes("END"));
    chat.reads("EN");
    chat.appendIncomingData(bytes("kept"));
    chat.discardBuffers();
    assertEquals("", chat.pending());
    assertEquals(0, chat.takeIncomingData().length);
    chat.reads("D");
    assertEquals(List.of("data D"), chat.calls);
  }

  @Test
  void discardingInACallbackEndsTheRead() {
    chat.setTerminator(bytes("\n"));
    chat.onData(data -> chat.discardBuffers());
    chat.reads("one\ntwo\n");
    assertEquals(List.of("data one", "found"), chat.calls);
  }

  @Test
  void bytesInThePlaceOfThoseReadAreReadOn() {
    chat.setTerminator(bytes("END"));
    chat.reads("xEN");
    byte[] data = bytes("yE");
    chat.acInBuffer(data);
    data[0] = 'z';
    assertEquals("yE", chat.pending());
    chat.reads("ND");
    assertEquals(List.of("data x", "data y", "found"), chat.calls);
  }

  @Test
  void bytesSetInACallbackLoseWhatItsCallTakesAway() {
    chat.setTerminator(bytes("\n"));
    chat.onFound(() -> chat.acInBuffer(bytes("")));
    chat.reads("one\ntwo\n");
    assertEquals(List.of("data one", "found"), chat.calls.take());
    chat.onFound(() -> {});
    chat.onData(data -> chat.onData(again -> {}).acInBuffer(bytes("12345xyz\n")));
    chat.reads("three\n"); // As CPython: ac_in_buffer[index + 1:], of the new bytes.
    assertEquals(List.of("data three", "found", "data yz", "found"), chat.calls);
  }

  @Test
  void keptPiecesAreJoinedOnce() {
    chat.appendIncomingData(bytes("one "));
    chat.appendIncomingData(bytes("message"));
    assertEquals(11, chat.incomingSize());
    assertArrayEquals(bytes("one message"), chat.takeIncomingData());
    assertEquals(0, chat.takeIncomingData().length);
  }

  @Test
  void withoutItsCallbacksTheChannelClosesOnInput() {
    ScriptedSocket wire = ScriptedSocket.connected(chat.wire.transport());
    StringBuilder log = new StringBuilder();
    AsyncChat bare =
        new AsyncChat(wire, chat.calls.map()) {
          @Override
          public void logInfo(String message, String type) {
            log.append(message);
          }
        };
    bare.setTerminator(bytes("\n"));
    wire.feed("x\n");
    chat.calls.pass();
    assertTrue(log.toString().contains("must be implemented in subclass"), log::toString);
    assertTrue(wire.isClosed());
    assertThrows(UnsupportedOperationException.class, bare::foundTerminator);
  }

  @Test
  void inputBeforeAnyTerminatorIsAnError() {
    chat.reads("x");
    assertEquals(List.of("handleError IllegalStateException", "handleClose"), chat.calls);
  }

  @Test
  void aNegativeCountIsRefusedAndChangesNothing() {
    chat.setTerminator(7);
    var refused = assertThrows(IllegalArgumentException.class, () -> chat.setTerminator(-3));
    assertTrue(refused.getMessage().startsWith("terminator < 0: -3"), refused.getMessage());
    assertEquals(new Terminator.Count(7), chat.getTerminator());
  }

  @Test
  void aTextIsATerminatorOnlyWithAnEncodingThatCanWriteIt() {
    assertThrows(IllegalStateException.class, () -> chat.setTerminator("\n"));
    chat.useEncoding(true);
    chat.setTerminator("é");
    assertEquals(new Terminator.Bytes(new byte[] {(byte) 0xe9}), chat.getTerminator());
    chat.encoding(UTF_8);
    chat.setTerminator("é");
    assertEquals(new Terminator.Bytes("é".getBytes(UTF_8)), chat.getTerminator());
    chat.encoding(US_ASCII);
    assertThrows(IllegalArgumentException.class, () -> chat.setTerminator("é"));
    chat.setTerminator((Object) null);
    assertEquals(new Terminator.None(), chat.getTerminator());
  }

  @Test
  void sizesBelowOneAreRefusedAndChangeNothing() {
    assertThrows(IllegalArgumentException.class, () -> chat.acInBufferSize(0));
    assertThrows(IllegalArgumentException.class, () -> chat.acOutBufferSize(-1));
    assertEquals(65536, chat.acInBufferSize());
    assertEquals(65536, chat.acOutBufferSize());
  }

  @Test
  void aTerminatorsBytesAreItsOwn() {
    byte[] bytes = bytes("\n");
    chat.setTerminator(bytes);
    bytes[0] = 'x';
    ((Terminator.Bytes) chat.getTerminator()).bytes()[0] = 'y';
    chat.reads("a\n");
    assertEquals(List.of("data a", "found"), chat.calls);
  }

  @Test
  void anOsExceptionOfACallbackIsNotMistakenForOneOfRecv() {
    chat.setTerminator(null);
    chat.onData(
        data -> {
          throw new OsException(Errno.EAGAIN);
        });
    chat.reads("x");
    assertEquals(List.of("data x", "handleError EAGAIN", "handleClose"), chat.calls);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
