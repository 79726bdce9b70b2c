/**
 * The bridge to Netty, behind {@link org.asyncore.transport}: channels, the loop that runs on
 * whichever thread holds its turn, and the gate that hands a channel its events when asyncore's
 * order says so.
 *
 * <p>Never calls a dispatcher. Not exported.
 */
package org.asyncore.netty;
