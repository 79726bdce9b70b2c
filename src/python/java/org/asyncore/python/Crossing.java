package org.asyncore.python;

import java.lang.System.Logger.Level;
import org.asyncore.LoopExit;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;

/**
 * The border between Python and Java, where exceptions change their form: what was raised in Python
 * comes back there as the same object, and what was thrown in Java is a Python exception in Python.
 *
 * <pre>
 * raised in Python                          on its way through Java
 * ExitNow, KeyboardInterrupt, SystemExit    a {@link LoopExit}
 * OSError with an errno                     an {@link OsException}
 * anything else                             a {@link PolyglotException}
 * </pre>
 *
 * <p>Safe from any thread that may run Python.
 */
public final class Crossing {
  /** What {@code asyncore._kind} answers for an exception that leaves the loop. */
  private static final int LEAVES = -1;

  private final Value module;

  /**
   * @param module {@code asyncore}
   */
  public Crossing(Value module) {
    this.module = module;
  }

  /** A call from Python to Java. */
  @FunctionalInterface
  interface Call<T> {
    T make() throws Throwable;
  }

  /** Leaves the loop, as in Python. */
  private static final class Leaving extends LoopExit {
    private static final long serialVersionUID = 1L;

    Leaving(PolyglotException raised) {
      super(raised.getMessage());
      initCause(raised);
    }
  }

  /** Calls a function of {@code asyncore.py}. */
  Value call(String function, Object... arguments) {
    return invoke(module, function, arguments);
  }

  /** Calls a method of a Python object. */
  Value invoke(Value object, String method, Object... arguments) {
    try {
      return object.invokeMember(method, arguments);
    } catch (PolyglotException raised) {
      throw toJava(raised);
    }
  }

  private RuntimeException toJava(PolyglotException raised) {
    if (raised.isHostException()) return unchecked(raised.asHostException());
    if (!raised.isGuestException() || raised.getGuestObject() == null) return raised;
    int kind = module.invokeMember("_kind", raised.getGuestObject()).asInt();
    if (kind == LEAVES) return new Leaving(raised);
    return kind == 0 ? raised : new OsException(Errno.of(kind), raised.getMessage(), raised);
  }

  /** Throws what was raised in Python to leave the loop; returns if this is nothing of the kind. */
  void leave(Throwable thrown) {
    if (thrown instanceof PolyglotException raised && toJava(raised) instanceof Leaving leaving) {
      throw leaving;
    }
  }

  /** Makes a call for Python: what it throws is what Python is to see. */
  <T> T fromPython(Call<T> call) {
    try {
      return call.make();
    } catch (Throwable thrown) {
      PolyglotException raised = raised(thrown);
      if (raised != null) throw raised;
      module.invokeMember("_raise", exception(thrown));
      throw new AssertionError("asyncore._raise returned", thrown);
    }
  }

  /** As {@link #fromPython(Call)}, of a call without an answer. */
  void fromPython(Action call) {
    fromPython(
        () -> {
          call.make();
          return null;
        });
  }

  /** A call without an answer. */
  @FunctionalInterface
  interface Action {
    void make() throws Throwable;
  }

  /** The Python exception that is, or is in, this one. */
  Object exceptionOf(Throwable thrown) {
    PolyglotException raised = raised(thrown);
    return raised == null ? exception(thrown) : raised.getGuestObject();
  }

  private static PolyglotException raised(Throwable thrown) {
    Throwable known = thrown;
    if (known instanceof OsException || known instanceof LoopExit) known = known.getCause();
    return known instanceof PolyglotException raised && raised.isGuestException() ? raised : null;
  }

  private Value exception(Throwable thrown) {
    System.getLogger("org.asyncore.python").log(Level.DEBUG, "thrown to Python", thrown);
    int errno = thrown instanceof OsException error ? error.errno().number() : 0;
    String text = thrown instanceof OsException error ? error.errno().text() : thrown.toString();
    return module.invokeMember("_exception_of", thrown, thrown.getClass().getName(), errno, text);
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> RuntimeException unchecked(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
