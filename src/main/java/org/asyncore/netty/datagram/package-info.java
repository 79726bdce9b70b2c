/**
 * The datagram socket: UDP, and Unix domain datagrams on epoll. A datagram stays in the kernel
 * until it is asked for, and is sent at once or not at all.
 *
 * <p>In: {@code recvfrom} and {@code sendto}. Out: one datagram, or an errno.
 *
 * <p>Not exported.
 */
package org.asyncore.netty.datagram;
