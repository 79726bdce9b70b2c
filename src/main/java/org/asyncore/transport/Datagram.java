package org.asyncore.transport;

import java.net.SocketAddress;

/**
 * A message and who sent it: the pair that Python's {@code recvfrom} returns.
 *
 * @param data the bytes, cut to the size asked for; the caller's own
 * @param address the sender
 */
@SuppressWarnings("ArrayRecordComponent") // The array is handed over, never shared or compared.
public record Datagram(byte[] data, SocketAddress address) {}
