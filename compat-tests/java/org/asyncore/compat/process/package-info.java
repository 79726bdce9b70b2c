/**
 * A player in a Java process of its own, and the handle of whoever started it.
 *
 * <p>One process has one transport, because the global map has one; and a scenario that hangs takes
 * nobody with it.
 */
package org.asyncore.compat.process;
