package org.asyncore.migrate;

import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;

/** Makes the dispatcher of a connection: as a rule a constructor, {@code EchoHandler::new}. */
@FunctionalInterface
public interface DispatcherFactory {
  /**
   * Makes a new dispatcher over this socket and in this map, as {@code super(socket, map)} does.
   *
   * @param socket the connection, the dispatcher's own from now on
   * @param map the map that it has to be in
   */
  Dispatcher create(AsyncSocket socket, SocketMap map);
}
