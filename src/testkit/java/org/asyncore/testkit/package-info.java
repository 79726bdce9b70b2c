/**
 * Tests of programs without sockets and without waiting: a map in memory and on virtual time.
 *
 * <p>{@link org.asyncore.testkit.TestLoop} is where a test begins, {@link
 * org.asyncore.testkit.Peer} what it talks to, {@link org.asyncore.testkit.Schedules} what tries
 * many orders of events. They know no test framework: what fails is an {@link
 * java.lang.AssertionError}.
 */
@NullMarked
package org.asyncore.testkit;

import org.jspecify.annotations.NullMarked;
