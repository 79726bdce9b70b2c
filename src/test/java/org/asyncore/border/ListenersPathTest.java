package org.asyncore.border;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.transport.Family;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is at the path of a Unix listener is made by bind, and by nothing else undone. */
class ListenersPathTest {
  @TempDir Path folder;

  static Stream<Row> loops() {
    return Row.of(Mode.LOOP);
  }

  @ParameterizedTest
  @MethodSource("loops")
  void aClosedListenerLeavesWhatIsAtItsPath(Row row) throws Exception {
    row.assumeAvailable();
    Path path = folder.resolve("server");
    SocketMap map = new SocketMap(row.transport());
    Dispatcher listener = new Dispatcher(map);
    listener.createSocket(Family.UNIX);
    listener.bind(UnixDomainSocketAddress.of(path));
    listener.listen(5);
    Files.delete(path);
    Files.writeString(path, "somebody else's");
    listener.close();
    Asyncore.closeAll(map, true);
    assertEquals("somebody else's", Files.readString(path));
  }

  @ParameterizedTest
  @MethodSource("loops")
  void listeningKeepsThePermissionsOfThePath(Row row) throws IOException, InterruptedException {
    row.assumeAvailable();
    Path path = folder.resolve("server");
    SocketMap map = new SocketMap(row.transport());
    Dispatcher listener = new Dispatcher(map);
    listener.createSocket(Family.UNIX);
    listener.bind(UnixDomainSocketAddress.of(path));
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    listener.listen(5);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    assertTrue(DispatcherChannels.channel(listener).isOpen());
    listener.close();
    Asyncore.closeAll(map, true);
  }
}
