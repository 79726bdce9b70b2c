package org.asyncore.border;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.asyncore.fixture.CallLog;

/** What a {@link Guest} of any kind does when it is called, and what it has been told. */
final class Script {
  private static final int RECV_SIZE = 65_536;

  final String name;
  final Watch watch;
  private final Guest guest;
  private final Map<String, Consumer<Guest>> actions = new HashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();

  /** What the predicates answer, of a kind with a queue of its own beside what that wants. */
  boolean reads = true;

  boolean writes;

  /** It has called its close(). */
  boolean isClosed;

  /** The last that handleError was told of. */
  Throwable told;

  private Runnable whenAsked;

  Script(String name, Watch watch, Guest guest) {
    this.name = name;
    this.watch = watch;
    this.guest = guest;
  }

  /** What a callback does from now on, instead of what it did. */
  Script on(String callback, Consumer<Guest> action) {
    actions.put(callback, action);
    return this;
  }

  /** Has a callback do again what it does usually. */
  void usually(String callback) {
    actions.remove(callback);
  }

  /** How often a callback came. */
  int count(String callback) {
    return counts.getOrDefault(callback, 0);
  }

  byte[] received() {
    return received.toByteArray();
  }

  void came(byte[] bytes) {
    received.writeBytes(bytes);
  }

  /** A call by the library. */
  void callback(String callback, Runnable usually) {
    counts.merge(callback, 1, Integer::sum);
    watch.callback(
        name,
        callback,
        () -> {
          Consumer<Guest> action = actions.get(callback);
          if (action == null) usually.run();
          else action.accept(guest);
        });
  }

  void error(Throwable thrown) {
    told = thrown;
    watch.note(name + " is told of " + CallLog.nameOf(thrown) + ": " + thrown.getMessage());
    callback("handleError", guest.dispatcher()::handleClose);
  }

  /** What the next question of a predicate does first. */
  void whenAsked(Runnable first) {
    whenAsked = first;
  }

  boolean asked(String predicate, boolean answer) {
    watch.asked(name, predicate);
    Runnable first = whenAsked;
    whenAsked = null;
    if (first != null) first.run();
    return answer;
  }

  <T> T call(String what, Supplier<T> body) {
    return watch.call(name, what, body);
  }

  void closes(Runnable body) {
    isClosed = true;
    watch.call(name, "close", body);
  }

  /** Takes once what there is. */
  void read() {
    came(guest.dispatcher().recv(RECV_SIZE));
  }
}
