package org.asyncore.compat.play;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import org.asyncore.ExitNow;
import org.asyncore.KeyboardInterrupt;
import org.asyncore.SystemExit;
import org.asyncore.compat.scenario.ScenarioException;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;

/**
 * Exceptions by the neutral names of FORMAT.md, one to one. Remembers which of them a script raised
 * with a message: only those are shown with one.
 */
final class Exceptions {
  private static final String OS_ERROR = "os-error:";

  private final Map<Throwable, String> messages =
      Collections.synchronizedMap(new IdentityHashMap<>());

  /** An exception from {@code TYPE}, {@code TYPE:MESSAGE} or {@code os-error:ERRNO}. */
  Throwable make(String spec) {
    if (spec.startsWith(OS_ERROR)) {
      return new OsException(Errno.valueOf(spec.substring(OS_ERROR.length())), "scripted");
    }
    int colon = spec.indexOf(':');
    String message = colon < 0 ? null : spec.substring(colon + 1);
    Throwable made = make(colon < 0 ? spec : spec.substring(0, colon), message);
    if (message != null) messages.put(made, message);
    return made;
  }

  private static Throwable make(String type, String message) {
    return switch (type) {
      case "value-error" -> new IllegalArgumentException(message);
      case "type-error" -> new ClassCastException(message);
      case "runtime-error" -> new RuntimeException(message);
      case "not-implemented" -> new UnsupportedOperationException(message);
      case "assertion-error" -> new AssertionError(message);
      case "attribute-error" -> new AttributeError(message);
      case "arithmetic-error" -> new ArithmeticException(message);
      case "exit-now" -> new ExitNow(message);
      case "keyboard-interrupt" -> new KeyboardInterrupt();
      case "system-exit" -> new SystemExit();
      case "error" -> new AnyError(message);
      default -> throw new ScenarioException("no exception " + type);
    };
  }

  /** Throws an exception that {@link #make} made, or that a call threw. */
  static RuntimeException raise(Throwable thrown) {
    if (thrown instanceof Error error) throw error;
    if (thrown instanceof RuntimeException exception) throw exception;
    throw new ScenarioException("checked: " + thrown, thrown);
  }

  /** The neutral name of an exception. */
  String show(Throwable thrown) {
    if (thrown instanceof OsException error) {
      return OS_ERROR + (error.errno() == Errno.UNKNOWN ? "?" : error.errno().name());
    }
    String message = messages.get(thrown);
    return type(thrown) + (message == null || message.isEmpty() ? "" : ":" + message);
  }

  private static String type(Throwable thrown) {
    if (thrown instanceof ExitNow) return "exit-now";
    if (thrown instanceof KeyboardInterrupt) return "keyboard-interrupt";
    if (thrown instanceof SystemExit) return "system-exit";
    if (thrown instanceof IllegalArgumentException) return "value-error";
    if (thrown instanceof ClassCastException) return "type-error";
    if (thrown instanceof NullPointerException) return "type-error";
    if (thrown instanceof UnsupportedOperationException) return "not-implemented";
    if (thrown instanceof ArithmeticException) return "arithmetic-error";
    if (thrown instanceof AssertionError) return "assertion-error";
    if (thrown instanceof AttributeError) return "attribute-error";
    if (thrown instanceof IllegalStateException) return "runtime-error";
    return thrown.getClass() == RuntimeException.class ? "runtime-error" : "error";
  }

  /** Python's AttributeError, which has no counterpart in Java. */
  private static final class AttributeError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AttributeError(String message) {
      super(message);
    }
  }

  /** An exception of no other kind. */
  private static final class AnyError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AnyError(String message) {
      super(message);
    }
  }
}
