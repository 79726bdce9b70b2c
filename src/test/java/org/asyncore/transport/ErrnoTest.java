package org.asyncore.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrnoTest {
  @ParameterizedTest
  @EnumSource
  void numbersLeadBackToTheirNames(Errno errno) {
    assertEquals(errno.number() < 0 ? Errno.UNKNOWN : errno, Errno.of(errno.number()));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, -111, 3, 127, 128, 9999, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void numbersWithoutANameAreUnknown(int number) {
    assertSame(Errno.UNKNOWN, Errno.of(number));
  }

  @Test
  void theDisconnectedOnesAreAsyncores() {
    assertEquals(
        Set.of("ECONNRESET", "ENOTCONN", "ESHUTDOWN", "ECONNABORTED", "EPIPE", "EBADF"),
        Arrays.stream(Errno.values())
            .filter(Errno::isDisconnected)
            .map(Errno::name)
            .collect(Collectors.toSet()));
  }

  @Test
  void messagesNameNumberErrorAndText() {
    assertEquals(
        "[Errno 98] EADDRINUSE: Address already in use",
        new OsException(Errno.EADDRINUSE).getMessage());
    assertEquals("[Errno 5] EIO: broken", new OsException(Errno.EIO, "broken").getMessage());
    assertSame(Errno.EAGAIN, Errno.EWOULDBLOCK);
    assertEquals(Errno.EAGAIN, WouldBlockException.INSTANCE.errno());
    assertEquals(0, WouldBlockException.INSTANCE.getStackTrace().length);
  }
}
