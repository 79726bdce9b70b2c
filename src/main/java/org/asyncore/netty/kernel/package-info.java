/**
 * What a platform must answer: {@link org.asyncore.netty.kernel.Kernel} and its parts for datagrams
 * and files, and what all platforms share, which is addresses, options, errors and numbers.
 *
 * <p>In: a channel, and what is asked of the socket below it. Out: an answer as the system gives
 * it, or an {@link org.asyncore.transport.OsException} with its errno.
 *
 * <p>Not exported.
 */
package org.asyncore.netty.kernel;
