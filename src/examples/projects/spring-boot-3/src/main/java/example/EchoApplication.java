package example;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import org.asyncore.LoopThread;
import org.asyncore.observe.Counters;
import org.asyncore.observe.MicrometerBinder;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;

/** An echo server whose loop begins and ends with the application. */
@SpringBootApplication
public class EchoApplication {
  private static final Duration DRAIN = Duration.ofSeconds(5);
  private static final long LONGEST_LAG_NANOS = 5_000_000_000L;

  public static void main(String[] args) {
    System.setProperty("echo.port", args[0]);
    SpringApplication.run(EchoApplication.class);
  }

  @Bean
  Counters counters() {
    return new Counters();
  }

  /** Spring starts it last, and stops it first. */
  @Bean
  SmartLifecycle loop(Counters counters) {
    LoopThread loop = new LoopThread("echo");
    return new SmartLifecycle() {
      @Override
      public void start() {
        loop.map().observer(counters);
        new EchoServer("127.0.0.1", Integer.getInteger("echo.port"), loop.map());
        loop.start();
      }

      @Override
      public void stop() {
        loop.stop(DRAIN);
        loop.close(); // Waits for its end, and throws what ended it.
        System.out.println("the loop has ended");
      }

      @Override
      public boolean isRunning() {
        return loop.state() == LoopThread.State.RUNNING;
      }
    };
  }

  /** A callback that is stuck is an application that is down. */
  @Bean
  HealthIndicator loopHealth(Counters counters) {
    return () -> {
      long lag = counters.counts().lagNanos();
      return (lag < LONGEST_LAG_NANOS ? Health.up() : Health.down())
          .withDetail("lagNanos", lag)
          .build();
    };
  }

  /** Spring binds it to its registry. */
  @Bean
  MeterBinder loopMeters(Counters counters) {
    return new MicrometerBinder(counters, "echo");
  }

  @Bean
  ApplicationRunner told(HealthIndicator loopHealth, MeterRegistry registry) {
    return arguments -> {
      String status = loopHealth.health().getStatus().getCode();
      double listeners = registry.get("asyncore.listeners").gauge().value();
      System.out.println("health " + status + ", listeners " + (int) listeners);
    };
  }
}
