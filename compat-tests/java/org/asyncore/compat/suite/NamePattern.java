package org.asyncore.compat.suite;

/**
 * A name, or several: {@code *} stands for any text.
 *
 * @param text the pattern as it was written
 */
record NamePattern(String text) {
  boolean matches(String name) {
    return name.matches("\\Q" + text.replace("*", "\\E.*\\Q") + "\\E");
  }

  @Override
  public String toString() {
    return text;
  }
}
