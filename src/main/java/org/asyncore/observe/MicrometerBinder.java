package org.asyncore.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.asyncore.Callback;

/**
 * Shows {@link Counters} as meters of Micrometer, which a program adds that wants them: {@code
 * micrometer-core}. Each has the tag {@code name}.
 *
 * <pre>{@code
 * new MicrometerBinder(counters, "mail").bindTo(registry);
 * }</pre>
 *
 * <pre>
 * asyncore.passes  .wait (s)                           counters
 * asyncore.callbacks, by the tag kind; .callbacks.time (s)
 * asyncore.received  .sent (bytes)
 * asyncore.accepted  .accept.failures  .errors
 * asyncore.connections  .listeners  .listeners.paused  gauges
 * asyncore.queued (bytes)  .commands.waiting  .calls.due
 * asyncore.lag  .since.pass (s)
 * </pre>
 *
 * <p>What they say is what {@link Counts} has under these names. A registry keeps no counters alive
 * that no map has any more: their meters stay at what they said last. Safe from any thread.
 */
public final class MicrometerBinder implements MeterBinder {
  private static final double NANOS_PER_SECOND = 1e9;

  private final Counters counters;
  private final String name;

  /**
   * Does nothing before {@link #bindTo}.
   *
   * @param name what tells these counters from others: the value of the tag {@code name}
   */
  public MicrometerBinder(Counters counters, String name) {
    this.counters = Objects.requireNonNull(counters, "counters is null");
    this.name = Objects.requireNonNull(name, "name is null");
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Objects.requireNonNull(registry, "registry is null");
    count(registry, "passes", Counts::passes);
    seconds(registry, "wait", Counts::waitNanos);
    for (Callback kind : Callback.values()) {
      counter("callbacks", counts -> counts.callbacks().getOrDefault(kind, 0L))
          .tag("kind", kind.name())
          .register(registry);
    }
    seconds(registry, "callbacks.time", Counts::callbackNanos);
    counter("received", Counts::bytesReceived).baseUnit("bytes").register(registry);
    counter("sent", Counts::bytesSent).baseUnit("bytes").register(registry);
    count(registry, "accepted", Counts::accepted);
    count(registry, "accept.failures", Counts::acceptFailures);
    count(registry, "errors", Counts::errors);
    gauge("connections", Counts::connections).register(registry);
    gauge("listeners", Counts::listeners).register(registry);
    gauge("listeners.paused", Counts::pausedListeners).register(registry);
    gauge("queued", Counts::bytesQueued).baseUnit("bytes").register(registry);
    gauge("commands.waiting", Counts::waitingCommands).register(registry);
    gauge("calls.due", Counts::dueCalls).register(registry);
    time(registry, "lag", Counts::lagNanos);
    time(registry, "since.pass", Counts::sincePassNanos);
  }

  private void count(MeterRegistry registry, String what, ToDoubleFunction<Counts> figure) {
    counter(what, figure).register(registry);
  }

  private void seconds(MeterRegistry registry, String what, ToDoubleFunction<Counts> nanos) {
    counter(what, counts -> nanos.applyAsDouble(counts) / NANOS_PER_SECOND)
        .baseUnit("seconds")
        .register(registry);
  }

  private FunctionCounter.Builder<Counters> counter(String what, ToDoubleFunction<Counts> figure) {
    return FunctionCounter.builder(
            "asyncore." + what, counters, known -> figure.applyAsDouble(known.counts()))
        .tag("name", name);
  }

  private Gauge.Builder<Counters> gauge(String what, ToDoubleFunction<Counts> figure) {
    return Gauge.builder(
            "asyncore." + what, counters, known -> figure.applyAsDouble(known.counts()))
        .tag("name", name);
  }

  private void time(MeterRegistry registry, String what, ToDoubleFunction<Counts> nanos) {
    TimeGauge.builder(
            "asyncore." + what,
            counters,
            TimeUnit.NANOSECONDS,
            known -> nanos.applyAsDouble(known.counts()))
        .tag("name", name)
        .register(registry);
  }
}
