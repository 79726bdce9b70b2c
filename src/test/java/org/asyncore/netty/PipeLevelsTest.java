package org.asyncore.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.asyncore.Asyncore;
import org.asyncore.FileDispatcher;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Wiring;
import org.asyncore.transport.AsyncFile;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Pipe;
import org.asyncore.transport.PipeEnd;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.WouldBlockException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What poll says of pipes, and what reading and writing them says. */
class PipeLevelsTest {
  private static final String TRANSPORTS = "org.asyncore.fixture.Wiring#transports";

  /** A pipe of which one end is a file, the other a plain end. */
  private record Piped(AsyncFile file, Pipe pipe) implements AutoCloseable {
    static Piped reading(Wiring wiring) {
      wiring.assumeAvailable();
      NettyTransport transport = NettyTransport.open(wiring.transport());
      Pipe pipe = transport.pipe();
      AsyncFile file = transport.file(pipe.reader().fileno());
      pipe.reader().close();
      return new Piped(file, pipe);
    }

    static Piped writing(Wiring wiring) {
      wiring.assumeAvailable();
      NettyTransport transport = NettyTransport.open(wiring.transport());
      Pipe pipe = transport.pipe();
      AsyncFile file = transport.file(pipe.writer().fileno());
      pipe.writer().close();
      return new Piped(file, pipe);
    }

    void write(int byteCount) {
      assertEquals(byteCount, pipe.writer().write(ByteBuffer.allocate(byteCount)));
    }

    @Override
    public void close() {
      file.close();
      pipe.reader().close();
      pipe.writer().close();
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void bytesAreReadableWhileTheyLast(Wiring wiring) {
    try (Piped piped = Piped.reading(wiring)) {
      assertEquals("", Levels.of(piped.file(), Readiness.IN));
      assertThrows(WouldBlockException.class, () -> piped.file().recv(9));
      piped.write(5);
      assertEquals("in", Levels.of(piped.file(), Readiness.IN));
      assertEquals(2, piped.file().recv(2).length);
      assertEquals("in", Levels.of(piped.file(), Readiness.IN));
      piped.write(3);
      assertEquals(6, piped.file().recv(9).length); // What came before poll looked, and after.
      assertEquals("", Levels.of(piped.file(), Readiness.IN));
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void whatIsWrittenRightBeforeTheEndIsToldWithIt(Wiring wiring) throws Exception {
    wiring.assumeAvailable();
    SocketMap map = new SocketMap(wiring.transport());
    for (int run = 0; run < 300; run++) {
      Pipe pipe = map.transport().pipe();
      int[] came = {0};
      new FileDispatcher(pipe.reader().fileno(), map) {
        @Override
        public boolean writable() {
          return false;
        }

        @Override
        public void handleRead() {
          came[0] += recv(9).length;
        }

        @Override
        public void handleClose() {
          close();
        }
      };
      pipe.reader().close();
      CompletableFuture<Void> writing =
          CompletableFuture.runAsync(
              () -> {
                pipe.writer().write(ByteBuffer.allocate(5));
                pipe.writer().close();
              });
      Asyncore.loop(30, true, map);
      writing.get(30, TimeUnit.SECONDS);
      assertEquals(5, came[0], "in run " + run);
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void aWriterThatLeftIsAHangUpBesideUnreadBytes(Wiring wiring) {
    try (Piped piped = Piped.reading(wiring)) {
      piped.write(5);
      piped.pipe().writer().close();
      assertEquals("in hup", Levels.of(piped.file(), Readiness.IN));
      assertEquals(5, piped.file().recv(9).length);
      assertEquals("hup", Levels.of(piped.file(), Readiness.IN));
      assertEquals(0, piped.file().recv(9).length);
      assertEquals("hup", Levels.of(piped.file(), Readiness.IN));
      assertEquals(Errno.OK, piped.file().takeError());
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void aWriterThatLeavesIsAHangUpToOneThatDoesNotRead(Wiring wiring) {
    try (Piped piped = Piped.reading(wiring)) {
      piped.write(5);
      assertEquals("", Levels.of(piped.file(), Readiness.OUT));
      piped.pipe().writer().close();
      assertEquals("hup", Levels.of(piped.file(), Readiness.OUT));
      assertEquals("in hup", Levels.of(piped.file(), Readiness.IN));
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void aReaderThatLeftIsAnError(Wiring wiring) {
    try (Piped piped = Piped.writing(wiring)) {
      assertEquals("out", Levels.of(piped.file(), Readiness.OUT));
      piped.pipe().reader().close();
      assertEquals("out err", Levels.of(piped.file(), Readiness.OUT));
      OsException broken =
          assertThrows(OsException.class, () -> piped.file().send(new byte[1], 0, 1));
      assertEquals(Errno.EPIPE, broken.errno());
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void aFullPipeHasNoRoom(Wiring wiring) {
    try (Piped piped = Piped.writing(wiring)) {
      byte[] data = new byte[1 << 20];
      int taken = piped.file().send(data, 0, data.length);
      assertTrue(taken > 0 && taken < data.length, () -> taken + " bytes were taken");
      assertThrows(WouldBlockException.class, () -> piped.file().send(data, 0, 1));
      assertEquals("", Levels.of(piped.file(), Readiness.OUT));
      ByteBuffer target = ByteBuffer.allocate(taken + 1);
      while (target.position() < taken) {
        assertTrue(piped.pipe().reader().read(target) > 0, "bytes are lost");
      }
      assertEquals(0, piped.pipe().reader().read(target));
      assertEquals("out", Levels.of(piped.file(), Readiness.OUT));
      assertEquals(0, piped.file().send(data, 0, 0));
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void theWrongEndIsABadDescriptor(Wiring wiring) {
    try (Piped reading = Piped.reading(wiring);
        Piped writing = Piped.writing(wiring)) {
      OsException noWriter =
          assertThrows(OsException.class, () -> reading.file().send(new byte[1], 0, 1));
      assertEquals(Errno.EBADF, noWriter.errno());
      OsException noReader = assertThrows(OsException.class, () -> writing.file().recv(1));
      assertEquals(Errno.EBADF, noReader.errno());
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void aPlainEndWaitsNoLongerThanItMay(Wiring wiring) throws Exception {
    wiring.assumeAvailable();
    Pipe pipe = NettyTransport.open(wiring.transport()).pipe();
    PipeEnd reader = pipe.reader();
    PipeEnd writer = pipe.writer();
    try {
      assertEquals(0, reader.read(ByteBuffer.allocate(9), 1_000_000));
      Thread other = new Thread(() -> writer.write(ByteBuffer.allocate(3)));
      other.start();
      assertEquals(3, reader.read(ByteBuffer.allocate(9), 10_000_000_000L));
      other.join();
      writer.close();
      assertEquals(-1, writer.fileno());
      assertEquals(-1, reader.read(ByteBuffer.allocate(9), 10_000_000_000L));
    } finally {
      reader.close();
      writer.close();
    }
  }
}
