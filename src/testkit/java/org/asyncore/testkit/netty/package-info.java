/**
 * Peers for what lives in a pipeline of Netty's: hosted dispatchers, handlers in front of them,
 * TLS. {@link org.asyncore.testkit.netty.TestPipeline} is an {@link
 * io.netty.channel.embedded.EmbeddedChannel} on the clock of a {@link
 * org.asyncore.testkit.TestLoop}. The only package of the test kit that knows Netty.
 */
@NullMarked
package org.asyncore.testkit.netty;

import org.jspecify.annotations.NullMarked;
