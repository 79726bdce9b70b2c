/**
 * The servers that are compared, each the whole of a process: {@link
 * org.asyncore.bench.server.ServerMain} starts one of them by its name.
 *
 * <p>They echo bytes, or answer each line with itself. Each is written the way its library's own
 * documentation would have it, and stops reading from a peer that does not read.
 */
package org.asyncore.bench.server;
