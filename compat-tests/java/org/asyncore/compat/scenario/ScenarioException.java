package org.asyncore.compat.scenario;

/** The scenario itself is wrong, or cannot be played here; nothing that the library did. */
public final class ScenarioException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ScenarioException(String message) {
    super(message);
  }

  public ScenarioException(String message, Throwable cause) {
    super(message, cause);
  }
}
