/**
 * Any platform, through the JDK's channels, which hide their descriptors: some answers are from
 * what is known, and the numbers are dealt here.
 *
 * <p>In: the questions of {@link org.asyncore.netty.kernel}. Out: channels, gates and files, and
 * what a selector says of them, with hang-ups found by a second look.
 *
 * <p>Not exported.
 */
package org.asyncore.netty.nio;
