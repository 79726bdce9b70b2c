package org.asyncore.examples.cookbook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.asyncore.fixture.Wiring;
import org.asyncore.transport.Pipe;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StdioChatTest {
  private static final String INET = "org.asyncore.fixture.Wiring#inet";
  private static final String TRANSPORTS = "org.asyncore.fixture.Wiring#transports";
  private static final long SECONDS_20 = Duration.ofSeconds(20).toNanos();

  /** What the chat writes until its end. */
  private static String answers(Wiring wiring, String input) throws Exception {
    try (Kitchen kitchen = new Kitchen(wiring)) {
      Pipe in = kitchen.on(map -> map.transport().pipe());
      Pipe out = kitchen.on(map -> map.transport().pipe());
      kitchen.on(map -> new StdioChat(in.reader().fileno(), out.writer().fileno(), map));
      in.reader().close();
      out.writer().close();
      CompletableFuture<Void> writing =
          CompletableFuture.runAsync(
              () -> {
                ByteBuffer rest = ByteBuffer.wrap(input.getBytes(UTF_8));
                try (var writer = in.writer()) {
                  while (rest.hasRemaining()) writer.write(rest, SECONDS_20);
                } catch (org.asyncore.transport.OsException quit) {
                  assertEquals(org.asyncore.transport.Errno.EPIPE, quit.errno());
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      StringBuilder read = new StringBuilder();
      ByteBuffer piece = ByteBuffer.allocate(8192);
      for (int count; (count = out.reader().read(piece.clear(), SECONDS_20)) >= 0; ) {
        assertTrue(count > 0, () -> "waited 20 s behind " + read);
        read.append(new String(piece.array(), 0, count, UTF_8));
      }
      out.reader().close();
      Kitchen.within(writing);
      kitchen.until(() -> kitchen.map().isEmpty(), "both files are closed");
      return read.toString();
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void eachLineIsAnsweredAndTheEndAfterThem(Wiring wiring) throws Exception {
    assertEquals("3\n0\n5\n", answers(wiring, "one\n\nthree\nunended"));
  }

  @ParameterizedTest
  @MethodSource(INET)
  void aQuitEndsItAfterWhatWasAnswered(Wiring wiring) throws Exception {
    assertEquals("3\n", answers(wiring, "one\nquit\nnever\n"));
  }

  @ParameterizedTest
  @MethodSource(INET)
  void nothingIsLostThoughThePipesAreFull(Wiring wiring) throws Exception {
    int lines = 100_000;
    assertEquals("1\n".repeat(lines), answers(wiring, "x\n".repeat(lines)));
  }

  @ParameterizedTest
  @MethodSource(INET)
  void aLineThatIsTooLongIsAnErrorAndTheEnd(Wiring wiring) throws Exception {
    String answer = answers(wiring, "one\n" + "x".repeat(100_000) + "\ntwo\n");
    assertTrue(answer.matches("3\nerror: .*\n"), answer);
  }

  @ParameterizedTest
  @MethodSource(INET)
  void aReaderThatGoesAwayEndsIt(Wiring wiring) {
    try (Kitchen kitchen = new Kitchen(wiring)) {
      Pipe in = kitchen.on(map -> map.transport().pipe());
      Pipe out = kitchen.on(map -> map.transport().pipe());
      kitchen.on(map -> new StdioChat(in.reader().fileno(), out.writer().fileno(), map));
      in.reader().close();
      out.writer().close();
      out.reader().close();
      in.writer().write(ByteBuffer.wrap("hello\n".getBytes(UTF_8)));
      kitchen.until(() -> kitchen.map().isEmpty(), "both files are closed");
      in.writer().close();
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void standardInputAndOutputOfAProcess(Wiring wiring) throws Exception {
    wiring.assumeAvailable();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "-Dorg.asyncore.transport=" + wiring.transport(),
                StdioChat.class.getName())
            .redirectError(new File("/dev/null"))
            .start();
    try {
      CompletableFuture<String> answers =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return new String(process.getInputStream().readAllBytes(), UTF_8);
                } catch (IOException failed) {
                  throw new UncheckedIOException(failed);
                }
              });
      try (OutputStream input = process.getOutputStream()) {
        input.write("x\n".repeat(50_000).getBytes(UTF_8));
      }
      assertEquals("1\n".repeat(50_000), answers.get(60, TimeUnit.SECONDS));
      assertTrue(process.waitFor(20, TimeUnit.SECONDS), "its end");
      assertEquals(0, process.exitValue());
    } finally {
      process.destroyForcibly();
    }
  }
}
