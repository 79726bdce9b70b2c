/**
 * Observers of loops, each off until {@link org.asyncore.SocketMap#observer(
 * org.asyncore.LoopObserver)} sets it: counters and their JMX view, events for the JDK's flight
 * recorder, warnings of slow callbacks, of loops that spin and of dispatchers that nobody closed.
 *
 * <p>{@code JfrEvents} needs the module {@code jdk.jfr}, {@code CountersBean} needs {@code
 * java.management}, and {@code MicrometerBinder} Micrometer; the others need none of them, and do
 * without.
 */
@NullMarked
package org.asyncore.observe;

import org.jspecify.annotations.NullMarked;
