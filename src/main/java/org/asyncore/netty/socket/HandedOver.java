package org.asyncore.netty.socket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.util.function.Consumer;
import org.asyncore.netty.loop.Gate;
import org.asyncore.transport.Activity;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.Held;

/**
 * What a socket leaves to the one that takes its channel over; its number and its holder, too.
 *
 * @param gate open
 * @param holder null for none
 * @param successor to be told who has taken it over
 * @param reads how the channel is read
 * @param connect under way or over; null if nobody has connected
 * @param activity null if nobody asks for it
 * @param unread the taker's own; null for nothing
 * @param ended whether the peer's stream has
 * @param error that nobody was told of; OK for none
 */
public record HandedOver(
    SocketLoop loop,
    Channel channel,
    Family family,
    Gate gate,
    int number,
    Held.Holder holder,
    Consumer<AsyncSocket> successor,
    RecvAllocator reads,
    ChannelFuture connect,
    Activity activity,
    ByteBuf unread,
    boolean ended,
    Errno error) {}
