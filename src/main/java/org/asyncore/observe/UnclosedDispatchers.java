package org.asyncore.observe;

import static java.util.stream.Collectors.joining;

import java.lang.ref.Cleaner;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.asyncore.Dispatcher;
import org.asyncore.LoopObserver;

/**
 * Warns of dispatchers that nobody closed and nobody can reach any more, alone or together with
 * their map: Python's {@code ResourceWarning: unclosed socket}. The warnings come when the garbage
 * collector finds them, on the {@code System.Logger} named {@code org.asyncore}; nothing is closed.
 *
 * <p>A dispatcher counts as closed by {@link Dispatcher#close()}, or by {@code migrateTo}; one
 * whose socket alone was closed may be warned of. Watches dispatchers that get their socket after
 * this observer was set.
 *
 * <p>Safe from any thread, for any number of maps. All of them share the daemon thread {@code
 * asyncore-unclosed}, which begins with the first one and ends with the process.
 */
public final class UnclosedDispatchers implements LoopObserver {
  private static final Cleaner CLEANER = Cleaner.create(UnclosedDispatchers::thread);

  private final int frames;
  private final ConcurrentMap<DispatcherKey, UnclosedReport> watches = new ConcurrentHashMap<>();

  /** Warnings that name the class and the number. */
  public UnclosedDispatchers() {
    this(0);
  }

  /**
   * Warnings that also tell where the dispatcher got its socket.
   *
   * @param frames how many frames of that stack, from 0 on; each dispatcher costs a walk over them
   */
  public UnclosedDispatchers(int frames) {
    if (frames < 0) throw new IllegalArgumentException("frames < 0: " + frames);
    this.frames = frames;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "asyncore-unclosed");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void opened(Dispatcher dispatcher) {
    closed(dispatcher); // What it had before is another socket, out of reach: not its own matter.
    DispatcherKey key = new DispatcherKey(dispatcher);
    UnclosedReport watch =
        new UnclosedReport(dispatcher, frames == 0 ? "" : origin(), () -> watches.remove(key));
    watch.begin(CLEANER, dispatcher);
    watches.put(key, watch);
  }

  @Override
  public void closed(Dispatcher dispatcher) {
    UnclosedReport watch = watches.get(new DispatcherKey(dispatcher));
    if (watch != null) watch.end();
  }

  private String origin() {
    return StackWalker.getInstance()
        .walk(
            stack ->
                stack
                    .dropWhile(frame -> !frame.getClassName().equals(Dispatcher.class.getName()))
                    .dropWhile(frame -> frame.getClassName().equals(Dispatcher.class.getName()))
                    .limit(frames)
                    .map(frame -> frame.toStackTraceElement().toString())
                    .collect(joining(", ", ", opened at ", "")));
  }
}
