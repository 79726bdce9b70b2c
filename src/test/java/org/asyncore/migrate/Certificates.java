package org.asyncore.migrate;

import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate and its key; {@code src/test/resources/tls/README.md} tells how they were made. */
public enum Certificates {
  LOCALHOST("localhost"),
  CHAT_EXAMPLE("chat.example"),
  EXPIRED("expired");

  private static final Path FOLDER = Path.of("src", "test", "resources", "tls");

  /** The certificate of the authority that signed all of them. */
  static final Path AUTHORITY = FOLDER.resolve("authority.pem");

  private final String name;

  Certificates(String name) {
    this.name = name;
  }

  Path certificate() {
    return FOLDER.resolve(name + ".pem");
  }

  Path key() {
    return FOLDER.resolve(name + ".key");
  }

  /** For a server that shows this certificate. */
  public SslContextBuilder server() {
    return SslContextBuilder.forServer(certificate().toFile(), key().toFile())
        .sslProvider(SslProvider.JDK);
  }

  /** For a client that trusts the authority, and no other. */
  public static SslContextBuilder client() {
    return SslContextBuilder.forClient()
        .trustManager(AUTHORITY.toFile())
        .sslProvider(SslProvider.JDK);
  }

  /** The same for the JDK's own sockets. */
  public static SSLContext trusting() throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream in = Files.newInputStream(AUTHORITY)) {
      trusted.setCertificateEntry(
          "root", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
