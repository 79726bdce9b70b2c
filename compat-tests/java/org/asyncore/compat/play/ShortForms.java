package org.asyncore.compat.play;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.asyncore.Dispatcher;
import org.asyncore.compat.scenario.Action;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.Transport;

/** Steps that stand for several: {@code link}, {@code serve}, {@code dial}. */
final class ShortForms {
  private final World world;
  private final PeerOperations peers;
  private final ChannelOperations channels;
  private final NewChannelOperations constructors;

  ShortForms(
      World world,
      PeerOperations peers,
      ChannelOperations channels,
      NewChannelOperations constructors) {
    this.world = world;
    this.peers = peers;
    this.channels = channels;
    this.constructors = constructors;
  }

  Map<String, Operation> all() {
    Map<String, Operation> all = new HashMap<>();
    all.put("link", this::link);
    all.put("serve", this::serve);
    all.put("dial", this::dial);
    return all;
  }

  /** A pair, then a new channel over the end that is not the peer's. */
  private Object link(Action action) throws IOException, InterruptedException {
    String name = action.text("channel");
    Transport transport = world.transportOf(name);
    AsyncSocket socket = peers.pair(action.text("peer"), action.family(), transport);
    world.keep(socket);
    constructors.make(name, socket);
    return null;
  }

  private Object serve(Action action) {
    String name = action.text("channel");
    Family family = action.family();
    constructors.make(name, null);
    Dispatcher channel = world.channel(name);
    channels.createSocket(channel, family, SocketType.STREAM);
    channels.bind(channel, name, world.addresses().fresh(name, family));
    channel.listen(action.integer("backlog", 5));
    return null;
  }

  private Object dial(Action action) {
    String name = action.text("channel");
    String to = action.text("to");
    constructors.make(name, null);
    Dispatcher channel = world.channel(name);
    Family family = Addresses.family(world.addresses().of(to));
    channels.createSocket(channel, family, SocketType.STREAM);
    channels.connect(channel, name, to);
    return null;
  }
}
