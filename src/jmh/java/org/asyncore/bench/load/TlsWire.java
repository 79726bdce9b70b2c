package org.asyncore.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import org.asyncore.bench.TlsKeys;

/** A client's bytes through the JDK's TLS, which is made before the connection is used. */
final class TlsWire implements Wire {
  private static final int NET_BYTES = 1 << 18;

  private final SocketChannel channel;
  private final SSLEngine engine;

  /** Came, and not decrypted yet; to be read from. */
  private final ByteBuffer incoming = ByteBuffer.allocateDirect(NET_BYTES).limit(0);

  /** Encrypted, and not the system's yet; to be read from. */
  private final ByteBuffer outgoing = ByteBuffer.allocateDirect(NET_BYTES).limit(0);

  private TlsWire(SocketChannel channel, SSLEngine engine) {
    this.channel = channel;
    this.engine = engine;
  }

  /** Shakes hands on a channel that blocks still. */
  static TlsWire over(SocketChannel channel) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, TlsKeys.given().trust().getTrustManagers(), new SecureRandom());
      SSLEngine engine = context.createSSLEngine();
      engine.setUseClientMode(true);
      TlsWire wire = new TlsWire(channel, engine);
      wire.shakeHands();
      return wire;
    } catch (GeneralSecurityException failed) {
      throw new IOException(failed);
    }
  }

  private void shakeHands() throws IOException {
    ByteBuffer none = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
    engine.beginHandshake();
    for (HandshakeStatus status; (status = engine.getHandshakeStatus()) != done(); ) {
      switch (status) {
        case NEED_WRAP -> {
          wrap(none.limit(0));
          flush();
        }
        case NEED_TASK -> engine.getDelegatedTask().run();
        default -> {
          if (unwrap(none.clear()).getStatus() != SSLEngineResult.Status.BUFFER_UNDERFLOW) continue;
          if (fill() < 0) throw new IOException("the server closed " + channel);
        }
      }
    }
  }

  private static HandshakeStatus done() {
    return HandshakeStatus.NOT_HANDSHAKING;
  }

  private SSLEngineResult unwrap(ByteBuffer target) throws IOException {
    return engine.unwrap(incoming, target);
  }

  private int fill() throws IOException {
    incoming.compact();
    int came = channel.read(incoming);
    incoming.flip();
    return came;
  }

  private int wrap(ByteBuffer source) throws IOException {
    outgoing.compact();
    int taken = engine.wrap(source, outgoing).bytesConsumed();
    outgoing.flip();
    return taken;
  }

  /** Takes all that the system has; the target has to have room for it. */
  @Override
  public int read(ByteBuffer target) throws IOException {
    int start = target.position();
    for (; ; ) {
      SSLEngineResult result = unwrap(target);
      switch (result.getStatus()) {
        case OK -> {}
        case BUFFER_UNDERFLOW -> {
          int came = fill();
          if (came <= 0)
            return came < 0 && target.position() == start ? -1 : target.position() - start;
        }
        case BUFFER_OVERFLOW -> throw new IOException("no room for a record in " + target);
        case CLOSED -> {
          return -1;
        }
      }
    }
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int taken = 0;
    while (flush() && source.hasRemaining()) taken += wrap(source);
    return taken;
  }

  @Override
  public boolean flush() throws IOException {
    if (outgoing.hasRemaining()) channel.write(outgoing);
    return !outgoing.hasRemaining();
  }
}
