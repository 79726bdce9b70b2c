package org.asyncore.compat.play;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.compat.scenario.Action;
import org.asyncore.compat.scenario.Fields;
import org.asyncore.compat.scenario.ScenarioException;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.PipeEnd;

/** Constructors: {@code new} and {@code adopt}. */
final class NewChannelOperations {
  private final World world;

  NewChannelOperations(World world) {
    this.world = world;
  }

  Map<String, Operation> all() {
    Map<String, Operation> all = new HashMap<>();
    all.put("new", this::make);
    all.put("adopt", this::adopt);
    return all;
  }

  private Object make(Action action) {
    String name = action.text("ch");
    if (action.has("fd")) {
      String descriptor = action.text("fd");
      PipeEnd end = world.descriptor(descriptor);
      make(name, (script, map) -> Kind.make(script, end, map));
      if (!action.flag("keep_fd", false)) world.closeDescriptor(descriptor);
      return null;
    }
    AsyncSocket socket = action.has("sock") ? world.takeSocket(action.text("sock")) : null;
    make(name, socket);
    return null;
  }

  /** A channel over the socket that another one accepted last. */
  private Object adopt(Action action) {
    Dispatcher by = world.channel(action.text("by"));
    make(action.text("ch"), Scripted.of(by).accepted());
    return null;
  }

  private interface Constructor {
    Dispatcher make(Script script, SocketMap map);
  }

  void make(String declared, AsyncSocket socket) {
    make(declared, (script, map) -> script.kind().make(script, socket, map));
  }

  /** A channel as declared, which gets a number if its name is taken. */
  private void make(String declared, Constructor constructor) {
    Fields declaration = world.scenario().channel(declared);
    String name = declared;
    for (int i = 2; world.channels().containsKey(name); i++) name = declared + "." + i;
    SocketMap map = world.mapArgument(declaration.text("map", Maps.GLOBAL));
    Script script = new Script(world, name, Kind.of(declaration.text("kind")), declaration);
    Dispatcher channel = constructor.make(script, map);
    script.belongsTo(channel);
    if (channel.connected()) Variant.ofThisRun().prepare(channel);
    if (declaration.has("attrs")) setAttributes(channel, declaration.object("attrs"));
    if (declaration.has("terminator")) {
      ChatOperations.setTerminator(ChatOperations.chat(channel), declaration.value("terminator"));
    }
  }

  private static void setAttributes(Dispatcher channel, Fields attributes) {
    for (String name : attributes.json().keySet()) {
      switch (name) {
        case "ignore_log_types" -> {
          Set<String> types = new HashSet<>();
          for (Object type : attributes.list(name)) types.add((String) type);
          channel.ignoreLogTypes(types);
        }
        case "ac_in_buffer_size" ->
            ChatOperations.chat(channel).acInBufferSize(attributes.integer(name));
        case "ac_out_buffer_size" ->
            ChatOperations.chat(channel).acOutBufferSize(attributes.integer(name));
        default -> throw new ScenarioException("no attribute " + name);
      }
    }
  }
}
