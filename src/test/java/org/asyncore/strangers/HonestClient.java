package org.asyncore.strangers;

import io.netty.handler.ssl.JdkSslContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocket;
import org.asyncore.faults.Pattern;

/** Talks to one service for a time, connection after connection, and checks every byte. */
final class HonestClient implements Callable<HonestClient.Served> {
  private static final int CONNECT_MILLIS = 10_000;
  private static final int READ_MILLIS = 30_000;
  private static final int MOST_BYTES = 60_000;
  private static final int MOST_ROUNDS = 40;
  private static final int MOST_PAUSE_NANOS = 100_000_000;

  /**
   * What one had.
   *
   * @param lateNanos how long the slowest echo took, in nanoseconds
   * @param slowest whose that was
   */
  record Served(long byteCount, int connections, long lateNanos, Service slowest) {
    Served and(Served other) {
      boolean isSlower = lateNanos >= other.lateNanos;
      return new Served(
          byteCount + other.byteCount,
          connections + other.connections,
          isSlower ? lateNanos : other.lateNanos,
          isSlower ? slowest : other.slowest);
    }
  }

  private final Service service;
  private final InetSocketAddress door;
  private final JdkSslContext tls;
  private final Random random;
  private final long endNanos;
  private long byteCount;
  private int connections;
  private long lateNanos;

  /**
   * @param tls for a service that wants it
   * @param endNanos until when it begins anew, by {@link System#nanoTime}
   */
  HonestClient(House house, Service service, JdkSslContext tls, long seed, long endNanos) {
    this.service = service;
    door = house.door(service);
    this.tls = tls;
    random = new Random(seed);
    this.endNanos = endNanos;
  }

  @Override
  public Served call() {
    for (; System.nanoTime() - endNanos < 0; connections++) {
      try {
        visit();
      } catch (IOException | AssertionError unserved) {
        throw new AssertionError(service + ", connection " + connections, unserved);
      }
    }
    return new Served(byteCount, connections, lateNanos, service);
  }

  private void visit() throws IOException {
    try (Socket plain = new Socket()) {
      plain.connect(door, CONNECT_MILLIS);
      plain.setSoTimeout(READ_MILLIS);
      try (Socket socket = service.isTls() ? secure(plain) : plain) {
        talk(socket);
      }
    }
  }

  private Socket secure(Socket plain) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            tls.context().getSocketFactory().createSocket(plain, "localhost", door.getPort(), true);
    socket.startHandshake();
    return socket;
  }

  private void talk(Socket socket) throws IOException {
    Pattern pattern = new Pattern(random.nextLong());
    InputStream in = socket.getInputStream();
    OutputStream out = socket.getOutputStream();
    long sent = 0;
    int rounds = 1 + random.nextInt(MOST_ROUNDS);
    for (int i = 0; i < rounds && System.nanoTime() - endNanos < 0; i++) {
      int size = 1 + random.nextInt(MOST_BYTES);
      long start = System.nanoTime();
      out.write(pattern.bytes(sent, size));
      out.flush();
      if (i == rounds - 1 && random.nextBoolean()) socket.shutdownOutput();
      expect(in, pattern, sent, size);
      lateNanos = Math.max(lateNanos, System.nanoTime() - start);
      sent += size;
      byteCount += size;
      LockSupport.parkNanos(random.nextInt(MOST_PAUSE_NANOS));
    }
    if (socket.isOutputShutdown() && in.read() >= 0) throw new AssertionError("more than was sent");
  }

  private void expect(InputStream in, Pattern pattern, long from, int size) throws IOException {
    byte[] piece = new byte[16_384];
    for (int came = 0, n; came < size; came += n) {
      n = in.read(piece, 0, Math.min(piece.length, size - came));
      if (n < 0) {
        throw new AssertionError("an end, " + (size - came) + " of " + size + " bytes before due");
      }
      int wrong = pattern.firstWrong(from + came, Arrays.copyOf(piece, n));
      if (wrong >= 0) throw new AssertionError("a wrong byte, number " + (from + came + wrong));
    }
  }
}
