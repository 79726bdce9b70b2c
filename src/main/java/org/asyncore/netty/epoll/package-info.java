/**
 * Linux, through Netty's natives: whatever can be asked is asked of the descriptor.
 *
 * <p>In: the questions of {@link org.asyncore.netty.kernel}. Out: channels, gates and files, and
 * what the system says of them; what Netty's epoll forgets is kept for it.
 *
 * <p>Not exported.
 */
package org.asyncore.netty.epoll;
