package org.asyncore.testkit;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.asyncore.Callback;
import org.asyncore.Dispatcher;
import org.asyncore.LoopObserver;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;

/**
 * What a loop called and what its dispatchers did then, in its order, which is the contract:
 * compare it as the list it is.
 *
 * <pre>{@code
 * assertEquals(List.of("handleRead", "recv 5", "send 5 of 9", "handleClose"), loop.calls(echo));
 * }</pre>
 *
 * <pre>
 * handleRead, handleWrite, handleAccept, handleConnect, handleExpt, handleClose, handleStop
 * handleError OSERROR-OR-CLASS     what a callback threw
 * call                             of callLater or callEvery
 * recv 5, recv end                 what came; WouldBlock is no line
 * send 5 of 9                      what was taken, and offered
 * accept, accept ERROR, open, close
 * </pre>
 *
 * <p>{@code handleClose} has a line where the loop calls it; where {@code recv} or {@code send}
 * does, {@code recv end} and {@code close} tell. In the log of a whole loop each line begins with
 * who it is of: the class's name, and from the second of a class on its number, {@code
 * ChatSession#2}. Confined to the thread of the loop.
 */
public final class CallLog extends AbstractList<String> {
  private record Line(long atNanos, String who, String what) {
    @Override
    public String toString() {
      return who + " " + what;
    }
  }

  private final TestClock clock;
  private final long startNanos;
  private final List<Line> lines = new ArrayList<>();
  private final Map<Dispatcher, String> names = new WeakHashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();

  CallLog(TestClock clock) {
    this.clock = clock;
    startNanos = clock.nanoTime();
  }

  /** Has the lines of a dispatcher begin with a name of one's own. */
  public CallLog name(Dispatcher dispatcher, String name) {
    if (dispatcher == null) throw new IllegalArgumentException("dispatcher is null");
    if (name == null) throw new IllegalArgumentException("name is null");
    String before = names.put(dispatcher, name);
    if (before == null) return this;
    lines.replaceAll(
        line -> line.who.equals(before) ? new Line(line.atNanos, name, line.what) : line);
    return this;
  }

  /** The lines of one dispatcher, without its name; a copy. */
  public List<String> of(Dispatcher dispatcher) {
    String name = nameOf(dispatcher);
    return lines.stream().filter(line -> line.who.equals(name)).map(Line::what).toList();
  }

  /** The lines so far, a copy, and a fresh start. */
  public List<String> take() {
    List<String> taken = List.copyOf(this);
    lines.clear();
    return taken;
  }

  @Override
  public String get(int index) {
    return lines.get(index).toString();
  }

  @Override
  public int size() {
    return lines.size();
  }

  /** All with their times, a line each. */
  String report() {
    if (lines.isEmpty()) return "  nothing was called\n";
    StringBuilder report = new StringBuilder();
    for (Line line : lines) {
      report.append("  ").append(Texts.seconds(line.atNanos)).append("  ").append(line);
      report.append('\n');
    }
    return report.toString();
  }

  void add(String who, String what) {
    lines.add(new Line(clock.nanoTime() - startNanos, who, what));
  }

  private void add(Dispatcher dispatcher, String what) {
    add(nameOf(dispatcher), what);
  }

  private String nameOf(Dispatcher dispatcher) {
    return names.computeIfAbsent(dispatcher, this::newName);
  }

  private String newName(Dispatcher dispatcher) {
    String simple = dispatcher.getClass().getSimpleName();
    String name = simple.isEmpty() ? dispatcher.getClass().getSuperclass().getSimpleName() : simple;
    int number = counts.merge(name, 1, Integer::sum);
    return number == 1 ? name : name + "#" + number;
  }

  static String nameOf(Throwable thrown) {
    return thrown instanceof OsException error
        ? error.errno().name()
        : thrown.getClass().getSimpleName();
  }

  /** What writes it. */
  LoopObserver observer() {
    return new Writer();
  }

  private final class Writer implements LoopObserver {
    @Override
    public boolean wantsDurations() {
      return false;
    }

    @Override
    public void callbackStarted(Dispatcher dispatcher, Callback callback) {
      switch (callback) {
        case READ -> add(dispatcher, "handleRead");
        case WRITE -> add(dispatcher, "handleWrite");
        case ACCEPT -> add(dispatcher, "handleAccept");
        case CONNECT -> add(dispatcher, "handleConnect");
        case URGENT -> add(dispatcher, "handleExpt");
        case CLOSE -> add(dispatcher, "handleClose");
        case USER_EVENT -> add(dispatcher, "handleUserEvent");
        case SCHEDULED -> add(dispatcher, "call");
        case STOP -> add(dispatcher, "handleStop");
        default -> {
          // ERROR: failed has told what it is for.
        }
      }
    }

    @Override
    public void failed(Dispatcher dispatcher, Throwable thrown) {
      add(dispatcher, "handleError " + nameOf(thrown));
    }

    @Override
    public void received(Dispatcher dispatcher, int byteCount, int room) {
      add(dispatcher, byteCount == 0 ? "recv end" : "recv " + byteCount);
    }

    @Override
    public void sent(Dispatcher dispatcher, int byteCount, int offered) {
      add(dispatcher, "send " + byteCount + " of " + offered);
    }

    @Override
    public void accepted(Dispatcher listener, Accepted connection) {
      add(listener, "accept");
    }

    @Override
    public void acceptFailed(Dispatcher listener, OsException error) {
      if (error.errno() != Errno.EAGAIN) add(listener, "accept " + error.errno());
    }

    @Override
    public void opened(Dispatcher dispatcher) {
      add(dispatcher, "open");
    }

    @Override
    public void closed(Dispatcher dispatcher) {
      add(dispatcher, "close");
    }
  }
}
