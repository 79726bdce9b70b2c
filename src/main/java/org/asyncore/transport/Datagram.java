package org.asyncore.transport;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A message and who sent it: the pair that Python's {@code recvfrom} returns.
 *
 * @param data the bytes, cut to the size asked for; the caller's own
 * @param address the sender; null of a stream, which has none to name, and at the end of input
 */
@SuppressWarnings("ArrayRecordComponent") // The array is handed over, never shared or compared.
public record Datagram(byte[] data, @Nullable SocketAddress address) {}
