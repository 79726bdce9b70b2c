package org.asyncore.faults;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import org.asyncore.migrate.Certificates;

/** Contexts of TLS for both sides, made when the first is asked for. */
final class Secrets {
  private SslContext client;
  private SslContext server;

  private void make() {
    if (client != null) return;
    try {
      server = Certificates.LOCALHOST.server().build();
      client = Certificates.client().build();
    } catch (Exception e) {
      throw new AssertionError("no certificates to test with", e);
    }
  }

  SslContext ofClient() {
    make();
    return client;
  }

  SslContext ofServer() {
    make();
    return server;
  }

  SslHandler handler(ByteBufAllocator allocator, boolean isClient) {
    if (isClient) return ofClient().newHandler(allocator, "localhost", 443);
    return ofServer().newHandler(allocator);
  }
}
