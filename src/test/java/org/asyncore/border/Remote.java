package org.asyncore.border;

import io.netty.handler.ssl.JdkSslContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLSocket;
import org.asyncore.fixture.Other;
import org.asyncore.migrate.Certificates;

/**
 * The other end of a guest's connection: a socket of the JDK's, with TLS if it is told so. A thread
 * of its own reads all that comes; the test asks what came while it runs passes.
 */
final class Remote implements AutoCloseable {
  private final Socket plain;

  /** The plain one, or TLS over it; null until the handshake is done. */
  private volatile Socket socket;

  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private String end;
  private boolean reads = true;

  private Remote(Socket plain) {
    this.plain = plain;
  }

  /** Connects, in plain text; nothing is read before {@link #start}. */
  static Remote to(SocketAddress address) {
    return to(address, 0);
  }

  /**
   * As {@link #to(SocketAddress)}.
   *
   * @param receiveBuffer how many bytes the system keeps for it; 0 for as many as it likes
   */
  static Remote to(SocketAddress address, int receiveBuffer) {
    try {
      SocketChannel channel = SocketChannel.open();
      if (receiveBuffer > 0) channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      int port = ((InetSocketAddress) address).getPort();
      channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return new Remote(channel.socket());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Begins to read, after a handshake if it speaks TLS. */
  Remote start(boolean isTls) {
    Other.thread(
        "remote",
        () -> {
          if (isTls) shakeHands();
          else socket = plain;
          readAll();
          return null;
        });
    return this;
  }

  private void shakeHands() {
    try {
      JdkSslContext context = (JdkSslContext) Certificates.client().build();
      SSLSocket tls =
          (SSLSocket)
              context.context().getSocketFactory().createSocket(plain, "localhost", 443, true);
      tls.startHandshake();
      socket = tls;
    } catch (IOException e) {
      ended("no handshake: " + e);
    }
  }

  private void readAll() {
    byte[] piece = new byte[65_536];
    try {
      while (socket != null) {
        awaitReads();
        int byteCount = socket.getInputStream().read(piece);
        if (byteCount < 0) {
          ended("closed");
          if (socket != plain) socket.shutdownOutput(); // Whoever closes TLS waits for the answer.
          return;
        }
        synchronized (received) {
          received.write(piece, 0, byteCount);
          received.notifyAll();
        }
      }
    } catch (IOException e) {
      ended("reset");
    }
  }

  private void awaitReads() {
    synchronized (received) {
      while (!reads) {
        try {
          received.wait();
        } catch (InterruptedException e) {
          throw new AssertionError("nobody interrupts a remote", e);
        }
      }
    }
  }

  /** Waits for so many bytes, while nothing else runs; two seconds at most. */
  void awaitBytes(int byteCount) {
    await(() -> received.size() >= byteCount, byteCount + " bytes");
  }

  /** Waits for the connection's end, while nothing else runs; two seconds at most. */
  String awaitEnd() {
    await(() -> end != null, "the end");
    return end();
  }

  private void await(BooleanSupplier condition, String what) {
    long limit = System.nanoTime() + 2_000_000_000L;
    synchronized (received) {
      while (!condition.getAsBoolean()) {
        long millis = (limit - System.nanoTime()) / 1_000_000;
        if (millis <= 0)
          throw new AssertionError("not in 2 s: " + what + "; came: " + received.size() + " bytes");
        try {
          received.wait(millis);
        } catch (InterruptedException e) {
          throw new AssertionError("interrupted after " + received.size() + " bytes", e);
        }
      }
    }
  }

  private void ended(String how) {
    synchronized (received) {
      if (end == null) end = how;
      received.notifyAll();
    }
  }

  /** Whether it can talk. */
  boolean isReady() {
    return socket != null || end() != null;
  }

  /** Sends what the system has room for at once, or waits. */
  Remote send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends bytes below TLS. */
  Remote sendPlain(byte[] bytes) {
    try {
      plain.getOutputStream().write(bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends again and again until its connection breaks; on a thread of its own. */
  Other<Long> flood(long limit) {
    return Other.thread(
        "flood",
        () -> {
          byte[] piece = new byte[65_536];
          long sent = 0;
          try {
            for (; sent < limit; sent += piece.length) plain.getOutputStream().write(piece);
          } catch (IOException broken) {
            return sent; // The other side has had enough.
          }
          return sent;
        });
  }

  /** Whether it reads what comes, from its next read on. */
  Remote reads(boolean reads) {
    synchronized (received) {
      this.reads = reads;
      received.notifyAll();
      return this;
    }
  }

  byte[] received() {
    synchronized (received) {
      return received.toByteArray();
    }
  }

  int receivedCount() {
    synchronized (received) {
      return received.size();
    }
  }

  /** {@code closed}, {@code reset} or what went wrong with the handshake; null while it is up. */
  String end() {
    synchronized (received) {
      return end;
    }
  }

  /** Ends its stream, in the way of what it speaks, and reads on. */
  void endOutput() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  SocketAddress address() {
    return plain.getLocalSocketAddress();
  }

  /** Breaks the connection. */
  void reset() {
    try {
      plain.setOption(StandardSocketOptions.SO_LINGER, 0);
      plain.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    reads(true);
    try {
      plain.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return receivedCount() + " bytes came, " + (end() == null ? "open" : end());
  }
}
