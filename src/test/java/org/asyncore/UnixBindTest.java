package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.asyncore.fixture.NettyIo;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.SocketType;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnixBindTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void aPathThatIsTakenIsRefusedAndStaysAsItIs(String transport) throws IOException {
    NettyIo.named(transport).assumeAvailable();
    Path taken = Files.writeString(folder.resolve("taken"), "not a socket");
    SocketMap map = new SocketMap(transport);
    AsyncSocket socket = map.transport().socket(Family.UNIX, SocketType.STREAM);
    try {
      OsException refused =
          assertThrows(OsException.class, () -> socket.bind(UnixDomainSocketAddress.of(taken)));
      assertEquals(Errno.EADDRINUSE, refused.errno());
      assertEquals("not a socket", Files.readString(taken));
      socket.bind(UnixDomainSocketAddress.of(folder.resolve("free")));
      socket.listen(1);
    } finally {
      socket.close();
    }
  }
}
