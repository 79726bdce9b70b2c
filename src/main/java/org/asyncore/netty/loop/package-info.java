/**
 * The event loop of a map, which runs on whichever thread holds its turn, and the gates before what
 * is registered with it; and what closes, at its end, what is hosted on a loop of somebody else.
 *
 * <p>In: a pass that takes the turn, waits and gives it back; calls from other threads that want
 * the turn for a moment; channels that register, and tasks for them. Out: events, told to a gate's
 * watcher and delivered to its channel when that asks; buffers to read into and to send from.
 *
 * <p>Knows Netty's I/O handlers, and neither sockets nor platforms. Not exported.
 */
package org.asyncore.netty.loop;
