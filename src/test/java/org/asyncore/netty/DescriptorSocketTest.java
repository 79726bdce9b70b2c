package org.asyncore.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Native;
import io.netty.channel.unix.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Pipe;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.asyncore.FileDispatcher;
import org.asyncore.SocketMap;
import org.asyncore.fixture.NettyIo;
import org.asyncore.fixture.Passes;
import org.asyncore.transport.AsyncFile;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.WouldBlockException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of Linux that are no pipes, by their numbers. */
class DescriptorSocketTest {
  @TempDir Path folder;

  private NettyTransport transport;

  @BeforeEach
  void open() {
    NettyIo.EPOLL.assumeAvailable();
    transport = NettyTransport.open("epoll");
  }

  private Path diskFile(String content) throws IOException {
    return Files.writeString(folder.resolve("file"), content);
  }

  private static Errno errnoOf(Runnable call) {
    return assertThrows(OsException.class, call::run).errno();
  }

  private static String text(byte[] data) {
    return new String(data, ISO_8859_1);
  }

  @Test
  void aDiskFileIsAlwaysReady() throws Exception {
    Path path = diskFile("on disk");
    AsyncFile file;
    try (RandomAccessFile owner = new RandomAccessFile(path.toFile(), "rw")) {
      assertEquals('o', owner.read());
      file = transport.file(OpenNumbers.of(path));
    }
    assertEquals("in out", Levels.of(file));
    assertEquals("in", Levels.of(file, Readiness.IN));
    assertEquals("n ", text(file.recv(2))); // Where its first descriptor was.
    assertEquals("disk", text(file.recv(9)));
    assertEquals("", text(file.recv(9)));
    assertEquals("in out", Levels.of(file)); // At its end, too.
    assertEquals(4, file.send(" now".getBytes(ISO_8859_1), 0, 4));
    file.close();
    assertEquals("nval", Levels.of(file));
    assertEquals("on disk now", Files.readString(path));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aDiskFileIsDispatched(boolean usePoll) throws Exception {
    SocketMap map = new SocketMap(transport);
    StringBuilder received = new StringBuilder();
    try (FileInputStream owner = new FileInputStream(diskFile("one two").toFile())) {
      FileDispatcher f =
          new FileDispatcher(OpenNumbers.of(folder.resolve("file")), map) {
            @Override
            public boolean writable() {
              return false;
            }

            @Override
            public void handleRead() {
              received.append(text(recv(4))).append('|');
            }

            @Override
            public void handleClose() {
              received.append("end");
              close();
            }
          };
      Passes.until(map, usePoll, map::isEmpty, "end of the file", received);
      assertEquals(-1, f.fileno());
      assertEquals(-1, owner.read()); // Both share one place in the file.
    }
    assertEquals("one |two|end|", received.toString());
  }

  @Test
  void aDirectoryIsReadyAndCannotBeRead() throws Exception {
    try (DirectoryStream<Path> owner = Files.newDirectoryStream(folder)) {
      AsyncFile file = transport.file(OpenNumbers.of(folder));
      assertEquals("in out", Levels.of(file));
      assertEquals(Errno.EISDIR, errnoOf(() -> file.recv(9)));
      file.close();
      assertTrue(owner.iterator() != null);
    }
  }

  @Test
  void anEventCounterIsReadAndWritten() throws Exception {
    FileDescriptor owner = Native.newEventFd();
    AsyncFile file = transport.file(owner.intValue());
    assertEquals("out", Levels.of(file));
    assertThrows(WouldBlockException.class, () -> file.recv(8));
    Native.eventFdWrite(owner.intValue(), 3);
    assertEquals("in out", Levels.of(file));
    ByteBuffer counter = ByteBuffer.wrap(file.recv(8)).order(ByteOrder.nativeOrder());
    assertEquals(3, counter.getLong());
    assertEquals(8, file.send(counter.array(), 0, 8));
    assertArrayEquals(counter.array(), file.recv(8));
    file.close();
    owner.close();
  }

  /** Standard input of a process that was started with a pipe blocks; ours does not any more. */
  @Test
  void aBlockingDescriptorCeasesToBlock() throws Exception {
    Path fifo = folder.resolve("fifo");
    assumeTrue(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor() == 0, "no mkfifo");
    try (RandomAccessFile owner = new RandomAccessFile(fifo.toFile(), "rw")) {
      AsyncFile file = transport.file(OpenNumbers.of(fifo));
      assertThrows(WouldBlockException.class, () -> file.recv(1));
      assertEquals("out", Levels.of(file));
      owner.write(new byte[2]);
      AsyncFile again = transport.file(file.fileno());
      assertEquals(1, file.recv(1).length);
      assertEquals("in out", Levels.of(again));
      assertEquals(1, again.recv(9).length);
      file.close();
      assertEquals("out", Levels.of(again));
      again.close();
    }
  }

  @Test
  void whatAppendsToADiskFileIsRefused() throws Exception {
    Path path = diskFile("log\n");
    try (FileOutputStream owner = new FileOutputStream(path.toFile(), true)) {
      int number = OpenNumbers.of(path);
      OsException refused = assertThrows(OsException.class, () -> transport.file(number));
      assertEquals(Errno.EINVAL, refused.errno());
      String where = "(docs/differences.md#no-appending-descriptors)";
      assertTrue(refused.getMessage().endsWith(where), refused.getMessage());
      Files.writeString(path, "rotated\n");
      owner.write('x'); // And it appends as before.
    }
    assertEquals("rotated\nx", Files.readString(path));
  }

  @Test
  void whatIsNotOpenIsABadDescriptor() {
    assertEquals(Errno.EBADF, errnoOf(() -> transport.file(999_999)));
    assertEquals(Errno.EBADF, errnoOf(() -> transport.file(-1)));
  }

  @Test
  void aDuplicateGetsTheLowestFreeNumber() throws Exception {
    FileDescriptor[] pipe = FileDescriptor.pipe();
    transport.file(pipe[0].intValue()).close(); // Whatever is opened once, is.
    int attempts = 100; // In any of them another thread of this process may be first.
    while (!getsTheNumberOfAClosedOne(pipe)) assertTrue(--attempts > 0, "never the lowest");
    pipe[0].close();
    pipe[1].close();
  }

  private boolean getsTheNumberOfAClosedOne(FileDescriptor[] pipe) {
    AsyncFile first = transport.file(pipe[0].intValue());
    AsyncFile second = transport.file(pipe[0].intValue());
    int number = first.fileno();
    first.close();
    AsyncFile third = transport.file(pipe[1].intValue());
    boolean isLowest = third.fileno() == number;
    second.close();
    third.close();
    return isLowest;
  }

  @Test
  void aChannelOfTheJdkHidesItsDescriptor() throws Exception {
    Pipe pipe = Pipe.open();
    try (var source = pipe.source();
        var sink = pipe.sink()) {
      OsException hidden = assertThrows(OsException.class, () -> transport.file(source));
      assertEquals(Errno.EOPNOTSUPP, hidden.errno());
      String where = "(docs/differences.md#no-jdk-channels-on-epoll)";
      assertTrue(hidden.getMessage().endsWith(where), hidden.getMessage());
      assertTrue(sink.isOpen() && source.isOpen());
    }
  }
}
