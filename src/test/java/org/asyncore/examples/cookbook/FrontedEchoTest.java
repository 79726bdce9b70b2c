package org.asyncore.examples.cookbook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.logging.ByteBufFormat;
import io.netty.handler.logging.LogLevel;
import io.netty.handler.logging.LoggingHandler;
import io.netty.handler.pcap.PcapWriteHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.handler.traffic.ChannelTrafficShapingHandler;
import io.netty.handler.traffic.GlobalTrafficShapingHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.asyncore.examples.migrating.FrontedEcho;
import org.asyncore.fixture.Wiring;
import org.asyncore.migrate.DispatcherChannels;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each handler of the table in docs/cookbook.md, in front of a dispatcher. */
@Timeout(120)
class FrontedEchoTest {
  private static final String INET = "org.asyncore.fixture.Wiring#inet";

  @TempDir private Path folder;
  private final List<Object> told = new CopyOnWriteArrayList<>();

  private InetSocketAddress serve(Kitchen kitchen, Consumer<ChannelPipeline> front) {
    return kitchen.serve(map -> new FrontedEcho(0, front, told::add, map));
  }

  /** Sends all, reads it back, and says how long that took, in seconds. */
  private static double echo(InetSocketAddress server, int byteCount) throws Exception {
    byte[] data = new byte[byteCount];
    new Random(byteCount).nextBytes(data);
    long start = System.nanoTime();
    try (Socket client = Kitchen.connect(server)) {
      CompletableFuture<Void> sending =
          CompletableFuture.runAsync(
              () -> {
                try {
                  client.getOutputStream().write(data);
                  client.shutdownOutput();
                } catch (IOException failed) {
                  throw new UncheckedIOException(failed);
                }
              });
      assertArrayEquals(data, client.getInputStream().readAllBytes());
      Kitchen.within(sending);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  @ParameterizedTest
  @MethodSource(INET)
  void oneConnectionIsHeldToItsRate(Wiring wiring) throws Exception {
    try (Kitchen kitchen = new Kitchen(wiring)) {
      for (boolean ofWrites : new boolean[] {true, false}) {
        InetSocketAddress server =
            serve(
                kitchen,
                pipeline ->
                    pipeline.addFirst(
                        new ChannelTrafficShapingHandler(
                            ofWrites ? 400_000 : 0, ofWrites ? 0 : 400_000, 100)));
        double seconds = echo(server, 400_000);
        assertTrue(seconds > 0.5, seconds + " s for a second's worth, of writes: " + ofWrites);
      }
      assertEquals(List.of(), told);
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void allConnectionsTogetherAreHeldToTheirRate(Wiring wiring) throws Exception {
    try (Kitchen kitchen = new Kitchen(wiring)) {
      GlobalTrafficShapingHandler shaping =
          new GlobalTrafficShapingHandler(
              DispatcherChannels.eventLoopGroup(kitchen.map()), 400_000, 0, 100);
      InetSocketAddress server = serve(kitchen, pipeline -> pipeline.addFirst(shaping));
      List<CompletableFuture<Double>> clients = new ArrayList<>();
      long start = System.nanoTime();
      for (int i = 0; i < 4; i++) {
        clients.add(
            CompletableFuture.supplyAsync(
                () -> {
                  try {
                    return echo(server, 100_000);
                  } catch (Exception failed) {
                    throw new IllegalStateException(failed);
                  }
                }));
      }
      for (CompletableFuture<Double> each : clients) Kitchen.within(each);
      double seconds = (System.nanoTime() - start) / 1e9;
      assertTrue(seconds > 0.5, seconds + " s for a second's worth");
      kitchen.on(map -> release(shaping));
    }
  }

  private static boolean release(GlobalTrafficShapingHandler shaping) {
    shaping.release();
    return true;
  }

  @ParameterizedTest
  @MethodSource(INET)
  void whatTravelsIsWrittenForWireshark(Wiring wiring) throws Exception {
    Path file = folder.resolve("echo.pcap");
    try (Kitchen kitchen = new Kitchen(wiring);
        OutputStream out = Files.newOutputStream(file)) {
      InetSocketAddress server =
          serve(kitchen, pipeline -> pipeline.addFirst(PcapWriteHandler.builder().build(out)));
      try (Socket client = Kitchen.connect(server)) {
        Kitchen.send(client, "wanted\n");
        assertEquals("wanted", Kitchen.reader(client).readLine());
      }
      kitchen.until(() -> kitchen.map().size() == 1, "the client is gone");
    }
    String written = new String(Files.readAllBytes(file), ISO_8859_1);
    assertTrue(written.startsWith("\u00a1\u00b2\u00c3\u00d4"), "no pcap file");
    assertEquals(3, written.split("wanted\n", -1).length, "in, and out");
  }

  @ParameterizedTest
  @MethodSource(INET)
  void theWireIsLogged(Wiring wiring) throws Exception {
    List<String> lines = new CopyOnWriteArrayList<>();
    Logger logger = Logger.getLogger("wire");
    logger.setUseParentHandlers(false);
    logger.setLevel(Level.ALL);
    logger.addHandler(new Keeping(lines));
    try (Kitchen kitchen = new Kitchen(wiring)) {
      InetSocketAddress server =
          serve(
              kitchen,
              pipeline ->
                  pipeline.addFirst(
                      new LoggingHandler("wire", LogLevel.DEBUG, ByteBufFormat.SIMPLE)));
      echo(server, 10);
    }
    assertTrue(lines.stream().anyMatch(line -> line.contains("READ: 10B")), lines::toString);
    assertTrue(lines.stream().anyMatch(line -> line.contains("WRITE: 10B")), lines::toString);
  }

  /** Keeps what is logged. */
  private static final class Keeping extends Handler {
    private final List<String> lines;

    Keeping(List<String> lines) {
      this.lines = lines;
      setLevel(Level.ALL);
    }

    @Override
    public void publish(LogRecord line) {
      lines.add(line.getMessage());
    }

    @Override
    public void flush() {
      // Nothing is held back.
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void silenceIsAnEventOrAnError(Wiring wiring) throws Exception {
    try (Kitchen kitchen = new Kitchen(wiring)) {
      InetSocketAddress events =
          serve(
              kitchen,
              pipeline -> pipeline.addFirst(new IdleStateHandler(0, 0, 50, TimeUnit.MILLISECONDS)));
      try (Socket client = Kitchen.connect(events)) {
        kitchen.until(() -> told.size() >= 2, "two events");
        assertTrue(told.get(0) instanceof IdleStateEvent, told::toString);
        Kitchen.send(client, "still here\n");
        assertEquals("still here", Kitchen.reader(client).readLine());
      }
      kitchen.until(() -> kitchen.map().size() == 1, "the client is gone");
      told.clear();
      InetSocketAddress errors =
          serve(
              kitchen,
              pipeline ->
                  pipeline
                      .addFirst(new ReadTimeoutHandler(50, TimeUnit.MILLISECONDS))
                      .addFirst(new WriteTimeoutHandler(10)));
      try (Socket client = Kitchen.connect(errors)) {
        assertEquals(-1, client.getInputStream().read());
      }
      kitchen.until(() -> told.size() == 1, "an error");
      String error = told.get(0).toString();
      assertTrue(error.contains("ETIMEDOUT"), error);
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void flushesThatAreTakenTogetherLoseNothing(Wiring wiring) throws Exception {
    try (Kitchen kitchen = new Kitchen(wiring)) {
      InetSocketAddress server =
          serve(kitchen, pipeline -> pipeline.addFirst(new FlushConsolidationHandler(256, true)));
      for (int i = 0; i < 20; i++) echo(server, 1 + i * 1000);
      echo(server, 5 << 20);
    }
  }
}
