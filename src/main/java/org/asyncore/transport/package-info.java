/**
 * The narrow seam: the calls that asyncore.py makes on {@code socket} and {@code select}, and the
 * values they exchange.
 *
 * <p>Knows neither Netty nor dispatchers. Programs meet it through {@code dispatcher.socket()},
 * whose methods have the names of BSD sockets, and through {@link
 * org.asyncore.transport.OsException} with its {@link org.asyncore.transport.Errno}.
 */
@NullMarked
package org.asyncore.transport;

import org.jspecify.annotations.NullMarked;
