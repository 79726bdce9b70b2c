package org.asyncore.compat.suite;

import java.nio.file.Path;
import org.asyncore.compat.scenario.Mode;
import org.asyncore.compat.scenario.Scenario;

/**
 * One thing to try.
 *
 * @param file the scenario's file
 * @param scenario what is in it
 * @param mode the style of the loop
 * @param transport {@code epoll}, {@code nio} or {@code memory}
 */
record Case(Path file, Scenario scenario, Mode mode, String transport) {
  @Override
  public String toString() {
    return scenario.name() + " [" + mode.text() + ", " + transport + "]";
  }
}
