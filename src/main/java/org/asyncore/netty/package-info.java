/**
 * The bridge to Netty, behind {@link org.asyncore.transport}: the front door, {@link
 * org.asyncore.netty.NettyTransport}, and the rooms behind it.
 *
 * <pre>
 * loop <── kernel <── socket <── stream | datagram | file | pipeline <── netty
 *          kernel <── epoll | nio <── netty
 * </pre>
 *
 * <p>In: the calls that asyncore makes on sockets, and on what waits for them. Out: Netty channels,
 * served by a loop that runs on whichever thread holds its turn.
 *
 * <p>Never calls a dispatcher. Not exported, nor is any of the rooms.
 */
package org.asyncore.netty;
