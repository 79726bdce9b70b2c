package org.asyncore.compat.fuzz;

import java.nio.file.Path;
import org.asyncore.compat.scenario.Mode;

/**
 * A scenario that we play otherwise than CPython.
 *
 * @param file the scenario
 * @param mode in which mode
 * @param transport on which transport
 * @param why the difference, or what went wrong
 */
record Difference(Path file, Mode mode, String transport, String why) {
  String name() {
    return file.getFileName().toString().replaceFirst("[.]json$", "");
  }

  @Override
  public String toString() {
    return name() + " [" + mode.text() + ", " + transport + "]";
  }
}
