/**
 * What every server that strangers reach needs, and asyncore leaves to its programs: {@link
 * org.asyncore.limits.Timeouts} of a dispatcher's connection, and {@link
 * org.asyncore.limits.AcceptLimits}, which bound a listener and keep it alive when descriptors run
 * out.
 *
 * <p>All of it is off until asked for.
 */
@NullMarked
package org.asyncore.limits;

import org.jspecify.annotations.NullMarked;
