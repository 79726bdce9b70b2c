package org.asyncore;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.Wiring;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Pipe;
import org.asyncore.transport.PipeEnd;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Dispatchers over pipes, on both transports and in both orders. */
class FileDispatcherTest {
  private static final String ALL = "org.asyncore.fixture.Wiring#inet";

  private final List<String> calls = new ArrayList<>();

  private final List<PipeEnd> ends = new ArrayList<>();

  @AfterEach
  void closePipes() {
    for (PipeEnd end : ends) end.close();
  }

  private Pipe pipe(SocketMap map) {
    Pipe pipe = map.transport().pipe();
    ends.add(pipe.reader());
    ends.add(pipe.writer());
    return pipe;
  }

  /** Writes its calls down, reads what comes, and closes as a test says. */
  private final class Recorder extends FileDispatcher {
    private final boolean reads;
    private Consumer<Recorder> onWrite = recorder -> {};
    private int bufferSize = 4;

    Recorder(int fd, SocketMap map, boolean reads) {
      super(fd, map);
      this.reads = reads;
    }

    @Override
    public boolean readable() {
      return reads;
    }

    @Override
    public boolean writable() {
      return !reads;
    }

    @Override
    public void handleRead() {
      calls.add("handleRead");
      byte[] data = recv(bufferSize);
      calls.add("'" + new String(data, ISO_8859_1) + "'");
    }

    @Override
    public void handleWrite() {
      calls.add("handleWrite");
      onWrite.accept(this);
    }

    @Override
    public void handleExpt() {
      calls.add("handleExpt");
    }

    @Override
    public void handleClose() {
      calls.add("handleClose");
      close();
    }

    @Override
    public void handleError(Throwable thrown) {
      calls.add("handleError " + CallLog.nameOf(thrown));
      close();
    }
  }

  private static SocketMap map(Wiring wiring) {
    wiring.assumeAvailable();
    return new SocketMap(wiring.transport());
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void readsAPipeInPieces(Wiring wiring) {
    SocketMap map = map(wiring);
    Pipe pipe = pipe(map);
    PipeEnd reader = pipe.reader();
    PipeEnd writer = pipe.writer();
    Recorder f = new Recorder(reader.fileno(), map, true);
    reader.close(); // It has its own.
    assertTrue(f.connected());
    assertNull(f.addr());
    writer.write(bytes("pipeline"));
    for (int i = 0; i < 3; i++) Passes.one(map, wiring.usePoll());
    assertEquals(List.of("handleRead", "'pipe'", "handleRead", "'line'"), calls);
    f.close();
    assertTrue(map.isEmpty());
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void theEndOfAPipeIsReadInSelectsOrderAndAHangUpInPolls(Wiring wiring) {
    SocketMap map = map(wiring);
    Pipe pipe = pipe(map);
    PipeEnd reader = pipe.reader();
    PipeEnd writer = pipe.writer();
    new Recorder(reader.fileno(), map, true);
    writer.close();
    Passes.one(map, wiring.usePoll());
    List<String> expected =
        wiring.usePoll() ? List.of("handleClose") : List.of("handleRead", "handleClose", "''");
    assertEquals(expected, calls);
    assertTrue(map.isEmpty());
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aHangUpCutsOffUnreadBytesInPollsOrder(Wiring wiring) {
    SocketMap map = map(wiring);
    Pipe pipe = pipe(map);
    PipeEnd reader = pipe.reader();
    PipeEnd writer = pipe.writer();
    new Recorder(reader.fileno(), map, true);
    writer.write(bytes("last words"));
    writer.close();
    Passes.until(map, wiring.usePoll(), map::isEmpty, "end of the pipe", calls);
    List<String> expected =
        wiring.usePoll()
            ? List.of("handleRead", "'last'", "handleClose")
            : List.of(
                "handleRead",
                "'last'",
                "handleRead",
                "' wor'",
                "handleRead",
                "'ds'",
                "handleRead",
                "handleClose",
                "''");
    assertEquals(expected, calls);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void writesAPipeWhoseReaderSeesTheEnd(Wiring wiring) throws Exception {
    SocketMap map = map(wiring);
    Pipe pipe = pipe(map);
    PipeEnd reader = pipe.reader();
    PipeEnd writer = pipe.writer();
    Recorder f = new Recorder(writer.fileno(), map, false);
    writer.close();
    f.onWrite =
        recorder -> {
          recorder.send("out".getBytes(ISO_8859_1));
          recorder.onWrite = Dispatcher::close;
        };
    Passes.one(map, wiring.usePoll());
    Passes.one(map, wiring.usePoll());
    assertEquals(List.of("handleWrite", "handleWrite"), calls);
    ByteBuffer received = ByteBuffer.allocate(9);
    assertEquals(3, reader.read(received, 10_000_000_000L));
    assertEquals("out", new String(received.array(), 0, 3, ISO_8859_1));
    assertEquals(-1, reader.read(received, 10_000_000_000L));
    assertTrue(map.isEmpty());
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aBrokenPipeCallsHandleClose(Wiring wiring) {
    SocketMap map = map(wiring);
    Pipe pipe = pipe(map);
    PipeEnd reader = pipe.reader();
    PipeEnd writer = pipe.writer();
    Recorder f = new Recorder(writer.fileno(), map, false);
    reader.close();
    f.onWrite = recorder -> calls.add("sent " + recorder.send(new byte[3]));
    Passes.one(map, wiring.usePoll());
    // In poll's order the error beside the room to write closes it a second time.
    List<String> once = List.of("handleWrite", "handleClose", "sent 0");
    List<String> twice = List.of("handleWrite", "handleClose", "sent 0", "handleClose");
    assertEquals(wiring.usePoll() ? twice : once, calls);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aFullPipeGetsNoHandleWrite(Wiring wiring) {
    SocketMap map = map(wiring);
    Pipe pipe = pipe(map);
    PipeEnd reader = pipe.reader();
    PipeEnd writer = pipe.writer();
    Recorder f = new Recorder(writer.fileno(), map, false);
    int room = f.send(new byte[1 << 20]);
    assertEquals(0, f.send(new byte[1])); // Would block, which send takes for nothing taken.
    Passes.one(map, wiring.usePoll());
    assertEquals(List.of(), calls);
    ByteBuffer target = ByteBuffer.allocate(room);
    while (target.hasRemaining()) assertTrue(reader.read(target) > 0, "bytes are lost");
    Passes.one(map, wiring.usePoll());
    assertEquals(List.of("handleWrite"), calls);
    f.close();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aPassWaitsForAByte(Wiring wiring) throws Exception {
    SocketMap map = map(wiring);
    Pipe pipe = pipe(map);
    PipeEnd reader = pipe.reader();
    PipeEnd writer = pipe.writer();
    Recorder f = new Recorder(reader.fileno(), map, true);
    Thread other = new Thread(() -> writer.write(bytes("late")));
    other.start();
    Passes.loop(10, wiring.usePoll(), map, 1);
    other.join();
    assertEquals(List.of("handleRead", "'late'"), calls);
    f.close();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aFileMayMoveToAnotherMap(Wiring wiring) {
    SocketMap first = map(wiring);
    SocketMap second = map(wiring);
    Pipe pipe = pipe(first);
    PipeEnd reader = pipe.reader();
    PipeEnd writer = pipe.writer();
    Recorder f = new Recorder(reader.fileno(), first, true);
    Passes.one(first, wiring.usePoll());
    f.delChannel();
    f.setSocket(f.socket(), second);
    writer.write(bytes("here"));
    Passes.one(second, wiring.usePoll());
    assertEquals(List.of("handleRead", "'here'"), calls);
    second.clear();
    f.addChannel(first);
    writer.write(bytes("back"));
    Passes.one(first, wiring.usePoll());
    assertEquals(List.of("handleRead", "'here'", "handleRead", "'back'"), calls);
    f.close();
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  void aWrapperHasADescriptorOfItsOwn(Wiring wiring) {
    SocketMap map = map(wiring);
    Pipe pipe = pipe(map);
    PipeEnd reader = pipe.reader();
    PipeEnd writer = pipe.writer();
    FileWrapper wrapper = new FileWrapper(reader.fileno(), map);
    assertNotEquals(reader.fileno(), wrapper.fileno());
    reader.close();
    writer.write(bytes("spam and eggs"));
    assertEquals("spam", new String(wrapper.recv(4), ISO_8859_1));
    assertEquals(" and eggs", new String(wrapper.read(20), ISO_8859_1));
    assertEquals(Errno.OK, wrapper.takeError());
    assertThrows(
        UnsupportedOperationException.class,
        () -> wrapper.getsockopt(StandardSocketOptions.SO_KEEPALIVE));
    assertThrows(UnsupportedOperationException.class, wrapper::getpeername);
    wrapper.close();
    assertTrue(wrapper.fileno() < 0);
    wrapper.close();
    OsException closed = assertThrows(OsException.class, () -> wrapper.read(1));
    assertEquals(Errno.EBADF, closed.errno());
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  void aClosedNumberIsABadDescriptorAndTheMapStaysEmpty(Wiring wiring) {
    SocketMap map = map(wiring);
    Pipe pipe = pipe(map);
    pipe.reader().close();
    pipe.writer().close();
    int closed = pipe.reader().fileno();
    assertEquals(-1, closed);
    OsException bad = assertThrows(OsException.class, () -> new FileDispatcher(closed, map));
    assertEquals(Errno.EBADF, bad.errno());
    assertTrue(map.isEmpty());
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aChannelOfTheJdkIsDispatchedOnNio(Wiring wiring) throws Exception {
    SocketMap map = map(wiring);
    java.nio.channels.Pipe pipe = java.nio.channels.Pipe.open();
    try (var source = pipe.source();
        var sink = pipe.sink()) {
      if (wiring.transport().equals("epoll")) {
        OsException hidden = assertThrows(OsException.class, () -> new FileDispatcher(source, map));
        assertEquals(Errno.EOPNOTSUPP, hidden.errno());
        return;
      }
      StringBuilder received = new StringBuilder();
      FileDispatcher f =
          new FileDispatcher(source, map) {
            @Override
            public boolean writable() {
              return false;
            }

            @Override
            public void handleRead() {
              received.append(new String(recv(9), ISO_8859_1));
            }
          };
      sink.write(bytes("jdk"));
      Passes.until(
          map, wiring.usePoll(), () -> received.length() == 3, "bytes of the pipe", received);
      f.close();
      assertFalse(source.isOpen());
    }
  }

  @Test
  void setFileTakesAnotherDescriptor() {
    SocketMap map = new SocketMap();
    Pipe first = pipe(map);
    Pipe second = pipe(map);
    Recorder f = new Recorder(first.reader().fileno(), map, true);
    f.close();
    f.setFile(second.reader().fileno());
    first.writer().write(bytes("old"));
    second.writer().write(bytes("new"));
    Passes.one(map, false);
    assertEquals(List.of("handleRead", "'new'"), calls);
    f.close();
  }
}
