package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names and addresses for a socket's family; expectations are CPython's {@code bind}. */
class HostNameTest {
  private static Dispatcher dispatcher() {
    ScriptedSocket socket = new ScriptedSocket();
    return new Dispatcher(socket, new SocketMap(socket.transport()));
  }

  @ParameterizedTest
  @CsvSource({
    "INET, 127.0.0.1, 127.0.0.1",
    "INET, localhost, 127.0.0.1",
    "INET, '', 0.0.0.0",
    "INET6, ::1, ::1",
    "INET6, '', ::"
  })
  void itIsResolvedToAnAddressOfTheFamily(Family family, String host, String address)
      throws Exception {
    assertEquals(
        new InetSocketAddress(InetAddress.getByName(address), 25),
        new HostName(host, 25).resolve(family));
  }

  @ParameterizedTest
  @CsvSource({
    "INET, ::1, EAI_ADDRFAMILY",
    "INET6, 127.0.0.1, EAI_ADDRFAMILY",
    "INET, no host of this name, EAI_NONAME",
    "INET6, no host of this name, EAI_NONAME"
  })
  void aHostThatHasNoneIsPythonsError(Family family, String host, Errno errno) {
    OsException refused =
        assertThrows(OsException.class, () -> new HostName(host, 25).resolve(family));
    assertEquals(errno, refused.errno());
    assertTrue(refused.getMessage().endsWith(errno.text() + ": " + host), refused.getMessage());
  }

  @Test
  void aConnectThatFailsByItsNameIsLeftAsPythonLeavesIt() {
    Dispatcher dispatcher = dispatcher();
    assertThrows(OsException.class, () -> dispatcher.connect("::1", 25));
    assertTrue(dispatcher.connecting());
    assertFalse(dispatcher.connected());
    dispatcher.close();
  }

  @Test
  void aBindThatFailsByItsNameHasTheName() {
    Dispatcher dispatcher = dispatcher();
    assertThrows(OsException.class, () -> dispatcher.bind("::1", 25));
    assertEquals(InetSocketAddress.createUnresolved("::1", 25), dispatcher.addr());
    dispatcher.close();
  }
}
