package org.asyncore.compat.play;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.asyncore.compat.scenario.Action;
import org.asyncore.compat.scenario.ScenarioException;

/** Does actions, of the script and of handlers, and writes their {@code end} lines. */
final class Steps {
  private static final Set<String> ALWAYS_END =
      Set.of("loop", "poll", "poll2", "run_until", "close_all");

  /** What these throw is told by their {@code return} line, or by who catches it. */
  private static final Set<String> NEVER_END = Set.of("raise", "recv", "send", "accept");

  private final World world;
  private final Map<String, Operation> ofLoop;
  private final Map<String, Operation> ofPeers;
  private final Map<String, Operation> ofFiles;
  private final Map<String, Operation> ofChannels;

  /** The step that is being done, for who asks where a scenario hangs. */
  private volatile String current = "before the first step";

  /** What second threads are to do. */
  private final List<CompletableFuture<Void>> awaited = new ArrayList<>();

  Steps(World world) {
    this.world = world;
    PeerOperations peers = new PeerOperations(world);
    ChannelOperations channels = new ChannelOperations(world);
    NewChannelOperations constructors = new NewChannelOperations(world);
    ofPeers = peers.all();
    ofFiles = new FileOperations(world).all();
    ofChannels = channels.all();
    ofChannels.putAll(constructors.all());
    ofChannels.putAll(new SocketOperations(world).all());
    ofChannels.putAll(new ChatOperations(world).all());
    ofLoop = new LoopOperations(world).all();
    ofLoop.putAll(new ShortForms(world, peers, channels, constructors).all());
    ofLoop.putAll(new AddressOperations(world).all());
    ofLoop.putAll(new ModuleOperations(world, this).all());
  }

  /** An action with what does it, and whom its line names. */
  private record Target(Action action, Operation operation, Map<String, Object> who) {}

  /** Plays the script. */
  void run() {
    int number = 0;
    for (Action action : world.scenario().steps()) {
      world.trace().step(number++);
      current = "step " + world.trace().step() + ": " + action;
      try {
        perform(action, null);
      } catch (ScenarioException e) {
        world.isBroken(e);
      } catch (VirtualMachineError | LinkageError e) {
        throw e;
      } catch (Throwable told) {
        // The trace has it.
      }
      world.needWhole();
    }
    current = "after the last step";
    CompletableFuture.allOf(awaited.toArray(CompletableFuture[]::new)).join();
    world.needWhole();
    world.trace().emit("end", "scenario", Map.of());
  }

  /** The scenario is not over before this is done. */
  void awaits(CompletableFuture<Void> later) {
    awaited.add(later);
  }

  String current() {
    return current;
  }

  /**
   * Does one action and writes its line; what it throws goes on to the caller.
   *
   * @param me the channel whose handler it is in; null in the script
   */
  void perform(Action given, String me) {
    Target target = target(given, me);
    String name = given.operation();
    Object value;
    try {
      value = target.operation.run(target.action);
    } catch (ScenarioException e) {
      world.isBroken(e);
      throw e;
    } catch (InterruptedException e) {
      throw broken("interrupted in " + given, e);
    } catch (IOException e) {
      throw raised(target, name, PlainErrors.osException(e));
    } catch (Throwable thrown) {
      throw raised(target, name, thrown);
    }
    if (value == null && !ALWAYS_END.contains(name)) return;
    if (value != null) target.who.put("value", value);
    world.trace().emit("end", name, target.who);
  }

  private RuntimeException raised(Target target, String name, Throwable thrown) {
    boolean isOfChannel = target.who.containsKey("ch") || target.who.isEmpty();
    if (!isOfChannel || !NEVER_END.contains(name)) {
      target.who.put("raised", world.exceptions().show(thrown));
      world.trace().emit("end", name, target.who);
    }
    return Exceptions.raise(thrown);
  }

  /** Does a peer's action later, from another thread, without a line. */
  Runnable later(Action given) {
    Target target = target(given, null);
    return () -> {
      try {
        target.operation.run(target.action);
      } catch (IOException | InterruptedException | RuntimeException e) {
        world.isBroken(new ScenarioException("after: " + e, e));
      }
    };
  }

  private Target target(Action action, String me) {
    String name = action.operation();
    Operation ofTheLoop = ofLoop.get(name);
    if (ofTheLoop != null && !action.has("ch")) {
      return new Target(action, ofTheLoop, Lines.none());
    }
    if (action.has("peer")) return target(action, ofPeers, "peer");
    if (action.has("file")) return target(action, ofFiles, "file");
    if (me == null && !action.has("ch")) throw broken("about no channel: " + action, null);
    return target(me == null ? action : action.in(me), ofChannels, "ch");
  }

  private Target target(Action action, Map<String, Operation> operations, String who) {
    Operation operation = operations.get(action.operation());
    if (operation == null) throw broken("no operation " + action, null);
    return new Target(action, operation, Lines.of(who, action.text(who)));
  }

  private ScenarioException broken(String reason, Throwable cause) {
    ScenarioException broken = new ScenarioException(reason, cause);
    world.isBroken(broken);
    return broken;
  }
}
