package org.asyncore.faults;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import org.asyncore.migrate.Certificates;

/** Contexts of TLS for both sides, made when the first is asked for. */
final class Secrets {
  private final Path folder;
  private SslContext client;
  private SslContext server;

  Secrets(Path folder) {
    this.folder = folder;
  }

  private void make() {
    if (client != null) return;
    try {
      Certificates made = Certificates.make(folder, "faults", "-1d", 30);
      server = SslContextBuilder.forServer(made.keys()).sslProvider(SslProvider.JDK).build();
      client =
          SslContextBuilder.forClient()
              .trustManager(made.trust())
              .sslProvider(SslProvider.JDK)
              .build();
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
