package org.asyncore.migrate;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.Objects;
import org.asyncore.Dispatcher;

/**
 * TLS for dispatchers that know nothing of it, by Netty's {@link SslHandler} in front of them.
 *
 * <p>Before a connection, as soon as it is up, or in the middle of it (STARTTLS): what was sent
 * before leaves in plain text, what is sent after that is encrypted, and waits for the handshake.
 * So a server sends its plain answer, then calls {@link #start}. An {@code AsyncChat} should then
 * have nothing queued, and nothing received that it has not delivered: bytes behind the peer's
 * request may be forged ({@code producerFifo()}, {@code acInBuffer()}).
 *
 * <pre>
 * handshake done or failed     handleUserEvent, SslHandshakeCompletionEvent
 * handshake failed             recv throws; handleError gets it, with its cause
 * close_notify from the peer   the end of the stream, as of a plain one
 * the end without it           recv throws: cut off, not ended; handleError gets it
 * close                        close_notify after everything that send took
 * </pre>
 *
 * <p>{@code handleConnect} comes when the connection is up, before the handshake.
 */
public final class Tls {
  private static final String HANDLER = "tls";

  private Tls() {}

  /**
   * Starts TLS as the server of a connection.
   *
   * @param context made by {@code SslContextBuilder.forServer}
   * @return for the handshake's future, and the protocol that ALPN chose
   */
  public static SslHandler start(Dispatcher dispatcher, SslContext context) {
    if (context.isClient()) {
      throw new IllegalArgumentException("a client needs the server's name: start(…, host, port)");
    }
    ChannelPipeline pipeline = pipelineWithoutTls(dispatcher);
    return add(pipeline, context.newHandler(pipeline.channel().alloc()));
  }

  /**
   * Starts TLS as the client of a connection. The certificate has to be for {@code host}, unless
   * the context was built with another {@code endpointIdentificationAlgorithm}; the server is told
   * the name (SNI).
   *
   * @param context made by {@code SslContextBuilder.forClient}
   * @param host the server's name, as the user knows it
   */
  public static SslHandler start(Dispatcher dispatcher, SslContext context, String host, int port) {
    Objects.requireNonNull(host, "host is null");
    if (context.isServer()) throw new IllegalArgumentException("a server's context, with a host");
    ChannelPipeline pipeline = pipelineWithoutTls(dispatcher);
    return add(pipeline, context.newHandler(pipeline.channel().alloc(), host, port));
  }

  /**
   * Starts TLS with a handler of one's own, client or server as that is: for another handshake
   * timeout than Netty's 10 seconds, or an executor for what takes long in a handshake. What it
   * verifies is up to it.
   */
  public static SslHandler start(Dispatcher dispatcher, SslHandler handler) {
    Objects.requireNonNull(handler, "handler is null");
    return add(pipelineWithoutTls(dispatcher), handler);
  }

  private static ChannelPipeline pipelineWithoutTls(Dispatcher dispatcher) {
    ChannelPipeline pipeline = DispatcherChannels.pipeline(dispatcher);
    if (pipeline.get(SslHandler.class) == null) return pipeline;
    throw new IllegalStateException("start() of TLS on a connection that has it");
  }

  private static SslHandler add(ChannelPipeline pipeline, SslHandler handler) {
    pipeline.addFirst(HANDLER, handler);
    return handler;
  }
}
