package org.asyncore.examples.cookbook;

import java.lang.reflect.Proxy;
import java.util.concurrent.Executor;

/**
 * Signals of the system as commands of a loop. The JDK has them in {@code sun.misc.Signal} alone,
 * and javac warns of each use in a way that nothing switches off: so it is found by its name.
 *
 * <pre>
 * Signal.handle(new Signal("HUP"), signal -> loop.execute(command)); // What this comes to.
 * </pre>
 */
public final class Signals {
  private Signals() {}

  /**
   * Has a loop do something whenever a signal comes.
   *
   * @param name HUP, USR1, WINCH and the like; TERM and INT are for {@code StopAtExit}
   * @param loop a map or a LoopThread
   * @throws IllegalArgumentException if the JVM has the signal for itself, or the JDK none
   */
  public static void handle(String name, Executor loop, Runnable command) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object posting =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                loop.execute(command);
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), posting);
    } catch (ReflectiveOperationException refused) {
      throw new IllegalArgumentException("no handler of signal " + name, refused);
    }
  }
}
