package org.asyncore.compat.play;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.asyncore.compat.scenario.Action;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.Transport;

/** Sockets, addresses and descriptors that belong to no channel and no peer. */
final class AddressOperations {
  private final World world;

  AddressOperations(World world) {
    this.world = world;
  }

  Map<String, Operation> all() {
    Map<String, Operation> all = new HashMap<>();
    all.put("raw_socket", this::rawSocket);
    all.put("reserve", this::reserve);
    all.put("missing_path", this::missingPath);
    all.put("close_fd", this::closeDescriptor);
    return all;
  }

  private Object rawSocket(Action action) {
    String name = action.text("sock");
    Transport transport = world.transportFor("sock", name);
    AsyncSocket socket = transport.socket(action.family(), SocketType.STREAM);
    world.socket(name, socket);
    return null;
  }

  /** Binds and does not listen. A Unix socket is closed, and leaves its file behind. */
  private Object reserve(Action action) throws IOException {
    String name = action.text("name");
    Family family = action.family();
    PlainStream channel = Grounds.OF_PROCESS.stream(family);
    channel.bind(world.addresses().fresh(name, family));
    world.addresses().remember(name, channel.localAddress(), true);
    if (family == Family.UNIX) channel.close();
    else world.openedSocket(channel);
    return null;
  }

  private Object missingPath(Action action) {
    String name = action.text("name");
    world.addresses().remember(name, world.addresses().fresh(name, Family.UNIX), true);
    return null;
  }

  private Object closeDescriptor(Action action) {
    world.closeDescriptor(action.text("fd"));
    return null;
  }
}
