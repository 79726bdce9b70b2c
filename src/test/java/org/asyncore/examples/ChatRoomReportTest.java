package org.asyncore.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.asyncore.SocketMap;
import org.asyncore.migrate.MigrationReport;
import org.junit.jupiter.api.Test;

/** A migration report of the chat room, as docs/migrating.md shows it. */
class ChatRoomReportTest {
  private static final Path REPORT = Path.of("target", "chat-room-report.txt");

  @Test
  void theListenerAndTheSessionsAreToldApart() throws IOException {
    MigrationReport report = new MigrationReport();
    SocketMap map = new SocketMap();
    map.observer(report);
    try (Serving room = new Serving(new ChatRoom("127.0.0.1", 0, map))) {
      for (int guest = 1; guest <= 3; guest++) talk(room, guest);
    }
    Files.writeString(REPORT, report.text());
    assertTrue(report.text().contains("ChatRoom\n"), report::text);
    assertTrue(report.text().contains("  accepted: 3\n"), report::text);
    assertTrue(report.text().contains("  next: rung 2 or 4: "), report::text);
    assertTrue(report.text().contains("  next: rung 3 or 4: "), report::text);
  }

  private static void talk(Serving room, int guest) throws IOException {
    try (LinePeer peer = new LinePeer(room.port())) {
      peer.readUntil("guest" + guest + " is here\r\n");
      for (int i = 0; i < 10; i++) {
        peer.send("hello\n");
        assertEquals("guest" + guest + ": hello", peer.line());
      }
      peer.send("/quit\n");
      peer.readUntil("bye\r\n");
    }
  }
}
