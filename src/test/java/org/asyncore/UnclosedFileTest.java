package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.asyncore.fixture.Wiring;
import org.asyncore.transport.Pipe;
import org.asyncore.transport.PipeEnd;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A file wrapper that nobody closed. */
class UnclosedFileTest {
  private static final Logger LOGGER = Logger.getLogger("org.asyncore.FileWrapper");

  private final Queue<String> warnings = new ConcurrentLinkedQueue<>();

  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          warnings.add(entry.getLevel() + " " + entry.getMessage());
        }

        @Override
        public void flush() {
          // Nothing is kept back.
        }

        @Override
        public void close() {
          // Nothing is open.
        }
      };

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  void isClosedWithAWarningWhenItIsGarbage(Wiring wiring) {
    wiring.assumeAvailable();
    SocketMap map = new SocketMap(wiring.transport());
    LOGGER.addHandler(handler);
    LOGGER.setUseParentHandlers(false);
    Pipe pipe = map.transport().pipe();
    PipeEnd reader = pipe.reader();
    PipeEnd writer = pipe.writer();
    try {
      new FileWrapper(writer.fileno(), map).close(); // Not to be warned of.
      String name = drop(writer.fileno(), map);
      writer.close();
      for (int i = 0; warnings.isEmpty(); i++) {
        assertTrue(i < 1000, "no warning after 1000 collections");
        System.gc();
        LockSupport.parkNanos(10_000_000);
      }
      assertEquals("[WARNING unclosed file " + name + "]", warnings.toString());
      for (int i = 0; reader.read(ByteBuffer.allocate(1)) != -1; i++) {
        assertTrue(i < 1000, "the descriptor is not closed after the warning");
        LockSupport.parkNanos(10_000_000);
      }
    } finally {
      reader.close();
      writer.close();
      LOGGER.setUseParentHandlers(true);
      LOGGER.removeHandler(handler);
    }
  }

  /** In a frame of its own, so that nothing refers to the wrapper afterwards. */
  private static String drop(int fd, SocketMap map) {
    return new FileWrapper(fd, map).toString();
  }
}
