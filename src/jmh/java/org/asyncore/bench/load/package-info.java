/**
 * The other end of the comparison: a process of its own that opens connections to a server, keeps
 * them busy and checks each byte that comes back.
 *
 * <p>{@link org.asyncore.bench.load.Scenario} lists what it can do. It is plain {@code java.nio} on
 * one thread, cheap enough to keep a server's core full.
 */
package org.asyncore.bench.load;
