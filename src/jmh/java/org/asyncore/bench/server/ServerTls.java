package org.asyncore.bench.server;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import org.asyncore.Dispatcher;
import org.asyncore.bench.TlsKeys;
import org.asyncore.migrate.Tls;

/** The JDK's TLS in front of every connection, if the comparison wants it; the same for all. */
final class ServerTls {
  private final SslContext context = context();

  private static SslContext context() {
    TlsKeys keys = TlsKeys.given();
    if (keys == null) return null;
    try {
      return SslContextBuilder.forServer(keys.keys()).sslProvider(SslProvider.JDK).build();
    } catch (GeneralSecurityException failed) {
      throw new IllegalStateException(failed);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  boolean isOn() {
    return context != null;
  }

  SslHandler handler(ByteBufAllocator allocator) {
    return context.newHandler(allocator);
  }

  void start(Dispatcher dispatcher) {
    if (isOn()) Tls.start(dispatcher, context);
  }
}
