/**
 * What every server that strangers reach needs, and asyncore leaves to its programs. {@link
 * org.asyncore.limits.AcceptLimits} bounds a listener, and keeps it alive when descriptors run out.
 *
 * <p>All of it is off until asked for.
 */
package org.asyncore.limits;
