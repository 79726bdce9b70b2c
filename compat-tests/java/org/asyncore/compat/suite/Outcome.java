package org.asyncore.compat.suite;

/** How a case ended. */
enum Outcome {
  /** The trace is CPython's. */
  PASSED("passed"),
  /** It is not, and the list of differences says so. */
  NAMED("named difference"),
  /** It is not, or there is none. */
  FAILED("failed");

  private final String text;

  Outcome(String text) {
    this.text = text;
  }

  /** For people. */
  String text() {
    return text;
  }
}
