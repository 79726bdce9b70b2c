package org.asyncore.transport;

import java.net.SocketAddress;

/**
 * A new connection: the pair that Python's {@code accept} returns.
 *
 * @param socket the connection, open and not blocking; whoever has the pair closes it
 * @param address the peer's address
 */
public record Accepted(AsyncSocket socket, SocketAddress address) {}
