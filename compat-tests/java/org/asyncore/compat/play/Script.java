package org.asyncore.compat.play;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.asyncore.Dispatcher;
import org.asyncore.compat.scenario.Action;
import org.asyncore.compat.scenario.Fields;
import org.asyncore.compat.scenario.ScenarioException;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Held;

/**
 * What one channel does when the library calls it, and what it knows of itself.
 *
 * <p>The library's constructors call methods of the channel before the channel has a field to find
 * its script in: {@link #underConstruction} has it then.
 */
final class Script {
  private static final ThreadLocal<Script> building = new ThreadLocal<>();

  private final World world;
  private final String name;
  private final Kind kind;
  private final Fields handlers;
  private final boolean tracesPredicates;
  private final Predicates predicates;
  private final Map<String, Integer> calls = new HashMap<>();
  private boolean isQuiet;

  /** The socket that the channel accepted last. */
  private AsyncSocket accepted;

  /** What {@code collect_incoming_data} got last. */
  private byte[] incomingPiece;

  Script(World world, String name, Kind kind, Fields declaration) {
    this.world = world;
    this.name = name;
    this.kind = kind;
    handlers = declaration.has("on") ? declaration.object("on") : new Fields(Map.of());
    tracesPredicates = declaration.flag("trace_predicates", false);
    predicates = new Predicates(declaration, world.exceptions());
  }

  /** Builds a channel whose methods find this script before it has any field. */
  <T> T whileBuilding(Supplier<T> constructor) {
    Script outer = building.get();
    building.set(this);
    try {
      return constructor.get();
    } finally {
      if (outer == null) building.remove();
      else building.set(outer);
    }
  }

  static Script underConstruction() {
    return building.get();
  }

  /** Lets steps find the channel from its first call on, even if its constructor then fails. */
  void belongsTo(Dispatcher channel) {
    world.channels().putIfAbsent(name, channel);
  }

  String name() {
    return name;
  }

  Kind kind() {
    return kind;
  }

  Predicates predicates() {
    return predicates;
  }

  boolean isQuiet() {
    return isQuiet;
  }

  void quiet(boolean quiet) {
    isQuiet = quiet;
  }

  AsyncSocket accepted() {
    return accepted;
  }

  /** As record.py, which keeps what was accepted, whatever becomes of it: so it is somebody's. */
  void accepted(AsyncSocket socket) {
    accepted = socket;
    if (socket instanceof Held held) held.holder((before, now) -> {});
  }

  byte[] incomingPiece() {
    return incomingPiece;
  }

  /** How often a method was called, of those that leave lines. */
  int calls(String method) {
    return calls.getOrDefault(method, 0);
  }

  // --- calls by the library ---

  /** A call that leaves an {@code enter} line, if its method always does or the script has it. */
  void entered(String method, Runnable inherited, Object... args) {
    if (!CallLines.alwaysEnters(method) && !handlers.has(method)) {
      inherited.run();
      return;
    }
    Supplier<?> supplier =
        () -> {
          inherited.run();
          return null;
        };
    Call call = Call.of(method, supplier, args);
    calls.merge(method, 1, Integer::sum);
    world.lines().entered(this, call);
    handle(call);
  }

  /** A call that leaves a {@code return} line. */
  <T> T returned(Class<T> type, String method, Supplier<T> inherited, Object... args) {
    Call call = Call.of(method, inherited, args);
    calls.merge(method, 1, Integer::sum);
    T value;
    try {
      value = type.cast(handle(call));
    } catch (Throwable thrown) {
      world.lines().raised(this, call, thrown);
      throw thrown;
    }
    world.lines().returned(this, call, value);
    return value;
  }

  /** {@code handle_error}: the exception is what {@code sys.exc_info()} tells meanwhile. */
  void handlesError(Throwable thrown, Runnable inherited) {
    Throwable outer = world.handledError(thrown);
    try {
      entered("handle_error", inherited, thrown);
    } finally {
      world.handledError(outer);
    }
  }

  /** {@code readable} or {@code writable}. */
  boolean predicate(String method, BooleanSupplier inherited) {
    boolean answer = predicates.answer(method, inherited);
    if (tracesPredicates) {
      world.trace().emit("return", method, Lines.of("ch", name, "value", answer));
    }
    return answer;
  }

  /** The scripted handler of the method, or the inherited method. */
  private Object handle(Call call) {
    Object handler = handlers.value(call.method());
    if (handler == null) return call.inherited().get();
    Object value = null;
    for (Action action : actions(handler, calls(call.method()) - 1)) {
      switch (action.operation()) {
        case "super" -> value = call.inherited().get();
        case "return" -> value = returnValue(call, action);
        default -> perform(call, action);
      }
    }
    return value;
  }

  private static List<Action> actions(Object handler, int turn) {
    if (handler instanceof List<?>) return Action.listOf(handler);
    Fields turns = new Fields(Fields.asObject(handler));
    List<?> lists = turns.list("calls");
    if (turn < lists.size()) return Action.listOf(lists.get(turn));
    return turns.has("then") ? Action.listOf(turns.value("then")) : List.of();
  }

  private static Object returnValue(Call call, Action action) {
    return switch (call.method()) {
      case "recv" -> action.bytes("value");
      case "send" -> action.integer("value");
      case "accept" -> throw new ScenarioException("accept returns what it accepted");
      default -> null; // The library looks at no other method's value.
    };
  }

  private void perform(Call call, Action action) {
    if (call.method().equals("handle_accepted")) accepted = (AsyncSocket) call.arg();
    if (call.method().equals("collect_incoming_data")) incomingPiece = (byte[]) call.arg();
    try {
      world.steps().perform(action, name);
    } catch (Throwable thrown) {
      if (!action.flag("catch", false)) throw thrown;
    }
  }
}
