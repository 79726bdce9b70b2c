package org.asyncore.migrate;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLParameters;

/**
 * A TLS client of the JDK's engine on a blocking socket, whose records a test may hold, cut and
 * join. No read waits longer than {@link TlsWorld#LIMIT_MILLIS}.
 */
final class EnginePeer implements AutoCloseable {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Socket socket;
  private final SSLEngine engine;

  /** Read from the wire and not looked at, ready to be read. */
  private final ByteBuffer wire = ByteBuffer.allocate(1 << 20).flip();

  private final ByteBuffer clear = ByteBuffer.allocate(1 << 20);

  private EnginePeer(Socket socket, SSLEngine engine) {
    this.socket = socket;
    this.engine = engine;
  }

  /** Connects; nothing is said yet. */
  static EnginePeer connect(InetSocketAddress address, String protocol) throws Exception {
    return connect(address, protocol, "localhost");
  }

  /** As {@link #connect(InetSocketAddress, String)}, to a server that has to be this one. */
  static EnginePeer connect(InetSocketAddress address, String protocol, String host)
      throws Exception {
    SSLEngine engine = Certificates.trusting().createSSLEngine(host, address.getPort());
    engine.setUseClientMode(true);
    engine.setEnabledProtocols(new String[] {protocol});
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setServerNames(List.of(new SNIHostName(host)));
    engine.setSSLParameters(parameters);
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(TlsWorld.LIMIT_MILLIS);
    socket.setTcpNoDelay(true);
    return new EnginePeer(socket, engine);
  }

  SSLEngine engine() {
    return engine;
  }

  Socket socket() {
    return socket;
  }

  EnginePeer handshake() throws IOException {
    engine.beginHandshake();
    while (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) step();
    return this;
  }

  /** Does what the handshake needs next. */
  void step() throws IOException {
    switch (engine.getHandshakeStatus()) {
      case NEED_TASK -> engine.getDelegatedTask().run();
      case NEED_WRAP -> write(wrap(NOTHING));
      default -> unwrap();
    }
  }

  /** Sends pieces, which {@link #record} and {@link #goodbye} made or are plain, at once. */
  void write(byte[]... pieces) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] piece : pieces) all.write(piece);
    socket.getOutputStream().write(all.toByteArray());
  }

  /** Data as records, not sent. */
  byte[] record(byte[] data) throws IOException {
    ByteBuffer source = ByteBuffer.wrap(data);
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    do records.write(wrap(source));
    while (source.hasRemaining());
    return records.toByteArray();
  }

  /** Our close_notify, not sent. */
  byte[] goodbye() throws IOException {
    engine.closeOutbound();
    return wrap(NOTHING);
  }

  private byte[] wrap(ByteBuffer source) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(source, target);
    byte[] record = new byte[target.flip().remaining()];
    target.get(record);
    return record;
  }

  /** Reads bytes of TLS's stream. */
  byte[] read(int byteCount) throws IOException {
    while (clear.position() < byteCount) {
      if (unwrap() == Status.CLOSED) throw new EOFException("close_notify after " + clear);
    }
    byte[] bytes = new byte[byteCount];
    clear.flip().get(bytes);
    clear.compact();
    return bytes;
  }

  /** Reads up to the peer's close_notify, which has to be next. */
  void readGoodbye() throws IOException {
    while (unwrap() != Status.CLOSED) {
      if (clear.position() > 0) throw new IOException("data before close_notify: " + clear);
    }
  }

  private Status unwrap() throws IOException {
    for (; ; ) {
      SSLEngineResult result = engine.unwrap(wire, clear);
      if (result.getStatus() == Status.CLOSED) return Status.CLOSED;
      for (Runnable task; (task = engine.getDelegatedTask()) != null; ) task.run();
      if (result.getStatus() != Status.BUFFER_UNDERFLOW) return result.getStatus();
      wire.compact();
      int byteCount = socket.getInputStream().read(wire.array(), wire.position(), wire.remaining());
      if (byteCount < 0) throw new EOFException("the end, and no close_notify");
      wire.position(wire.position() + byteCount).flip();
    }
  }

  /** Reads plain bytes, behind the peer's close_notify. */
  byte[] readPlain(int byteCount) throws IOException {
    byte[] bytes = new byte[byteCount];
    int held = Math.min(byteCount, wire.remaining());
    wire.get(bytes, 0, held);
    int more = socket.getInputStream().readNBytes(bytes, held, byteCount - held);
    if (held + more < byteCount) throw new EOFException("after " + (held + more) + " bytes");
    return bytes;
  }

  /** Whether anything has come that was not looked at. */
  boolean hasPlain() throws IOException {
    return wire.hasRemaining() || socket.getInputStream().available() > 0;
  }

  /** Resets the connection. */
  void reset() throws IOException {
    socket.setOption(StandardSocketOptions.SO_LINGER, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
