/**
 * What several packages share and programs do not need. Knows the seam, and nothing above it.
 *
 * <p>Not exported.
 */
package org.asyncore.internal;
