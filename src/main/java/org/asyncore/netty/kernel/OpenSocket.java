package org.asyncore.netty.kernel;

import io.netty.channel.Channel;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;

/**
 * A stream socket that somebody else has made, over the channel that owns its descriptor now.
 *
 * @param channel connected or listening, as the socket is; no loop has it yet
 * @param error what SO_ERROR told of the connection, which asking cleared
 */
public record OpenSocket(Channel channel, Family family, boolean isListening, Errno error) {}
