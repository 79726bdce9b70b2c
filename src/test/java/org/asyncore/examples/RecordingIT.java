package org.asyncore.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that know nothing of flight recordings, recorded from the command line. */
class RecordingIT {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"echo", "lines"})
  void isWholeAfterSigterm(String server) throws Exception {
    Path file = folder.resolve(server + ".jfr");
    List<String> options =
        List.of(
            "-Dorg.asyncore.observers=JfrEvents",
            "-Xlog:jfr*=off",
            "-XX:StartFlightRecording=filename=" + file);
    try (Child child = Child.mainWith(options, server)) {
      String port = child.await("listening on .*:(\\d+) .*");
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port))) {
        client.setSoTimeout(30_000);
        client.getOutputStream().write("hello\n".getBytes(US_ASCII));
        assertEquals('h', client.getInputStream().read());
      }
      child.terminate();
      assertEquals(128 + 15, child.exitCode());
    }
    assertTrue(Files.size(file) > 0, "the recording is empty");
    List<String> events =
        RecordingFile.readAllEvents(file).stream()
            .map(event -> event.getEventType().getName())
            .filter(name -> name.startsWith("org.asyncore."))
            .distinct()
            .toList();
    assertTrue(events.contains("org.asyncore.Transport"), events::toString);
    assertTrue(events.contains("org.asyncore.Accept"), events::toString);
  }

  @Test
  void anObserverThatIsNotThereIsSaid() throws Exception {
    List<String> options = List.of("-Dorg.asyncore.observers=Nobody");
    try (Child child = Child.mainWith(options, "echo")) {
      assertEquals(1, child.exitCode());
      String output = String.join("\n", child.output());
      assertTrue(output.contains("no observer is named Nobody"), output);
    }
  }
}
