/**
 * The file on a loop, over what a platform has opened: read and written when asyncore says so.
 *
 * <p>In: an {@link org.asyncore.netty.kernel.Descriptors.OpenFile}, and a pass that asks for it.
 * Out: readiness, and what {@code os.read} and {@code os.write} give.
 *
 * <p>Not exported.
 */
package org.asyncore.netty.file;
