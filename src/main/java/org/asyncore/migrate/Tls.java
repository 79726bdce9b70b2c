package org.asyncore.migrate;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.Mapping;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.asyncore.Dispatcher;
import org.asyncore.netty.Channels;

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
 * close_notify from the peer   the end of the stream, as of a plain one; under TLS 1.3 sends go on
 * the end without it, a reset  recv throws: cut off, not ended; handleError gets it
 * another handshake            recv throws: renegotiation is refused; handleError gets it
 * close                        close_notify after everything that send took
 *                              and up to a second for the peer's end: what it sends of itself
 *                              would else reset the connection, and lose what is on its way
 * stop, and the peer agrees    handleUserEvent, SslCloseCompletionEvent; plain text from there on
 * </pre>
 *
 * <p>{@code handleConnect} comes when the connection is up, before the handshake. The computations
 * of a handshake, some milliseconds, run in the event loop, unless the {@link SslHandler} was given
 * an executor for them. Nothing ever waits there for the peer. An {@code SslHandler} that a program
 * puts into the pipeline by itself is Netty's alone: what is said here of renegotiation and of
 * {@link #stop} is not for that one.
 *
 * <p>For dispatchers in a {@code loop()}, from any thread; for hosted ones in their event loop, and
 * as early as in their constructor.
 */
public final class Tls {
  private static final String HANDLER = "tls";
  private static final String RECORDS = "tls records";
  private static final String LINK = "tls link";

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
    return add(dispatcher, context::newHandler);
  }

  /**
   * Starts TLS as a server of several names: the one that the client asks for (SNI) chooses.
   *
   * @param contexts from host names to server contexts, as {@code DomainWildcardMappingBuilder}
   *     makes them
   * @return for the name that the client asked for
   */
  public static SniHandler start(
      Dispatcher dispatcher, Mapping<? super String, ? extends SslContext> contexts) {
    Objects.requireNonNull(contexts, "contexts is null");
    return add(dispatcher, alloc -> new SniHandler(contexts));
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
    return add(dispatcher, alloc -> context.newHandler(alloc, host, port));
  }

  /**
   * Starts TLS with a handler of one's own, client or server as that is: for another handshake
   * timeout than Netty's 10 seconds, or an executor for what takes long in a handshake. What it
   * verifies is up to it.
   */
  public static SslHandler start(Dispatcher dispatcher, SslHandler handler) {
    Objects.requireNonNull(handler, "handler is null");
    return add(dispatcher, alloc -> handler);
  }

  private static <H extends ChannelHandler> H add(
      Dispatcher dispatcher, Function<ByteBufAllocator, H> making) {
    needNothingHere(dispatcher); // Before its socket becomes another one.
    ChannelPipeline pipeline = DispatcherChannels.pipeline(dispatcher);
    AtomicReference<H> made = new AtomicReference<>();
    Channels.call(
        dispatcher.socket(),
        "Tls.start",
        () -> {
          if (hasTls(pipeline)) {
            throw new IllegalStateException("start() of TLS on a connection that has it");
          }
          needNothingHere(dispatcher);
          made.set(making.apply(pipeline.channel().alloc()));
          boolean isNameless = !(made.get() instanceof SslHandler);
          put(pipeline, LINK, () -> new TlsLink(isNameless));
          pipeline.addFirst(HANDLER, made.get());
          put(pipeline, RECORDS, TlsRecords::new);
          Channel channel = pipeline.channel();
          Channels.recipe(channel, HANDLER, () -> making.apply(channel.alloc()));
        });
    return Objects.requireNonNull(made.get(), "handler is null");
  }

  private static void put(ChannelPipeline pipeline, String name, Supplier<ChannelHandler> recipe) {
    pipeline.addFirst(name, recipe.get());
    Channels.recipe(pipeline.channel(), name, recipe);
  }

  /**
   * What came in plain text must not be taken for secure, nor what was sent in it leave as such.
   */
  private static void needNothingHere(Dispatcher dispatcher) {
    long unread = DispatcherChannels.unread(dispatcher);
    if (unread > 0) {
      throw new IllegalStateException(
          "start() of TLS with "
              + unread
              + " bytes received and not delivered: they came in plain text, and may be anybody's"
              + " (docs/security.md#starttls)");
    }
    if (dispatcher.hasQueued()) {
      throw new IllegalStateException(
          "start() of TLS with "
              + dispatcher.queuedBytes()
              + " bytes queued to be sent in plain text (docs/security.md#starttls)");
    }
  }

  private static boolean hasTls(ChannelPipeline pipeline) {
    return pipeline.get(SslHandler.class) != null || pipeline.get(TlsLink.class) != null;
  }

  /**
   * Goes back to plain text on the same connection, as FTP's {@code CCC} does: sends close_notify
   * after everything that was sent, and waits for the peer's. What is sent from now on leaves in
   * plain text, after that; what the peer sends behind its own close_notify is plain text, too, and
   * reaches {@code recv} in order. {@code handleUserEvent} is told by {@code
   * SslCloseCompletionEvent.SUCCESS}. Then TLS may be started once more.
   *
   * <p>The peer may be first: its close_notify looks like the end of the stream until {@code stop}
   * is called, in {@code handleRead} or else in a {@code handleClose} that does not close.
   *
   * <p>If the peer ends its stream instead, or does not answer for as long as its handshake might
   * have taken, {@code recv} throws, and {@code handleError} gets it; what was sent after {@code
   * stop} is lost. What a subclass still holds itself, such as {@code outBufferSize()} of a {@code
   * DispatcherWithSend}, is not sent yet: stop when it is.
   *
   * @throws IllegalStateException without TLS, with an SslHandler that {@code start} did not put
   *     there, before its handshake is done, and a second time; nothing has changed then
   */
  public static void stop(Dispatcher dispatcher) {
    ChannelPipeline pipeline = DispatcherChannels.channel(dispatcher).pipeline();
    if (!hasTls(pipeline)) {
      throw new IllegalStateException("stop() of TLS on a connection without it");
    }
    if (pipeline.get(TlsLink.class) == null) {
      throw new IllegalStateException(
          "stop() of TLS that start() has not started: give start() the SslHandler");
    }
    Channels.call(dispatcher.socket(), "Tls.stop", () -> stop(pipeline));
  }

  private static void stop(ChannelPipeline pipeline) {
    SslHandler tls = pipeline.get(SslHandler.class);
    if (tls == null || !tls.handshakeFuture().isSuccess()) {
      throw new IllegalStateException("stop() of TLS before its handshake is done");
    }
    if (!pipeline.channel().isActive()) {
      throw new IllegalStateException("stop() of TLS on a connection that is not up");
    }
    pipeline.get(TlsLink.class).stop(tls);
  }
}
