package org.asyncore;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.asyncore.fixture.Ascii.bytes;
import static org.asyncore.fixture.Ascii.text;
import static org.asyncore.fixture.ScriptedSocket.address;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.Printed;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.ScriptedTransport;
import org.asyncore.transport.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DispatcherWithSendTest {
  private final ScriptedTransport transport = new ScriptedTransport();
  private final SocketMap map = new SocketMap(transport);
  private final ScriptedSocket socket = ScriptedSocket.connected(transport);
  private final DispatcherWithSend dispatcher = new DispatcherWithSend(socket, map);

  @Test
  void sendTakesAllAndSendsWhatThereIsRoomFor() {
    socket.room(3);
    assertEquals(6, dispatcher.send(bytes("abcdef")));
    assertEquals("abc", socket.sent());
    assertEquals("def", text(dispatcher.outBuffer()));
    assertEquals(3, dispatcher.outBufferSize());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theRestGoesOutInLaterPasses(boolean usePoll) {
    socket.room(1);
    dispatcher.send(bytes("abc"));
    dispatcher.send(bytes("def"));
    assertEquals("a", socket.sent());
    socket.room(2);
    Passes.one(map, usePoll);
    assertEquals("abc", socket.sent());
    socket.room(100);
    Passes.one(map, usePoll);
    assertEquals("abcdef", socket.sent());
    int sends = socket.sends().size();
    Passes.one(map, usePoll);
    assertEquals(sends, socket.sends().size(), "nothing left: not asked again");
  }

  @Test
  void itIsWritableUntilConnectedAndWhileSomethingIsLeft() {
    assertFalse(dispatcher.writable());
    socket.room(0);
    dispatcher.send(bytes("a"));
    assertTrue(dispatcher.writable());
    socket.room(9);
    dispatcher.handleWrite();
    assertFalse(dispatcher.writable());

    ScriptedSocket fresh = new ScriptedSocket(transport);
    DispatcherWithSend client = new DispatcherWithSend(fresh, map);
    assertTrue(client.writable(), "so that it learns of its connection");
    client.connect(address(4711));
    Passes.one(map, false);
    assertTrue(client.connected());
    assertFalse(client.writable());
  }

  @Test
  void oneSendOffersAtMost64KiB() {
    dispatcher.send(new byte[150_000]);
    assertEquals(List.of(65_536), sizes());
    dispatcher.handleWrite();
    dispatcher.handleWrite();
    assertEquals(List.of(65_536, 65_536, 18_928), sizes());
    assertEquals(0, dispatcher.outBufferSize());
  }

  @Test
  void bytesAreCopiedWhenTheyAreTaken() {
    socket.room(0);
    byte[] data = bytes("abc");
    dispatcher.send(data);
    data[0] = 'X';
    socket.room(9);
    dispatcher.handleWrite();
    assertEquals("abc", socket.sent());
    byte[] copy = dispatcher.outBuffer();
    assertEquals(0, copy.length);
  }

  @Test
  void buffersAreTakenWhole() {
    socket.room(2);
    ByteBuffer data = ByteBuffer.wrap(bytes("xabcx"), 1, 3);
    assertEquals(3, dispatcher.send(data));
    assertEquals(0, data.remaining());
    assertEquals("c", text(dispatcher.outBuffer()));
  }

  @Test
  void aPieceOfAnArrayIsTakenAndOneOutsideOfItRefused() {
    byte[] data = bytes("abcdef");
    assertEquals(2, dispatcher.send(data, 2, 2));
    assertEquals("cd", socket.sent());
    assertThrows(IndexOutOfBoundsException.class, () -> dispatcher.send(data, 5, 2));
    assertEquals(0, dispatcher.outBufferSize());
    assertEquals("cd", socket.sent());
  }

  @Test
  void nullsAreRefusedByName() {
    for (Runnable call :
        List.<Runnable>of(
            () -> dispatcher.send((byte[]) null), () -> dispatcher.send((ByteBuffer) null))) {
      assertEquals(
          "data is null", assertThrows(NullPointerException.class, call::run).getMessage());
    }
  }

  @Test
  void aBrokenConnectionClosesAndKeepsWhatWasNotSent() {
    socket.failSend(Errno.EPIPE);
    assertEquals(3, dispatcher.send(bytes("abc")));
    assertTrue(socket.isClosed());
    assertEquals(3, dispatcher.outBufferSize());
    assertTrue(map.isEmpty());
  }

  @Test
  void debugLogsWhatItSendsAsPythonWritesBytes() {
    dispatcher.debug(true);
    try (Printed printed = new Printed()) {
      dispatcher.send(bytes("it's \r\n\u0001"));
      dispatcher.send(ByteBuffer.wrap(bytes("abc")));
      assertEquals("info: sending b\"it's \\r\\n\\x01\"\ninfo: sending b'abc'\n", printed.out());
    }
  }

  @Test
  void anOverriddenSendIsNotWhatInitiateSendCalls() {
    int[] overridden = new int[1];
    DispatcherWithSend counting =
        new DispatcherWithSend(ScriptedSocket.connected(transport), map) {
          @Override
          public int send(byte[] data, int offset, int byteCount) {
            overridden[0]++;
            return super.send(data, offset, byteCount);
          }
        };
    counting.send(bytes("abc"));
    counting.handleWrite();
    assertEquals(1, overridden[0], "as in Python: dispatcher.send(self, ...)");
  }

  @Test
  void anyMixtureOfSizesArrivesInOrder() {
    Random random = new Random(7);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    for (int i = 0; i < 3000; i++) {
      byte[] piece = new byte[random.nextInt(i % 100 == 0 ? 50_000 : 300)];
      random.nextBytes(piece);
      expected.writeBytes(piece);
      socket.room(random.nextInt(400));
      dispatcher.send(piece);
      if (random.nextInt(4) == 0) dispatcher.handleWrite();
    }
    socket.room(Integer.MAX_VALUE);
    while (dispatcher.outBufferSize() > 0) dispatcher.handleWrite();
    assertArrayEquals(expected.toByteArray(), socket.sent().getBytes(ISO_8859_1));
  }

  @Test
  void aSendOverTheLimitTakesNothingAndCloses() {
    List<Throwable> thrown = new ArrayList<>();
    DispatcherWithSend limited = limited(thrown);
    socket.room(2);
    limited.maxOutBuffer(5);
    assertEquals(5, limited.send(bytes("abcde")));
    assertEquals(0, limited.send(bytes("fgh")));
    assertEquals(2, limited.send(ByteBuffer.wrap(bytes("fg"))));
    ByteBuffer refused = ByteBuffer.wrap(bytes("h"));
    assertEquals(0, limited.send(refused));
    assertEquals(1, refused.remaining());
    assertEquals("cdefg", text(limited.outBuffer()));
    OutBufferLimitException excess = (OutBufferLimitException) thrown.get(0);
    assertEquals("6 bytes to buffer, maxOutBuffer is 5", excess.getMessage());
    assertEquals(6, excess.byteCount());
    assertEquals(5, excess.limit());
    assertEquals(2, thrown.size());
    socket.room(100);
    limited.handleWrite();
    assertEquals(3, limited.send(bytes("hij")));
    assertEquals("abcdefghij", socket.sent());
  }

  private DispatcherWithSend limited(List<Throwable> thrown) {
    return new DispatcherWithSend(socket, map) {
      @Override
      public void handleError(Throwable error) {
        thrown.add(error);
      }
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 40_000, 65_536, 65_537, 1 << 24})
  void aBufferThatGrewForOneAnswerIsGivenBack(int byteCount) {
    socket.room(1);
    dispatcher.send(new byte[byteCount]);
    assertTrue(dispatcher.outBufferCapacity() >= byteCount - 1);
    socket.room(Integer.MAX_VALUE);
    while (dispatcher.writable()) dispatcher.handleWrite();
    assertTrue(dispatcher.outBufferCapacity() <= 65_536, "" + dispatcher.outBufferCapacity());
    dispatcher.send(bytes("more"));
    assertEquals(0, dispatcher.outBufferSize());
    assertTrue(socket.sent().endsWith("more"));
    assertEquals(byteCount + 4, socket.sent().length());
  }

  @Test
  void anObserverIsToldOfASendOverTheLimit() {
    List<Throwable> told = new ArrayList<>();
    map.observer(
        new LoopObserver() {
          @Override
          public void failed(Dispatcher failing, Throwable thrown) {
            told.add(thrown);
          }
        });
    List<Throwable> thrown = new ArrayList<>();
    DispatcherWithSend limited = limited(thrown);
    limited.maxOutBuffer(1);
    limited.send(bytes("ab"));
    assertEquals(1, told.size());
    assertEquals(thrown, told);
  }

  @Test
  void theDefaultHandleErrorClosesWhoIsOverTheLimit() {
    dispatcher.maxOutBuffer(1);
    try (Printed printed = new Printed()) {
      assertEquals(0, dispatcher.send(bytes("ab")));
      assertTrue(printed.out().contains(":2 bytes to buffer, maxOutBuffer is 1 "), printed::out);
    }
    assertTrue(socket.isClosed());
  }

  @Test
  void aLimitBelowOneIsRefusedAndChangesNothing() {
    assertThrows(IllegalArgumentException.class, () -> dispatcher.maxOutBuffer(0));
    assertEquals(DispatcherWithSend.NO_LIMIT, dispatcher.maxOutBuffer());
  }

  private List<Integer> sizes() {
    return socket.sends().stream().map(String::length).toList();
  }
}
