/**
 * Python's {@code asyncore} for Java, on Netty: subclass {@link org.asyncore.Dispatcher}, then call
 * {@link org.asyncore.Asyncore#loop()}.
 *
 * <p>Every callback comes as CPython 3.11's asyncore would make it, in its order, while every byte
 * travels through a Netty channel. {@code docs/mapping.md} has a row for each name; {@code
 * docs/differences.md} lists what differs.
 */
@NullMarked
package org.asyncore;

import org.jspecify.annotations.NullMarked;
