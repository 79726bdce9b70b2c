/**
 * What all sockets share: the number, the turn around each call, what a pass asks and is told, and
 * what is sent while callbacks run. A socket asks its loop through {@link
 * org.asyncore.netty.socket.SocketLoop}.
 *
 * <p>In: what a pass registers, and what gates find. Out: the answers of a pass, frozen; then the
 * bytes that its callbacks have sent, flushed.
 *
 * <p>Calls no dispatcher. Not exported.
 */
package org.asyncore.netty.socket;
