package org.asyncore.python.suite;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A CPython 3.11, the last with asyncore, and its own tests.
 *
 * @param command how it is started
 * @param version what it says it is
 * @param library the folder that has its package {@code test}
 */
record CPython(String command, String version, Path library) {
  private static final List<String> NAMES = List.of("python3.11", "python3", "python");
  private static final String PROBE =
      "import os, sys, warnings; warnings.simplefilter('ignore'); import asyncore, test.test_asyncore;"
          + " print(sys.implementation.name, '%d.%d.%d' % sys.version_info[:3]);"
          + " print(os.path.dirname(os.path.dirname(test.__file__)))";

  /** The first one on the path, if there is one; {@code -Dcompat.python} may name another. */
  static Optional<CPython> find() {
    String named = System.getProperty("compat.python");
    for (String command : named == null ? NAMES : List.of(named)) {
      try {
        Process probe = new ProcessBuilder(command, "-c", PROBE).start();
        probe.getOutputStream().close();
        List<String> told =
            new String(probe.getInputStream().readAllBytes(), UTF_8).lines().toList();
        boolean isRight = told.size() == 2 && told.get(0).startsWith("cpython 3.11.");
        if (isRight) return Optional.of(new CPython(command, told.get(0), Path.of(told.get(1))));
      } catch (IOException notThere) {
        // Another one may be.
      }
    }
    return Optional.empty();
  }

  /** Why a test is skipped where there is none. */
  static final String NONE =
      "no CPython 3.11 with its package test: looked for " + NAMES + ", -Dcompat.python names one";
}
