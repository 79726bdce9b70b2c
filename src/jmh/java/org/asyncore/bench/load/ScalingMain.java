package org.asyncore.bench.load;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.asyncore.Dispatcher;
import org.asyncore.LoopGroup;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;

/**
 * What a second loop brings: an echo on a {@code LoopGroup} of one loop against one of two, each
 * with two load threads, in turn, in one process.
 *
 * <p>Arguments: a scenario of messages, rounds, milliseconds a run: {@code pingpong-x64 10 2000} by
 * default; {@code docs/benchmarks.md#two-loops} has the command. On two cores the load takes its
 * part of them: a ratio of 2 is out of reach.
 */
public final class ScalingMain {
  private static final int LOAD_THREADS = 2;
  private static final int BACKLOG = 1_024;
  private static final double NANOS_PER_SECOND = 1e9;

  private final Scenario scenario;
  private final long runNanos;
  private final ExecutorService loaders = Executors.newFixedThreadPool(LOAD_THREADS);

  private ScalingMain(Scenario scenario, long runMillis) {
    this.scenario = scenario;
    runNanos = TimeUnit.MILLISECONDS.toNanos(runMillis);
  }

  public static void main(String[] args) throws Exception {
    Scenario scenario = Scenario.named(args.length > 0 ? args[0] : "pingpong-x64");
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 10;
    ScalingMain main = new ScalingMain(scenario, args.length > 2 ? Long.parseLong(args[2]) : 2_000);
    try {
      main.compare(rounds);
    } finally {
      main.loaders.shutdown();
    }
  }

  private void compare(int rounds) throws Exception {
    measure(1); // Until the code is what it will be.
    measure(2);
    double[] ratios = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      double one = measure(1);
      double two = measure(2);
      ratios[round] = two / one;
      System.out.printf("%,.0f messages/s on one loop, %,.0f on two: %.2f%n", one, two, two / one);
    }
    Arrays.sort(ratios);
    System.out.printf(
        "two loops to one: %.2f [%.2f, %.2f] over %d rounds of %s%n",
        ratios[rounds / 2], ratios[0], ratios[rounds - 1], rounds, scenario.name());
  }

  /** Answered messages a second, of both load threads. */
  private double measure(int loopCount) throws Exception {
    try (LoopGroup loops = new LoopGroup("echo-" + loopCount, loopCount)) {
      SocketAddress address =
          loops.listen(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG, Echo::new);
      loops.start();
      int port = ((InetSocketAddress) address).getPort();
      Callable<Double> load = () -> load(port);
      double messagesPerSecond = 0;
      for (Future<Double> part : loaders.invokeAll(Collections.nCopies(LOAD_THREADS, load))) {
        messagesPerSecond += part.get();
      }
      return messagesPerSecond;
    }
  }

  private double load(int port) throws Exception {
    try (Load load = new EchoLoad(scenario, port)) {
      load.warm(runNanos / 4);
      Sample sample = load.run(runNanos);
      return sample.messages() / (sample.nanos() / NANOS_PER_SECOND);
    }
  }

  private static final class Echo extends Dispatcher {
    Echo(AsyncSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleRead() {
      byte[] data = recv(8192);
      if (data.length > 0) send(data); // A stream's load has never more on its way than this takes.
    }

    @Override
    public void handleClose() {
      close();
    }
  }
}
