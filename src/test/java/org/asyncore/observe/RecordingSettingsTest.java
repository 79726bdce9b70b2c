package org.asyncore.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.ScriptedSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings for flight recordings that the jar has. */
class RecordingSettingsTest {
  private static final Pattern NAME = Pattern.compile("@Name\\(\"(org\\.asyncore\\.\\w+)\"\\)");

  @TempDir private Path folder;

  private static Configuration settings() throws IOException, ParseException {
    try (Reader file =
        new InputStreamReader(
            Objects.requireNonNull(
                JfrEvents.class.getResourceAsStream("/META-INF/asyncore.jfc"), "asyncore.jfc"),
            StandardCharsets.UTF_8)) {
      return Configuration.create(file);
    }
  }

  @Test
  void everyEventIsThere() throws IOException, ParseException {
    Set<String> set = new TreeSet<>();
    for (String setting : settings().getSettings().keySet()) {
      set.add(setting.replaceFirst("#.*", ""));
    }
    Set<String> events = new TreeSet<>();
    try (Stream<Path> all = Files.walk(Path.of("src/main/java"))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Matcher name = NAME.matcher(Files.readString(file));
        while (name.find()) events.add(name.group(1));
      }
    }
    assertEquals(events, set);
  }

  @Test
  void callbacksThatTakeLongAreRecorded() throws IOException, ParseException {
    CallLog calls = CallLog.of(ScriptedSocket.connected().feed("ab"));
    calls.map().observer(new JfrEvents());
    long longNanos = 30_000_000;
    calls
        .dispatcher()
        .wants(true, false)
        .on(
            "handleRead",
            d -> {
              long began = System.nanoTime();
              boolean isFirst = d.recv(1)[0] == 'a';
              while (isFirst && System.nanoTime() - began < longNanos) Thread.onSpinWait();
            });
    Path file = folder.resolve("settings.jfr");
    try (Recording recording = new Recording(settings())) {
      recording.start();
      calls.pass();
      calls.pass();
      recording.stop();
      recording.dump(file);
    }
    List<Duration> callbacks =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().equals("org.asyncore.Callback"))
            .map(RecordedEvent::getDuration)
            .toList();
    assertFalse(callbacks.isEmpty(), "no callback was recorded");
    for (Duration took : callbacks) assertTrue(took.toMillis() >= 20, callbacks::toString);
  }
}
