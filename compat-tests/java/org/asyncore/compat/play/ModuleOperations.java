package org.asyncore.compat.play;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.asyncore.asynchat.Asynchat;
import org.asyncore.asynchat.SimpleProducer;
import org.asyncore.compat.scenario.Action;
import org.asyncore.compat.scenario.Bytes;

/** Steps about nobody: time, notes, exceptions, and the functions of asynchat. */
final class ModuleOperations {
  private final World world;
  private final Steps steps;

  ModuleOperations(World world, Steps steps) {
    this.world = world;
    this.steps = steps;
  }

  Map<String, Operation> all() {
    Map<String, Operation> all = new HashMap<>();
    all.put("settle", this::settle);
    all.put("after", this::after);
    all.put("note", action -> action.text("text"));
    all.put("raise", this::raise);
    all.put("find_prefix_at_end", ModuleOperations::findPrefixAtEnd);
    all.put("simple_producer", ModuleOperations::simpleProducer);
    return all;
  }

  private Object settle(Action action) {
    world.waiting().settle();
    return null;
  }

  private Object after(Action action) {
    int millis = action.integer("ms");
    Executor later = CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
    Runnable then = steps.later(new Action(action.object("then").json()));
    steps.awaits(CompletableFuture.runAsync(then, later));
    return null;
  }

  private Object raise(Action action) {
    throw Exceptions.raise(world.exceptions().make(action.text("exc")));
  }

  private static Object findPrefixAtEnd(Action action) {
    return Asynchat.findPrefixAtEnd(action.bytes("haystack"), action.bytes("needle"));
  }

  private static Object simpleProducer(Action action) {
    SimpleProducer producer = ChatOperations.simpleProducer(action);
    List<Object> pieces = new ArrayList<>();
    for (int i = 0; i < action.integer("calls", 4); i++) pieces.add(Bytes.show(producer.more()));
    return pieces;
  }
}
