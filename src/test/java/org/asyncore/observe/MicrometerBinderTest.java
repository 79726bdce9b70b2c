package org.asyncore.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.ScriptedSocket;
import org.junit.jupiter.api.Test;

/** The counters as meters of Micrometer. */
class MicrometerBinderTest {
  /** Those of JMX begin with {@code org_}. */
  private static final Pattern DRAWN = Pattern.compile("(?<!\\w)asyncore_\\w+");

  private final Counters counters = new Counters();
  private final MeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void metersSayWhatIsCounted() {
    new MicrometerBinder(counters, "mail").bindTo(registry);
    CallLog calls = CallLog.of(ScriptedSocket.connected().feed("abc"));
    calls.map().observer(counters);
    calls.dispatcher().wants(true, false).on("handleRead", d -> d.recv(2));
    calls.pass();
    assertEquals(1, registry.get("asyncore.passes").tag("name", "mail").functionCounter().count());
    assertEquals(2, registry.get("asyncore.received").functionCounter().count());
    assertEquals(
        1, registry.get("asyncore.callbacks").tag("kind", "READ").functionCounter().count());
    assertEquals(1, registry.get("asyncore.connections").gauge().value());
    Counts counts = counters.counts();
    assertEquals(
        counts.callbackNanos() / 1e9,
        registry.get("asyncore.callbacks.time").functionCounter().count());
    assertEquals(counts.lagNanos() / 1e9, registry.get("asyncore.lag").timeGauge().value(), 1e-12);
  }

  @Test
  void everyFigureOfTheCountsIsAMeter() {
    new MicrometerBinder(counters, "all").bindTo(registry);
    Set<String> names =
        registry.getMeters().stream().map(meter -> meter.getId().getName()).collect(set());
    assertEquals(Counts.class.getRecordComponents().length, names.size(), names::toString);
  }

  @Test
  void theDashboardIsDrawnFromItsMeters() throws IOException {
    new MicrometerBinder(counters, "drawn").bindTo(registry);
    Set<String> names = registry.getMeters().stream().map(this::inPrometheus).collect(set());
    Set<String> drawn =
        DRAWN
            .matcher(Files.readString(Path.of("docs/dashboard.json")))
            .results()
            .map(found -> found.group())
            .collect(set());
    assertTrue(drawn.size() > 10, drawn::toString);
    drawn.removeAll(names);
    assertEquals(Set.of(), drawn, () -> "meters are " + names);
  }

  /** As Micrometer names it for Prometheus: with its unit, and what counts with {@code total}. */
  private String inPrometheus(Meter meter) {
    Meter.Id id = meter.getId();
    String name = NamingConvention.snakeCase.name(id.getName(), id.getType(), id.getBaseUnit());
    String unit = id.getBaseUnit() == null ? "" : "_" + id.getBaseUnit();
    return name + unit + (id.getType() == Meter.Type.COUNTER ? "_total" : "");
  }

  private static Collector<String, ?, Set<String>> set() {
    return Collectors.toCollection(TreeSet::new);
  }
}
