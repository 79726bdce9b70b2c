package org.asyncore.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * The process that loads one server. It obeys its standard input, line by line, and ends with it.
 *
 * <pre>
 * (start)      opened NANOS                   all connections are up and accepted
 * warm MILLIS  warm 0
 * run MILLIS   ran MESSAGES BYTES NANOS ...   see Sample; before it, perhaps:
 *              holding                        late readers hold; goes on with the next line
 * </pre>
 */
public final class LoadMain {
  private final BufferedReader commands =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

  private LoadMain() {}

  /** Arguments: the scenario's name, how many silent connections, the server's port. */
  public static void main(String[] args) throws IOException {
    Scenario scenario = Scenario.named(args[0]).withIdle(Integer.parseInt(args[1]));
    new LoadMain().serve(scenario, Integer.parseInt(args[2]));
  }

  private void serve(Scenario scenario, int port) throws IOException {
    long start = System.nanoTime();
    try (Load load = open(scenario, port)) {
      System.out.println("opened " + (System.nanoTime() - start));
      for (String line; (line = commands.readLine()) != null; ) {
        String[] word = line.split(" ", -1);
        long nanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(word[1]));
        if (word[0].equals("run")) {
          System.out.println(load.run(nanos).toLine());
        } else {
          load.warm(nanos);
          System.out.println("warm 0");
        }
      }
    }
  }

  private Load open(Scenario scenario, int port) throws IOException {
    return switch (scenario.shape()) {
      case ECHO, TLS -> new EchoLoad(scenario, port);
      case CHURN -> new ChurnLoad(scenario, port);
      case CHAT -> new ChatLoad(scenario, port);
      case LATE -> new LateLoad(scenario, port, this::hold);
    };
  }

  private void hold() {
    System.out.println("holding");
    try {
      if (commands.readLine() == null) throw new IOException("told to end while holding");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
