package org.asyncore.compat.play;

import java.util.HashMap;
import java.util.Map;
import org.asyncore.compat.scenario.Action;
import org.asyncore.compat.scenario.Bytes;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Datagram;
import org.asyncore.transport.Shutdown;

/** Raw calls on a channel's socket, which programs make too. */
final class SocketOperations {
  private final World world;

  SocketOperations(World world) {
    this.world = world;
  }

  Map<String, Operation> all() {
    Map<String, Operation> all = new HashMap<>();
    all.put("sock_shutdown", this::shutdown);
    all.put("sock_close", this::close);
    all.put("sock_sendto", this::sendto);
    all.put("sock_recvfrom", this::recvfrom);
    all.put("sock_recv_oob", this::recvUrgent);
    return all;
  }

  private AsyncSocket socket(Action action) {
    return world.channel(action.text("ch")).socket();
  }

  private Object shutdown(Action action) {
    socket(action).shutdown(Shutdown.WR);
    return null;
  }

  private Object close(Action action) {
    socket(action).close();
    return null;
  }

  private Object sendto(Action action) {
    return socket(action).sendto(action.bytes("data"), world.addresses().of(action.text("to")));
  }

  private Object recvfrom(Action action) {
    Datagram datagram = socket(action).recvfrom(action.integer("n"));
    return Lines.of(
        "data", Bytes.show(datagram.data()), "from", world.addresses().show(datagram.address()));
  }

  private Object recvUrgent(Action action) {
    return Bytes.show(socket(action).recvUrgent(action.integer("n")));
  }
}
