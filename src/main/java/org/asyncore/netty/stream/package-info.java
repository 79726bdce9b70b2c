/**
 * The stream socket without a pipeline: fresh, connecting, connected or listening. Bytes stay in
 * the kernel until they are asked for.
 *
 * <p>In: {@code recv}, for which the gate delivers one event, and the channel reads once; {@code
 * send}, which writes to the channel. Out: bytes, an end or an errno.
 *
 * <p>Not exported.
 */
package org.asyncore.netty.stream;
