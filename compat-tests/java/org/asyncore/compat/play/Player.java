package org.asyncore.compat.play;

import java.io.IOException;
import java.util.List;
import org.asyncore.compat.scenario.Mode;
import org.asyncore.compat.scenario.Scenario;

/**
 * Plays scenarios on the library, one after the other, each from nothing.
 *
 * <p>The transport is the one that the global map has: {@code -Dorg.asyncore.transport}, for the
 * life of this process. Confined to one thread, but for {@link #standing}.
 */
public final class Player {
  private final Maps maps = new Maps();
  private volatile World world;

  /** Opens the transport. */
  public Player() {
    Kind.prepare();
    SwitchedOn.by(Grounds.OF_PROCESS.globalMap()).transport();
  }

  /**
   * The trace of a scenario in a mode.
   *
   * @throws org.asyncore.compat.scenario.ScenarioException if it cannot be played
   */
  public List<String> play(Scenario scenario, Mode mode) throws IOException {
    World played = new World(scenario, mode, maps);
    world = played;
    LogCapture log = new LogCapture(played.trace(), played.texts()::show);
    try {
      new Preparation(played).run();
      played.steps().run();
      return lines();
    } finally {
      log.close();
      played.close();
    }
  }

  /** What has been written of the trace that was begun last; from any thread. */
  public List<String> lines() {
    World played = world;
    if (played == null) return List.of();
    return played.trace().lines().stream().map(played.addresses()::named).toList();
  }

  /** Where the scenario stands that is being played; from any thread. */
  public String standing() {
    World played = world;
    if (played == null) return "nothing was played yet";
    return played.steps().current();
  }
}
