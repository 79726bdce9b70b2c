package org.asyncore.netty.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.junit.jupiter.api.Test;

class AddressesTest {
  private static final InetSocketAddress INET = new InetSocketAddress(4711);

  @Test
  void inetAddressesAreTheSameOnBothSides() {
    assertSame(INET, Addresses.toNetty(INET));
    assertSame(INET, Addresses.fromNetty(INET));
  }

  @Test
  void unixAddressesAreTranslatedBothWays() {
    UnixDomainSocketAddress unix = UnixDomainSocketAddress.of("some/socket");
    assertEquals(new DomainSocketAddress("some/socket"), Addresses.toNetty(unix));
    assertEquals(unix, Addresses.fromNetty(new DomainSocketAddress("some/socket")));
    assertSame(UnixNames.UNNAMED, Addresses.fromNetty(new DomainSocketAddress("")));
  }

  @Test
  void anUnresolvedNameIsPythonsErrorWithTheName() {
    OsException refused =
        assertThrows(
            OsException.class,
            () -> Addresses.toNetty(InetSocketAddress.createUnresolved("no.such.host", 80)));
    assertEquals(Errno.EAI_NONAME, refused.errno());
    assertEquals(
        "[Errno -2] EAI_NONAME: Name or service not known: no.such.host", refused.getMessage());
  }

  @Test
  void aPathTooLongForTheSystemIsRefusedWithItsLength() {
    assertEquals(107, Addresses.path(UnixDomainSocketAddress.of("x".repeat(107))).length());
    OsException refused =
        assertThrows(
            OsException.class, () -> Addresses.path(UnixDomainSocketAddress.of("x".repeat(108))));
    assertEquals(Errno.ENAMETOOLONG, refused.errno());
    assertTrue(refused.getMessage().contains("108 > 107 bytes"), refused.getMessage());
    assertThrows(
        OsException.class,
        () -> Addresses.path(UnixDomainSocketAddress.of("ä".repeat(54))),
        "bytes count, not characters");
  }

  @Test
  void aSocketWithoutAnAddressHasItsFamilysZero() {
    assertEquals(new InetSocketAddress("0.0.0.0", 0), Addresses.unknown(Family.INET));
    assertEquals(new InetSocketAddress("::", 0), Addresses.unknown(Family.INET6));
    assertSame(UnixNames.UNNAMED, Addresses.unknown(Family.UNIX));
  }
}
