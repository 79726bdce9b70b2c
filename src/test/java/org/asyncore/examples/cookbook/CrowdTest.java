package org.asyncore.examples.cookbook;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.asyncore.examples.cookbook.Guest.Manner;
import org.asyncore.fixture.Wiring;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each recipe of docs/cookbook.md, on each transport and in each order: under a crowd of clients of
 * all manners, with those who vanish at each step, and with those who say what nobody should. More
 * rounds, and other ones: {@code -Dcookbook.rounds=20 -Dcookbook.seed=7}.
 */
@Timeout(600)
class CrowdTest {
  private static final List<String> SAID_BEHIND_EACH_OTHER =
      List.of(
          "UPGRADE\n",
          "one\ntwo\n",
          "line\n".repeat(100),
          "GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100),
          "USER guest\r\nPASS secret\r\nAUTH TLS\r\nCCC\r\nQUIT\r\n");

  private static final String ROWS = "org.asyncore.examples.cookbook.Recipe#rows";
  private static final int ROUNDS = Integer.getInteger("cookbook.rounds", 1);
  private static final int CLIENTS = Integer.getInteger("cookbook.clients", 50);
  private static final long SEED = Long.getLong("cookbook.seed", 1);

  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource(ROWS)
  void aCrowdHearsEveryByte(Recipe recipe, Wiring wiring) throws Exception {
    for (long seed = SEED; seed < SEED + ROUNDS; seed++) {
      try (Kitchen kitchen = new Kitchen(wiring);
          Table table = recipe.lay(kitchen, folder(seed));
          Crowd crowd = new Crowd()) {
        crowd.visit(table, CLIENTS, seed);
        goesOn(kitchen, table, crowd);
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ROWS)
  void whoVanishesAtAnyStepHarmsNobody(Recipe recipe, Wiring wiring) throws Exception {
    for (long seed = SEED; seed < SEED + ROUNDS; seed++) {
      try (Kitchen kitchen = new Kitchen(wiring);
          Table table = recipe.lay(kitchen, folder(seed));
          Crowd crowd = new Crowd()) {
        for (Manner manner : new Manner[] {Manner.RESETTING, Manner.LEAVING}) {
          int step = 0; // Each of the first ones, and some of the later ones.
          while (crowd.visit(table, manner, step, seed + step)) step += 1 + step / 10;
        }
        if (table.door() != null) resetBeforeTheyAreAccepted(kitchen, table.door());
        goesOn(kitchen, table, crowd);
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ROWS + "OfProtocols")
  void badInputGetsItsAnswerOrItsEndAndTheRecipeGoesOn(Recipe recipe, Wiring wiring)
      throws Exception {
    try (Kitchen kitchen = new Kitchen(wiring);
        Table table = recipe.lay(kitchen, folder(SEED));
        Crowd crowd = new Crowd()) {
      assertFalse(table.bad().isEmpty());
      for (Table.Bad bad : table.bad()) {
        String answer = crowd.provoke(table, bad);
        assertTrue(
            Pattern.compile(bad.answer()).matcher(answer).find(),
            () -> shorten(bad.input()) + " was answered by " + shorten(answer));
      }
      goesOn(kitchen, table, crowd);
    }
  }

  /** Whoever is accepted then is not connected, and what it said is there to be received. */
  private static void resetBeforeTheyAreAccepted(Kitchen kitchen, InetSocketAddress door)
      throws IOException {
    CountDownLatch gone = new CountDownLatch(1);
    kitchen.map().execute(() -> Kitchen.await(gone));
    for (String each : SAID_BEHIND_EACH_OTHER) {
      Socket client = Kitchen.connect(door);
      Kitchen.send(client, each);
      Kitchen.reset(client);
    }
    gone.countDown();
  }

  private static String shorten(String text) {
    return text.length() < 500 ? text : text.substring(0, 500) + "...";
  }

  /** An honest one is served as at first, and nothing is left of the others. */
  private static void goesOn(Kitchen kitchen, Table table, Crowd crowd) throws Exception {
    assertFalse(crowd.visit(table, Manner.PLAIN, 0, SEED));
    kitchen.until(table::isClean, "all guests are gone");
  }

  private Path folder(long seed) {
    try {
      return Files.createDirectory(folder.resolve("round" + seed)).toRealPath();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
