package org.asyncore.compat.process;

import java.util.List;

/**
 * What became of a scenario.
 *
 * @param lines its trace, or what there is of it
 * @param problem why there is no more; null if it is whole
 */
public record Played(List<String> lines, String problem) {
  static Played of(List<?> lines, String problem) {
    return new Played(lines.stream().map(String.class::cast).toList(), problem);
  }

  static Played failed(String problem) {
    return new Played(List.of(), problem);
  }
}
