/**
 * What several packages share and programs do not need: what our own loop asks of a transport
 * beside {@code socket} and {@code select}, and some helpers. Knows the seam, and nothing above it.
 *
 * <p>Not exported, but for the test kit, whose transport in memory is one of ours.
 */
@NullMarked
package org.asyncore.internal;

import org.jspecify.annotations.NullMarked;
