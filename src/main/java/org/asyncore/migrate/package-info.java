/**
 * The way from asyncore to native Netty, with a stop at every rung: native channels on a map's
 * loop, handlers in front of a dispatcher, TLS, an unchanged dispatcher in a pipeline that a
 * bootstrap of one's own builds, and the hand-over of an open connection.
 *
 * <p>The only package where dispatchers and {@code io.netty} meet; {@code docs/migrating.md} climbs
 * the ladder.
 */
@NullMarked
package org.asyncore.migrate;

import org.jspecify.annotations.NullMarked;
