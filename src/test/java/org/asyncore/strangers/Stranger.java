package org.asyncore.strangers;

import io.netty.handler.ssl.JdkSslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocket;

/** Does harm to one service after the other, as far as a peer can, for a time. */
final class Stranger implements Callable<Integer> {
  private static final int READ_MILLIS = 300;
  private static final long FLOOD_NANOS = 200_000_000;
  private static final int FLOOD_BYTES = 4 << 20;
  private static final int CROWD = 20;
  private static final int MOST_JUNK = 5_000;
  private static final byte[] HALF_HELLO = {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3, 7, 7};
  private static final byte[] HUGE_HELLO = {0x16, 3, 1, 0x3f, (byte) 0xff, 1, (byte) 0xff, -1, -1};

  private static final List<Service> SERVICES = List.of(Service.values());
  private static final List<Deed> DEEDS = List.of(Deed.values());

  enum Deed {
    COME_AND_GO,
    RESET_AT_ONCE,
    CROWD_AND_GO,
    JUNK,
    JUNK_AND_RESET,
    HALF_A_HELLO,
    HUGE_HELLO,
    TEXT_BEFORE_TLS,
    SILENCE,
    FLOOD_WITHOUT_READING,
    HALF_CLOSE_AND_READ_LITTLE,
    CUT_OFF_TLS,
    FLOOD_BEHIND_CLOSE_NOTIFY
  }

  private final House house;
  private final JdkSslContext tls;
  private final Random random;
  private final long endNanos;

  Stranger(House house, JdkSslContext tls, long seed, long endNanos) {
    this.house = house;
    this.tls = tls;
    random = new Random(seed);
    this.endNanos = endNanos;
  }

  /** How many deeds it did. */
  @Override
  public Integer call() {
    int done = 0;
    int refused = 0;
    while (System.nanoTime() - endNanos < 0) {
      Service service = SERVICES.get(random.nextInt(SERVICES.size()));
      Deed deed = DEEDS.get(random.nextInt(DEEDS.size()));
      try (SocketChannel channel = SocketChannel.open(house.door(service))) {
        act(deed, channel, house.door(service));
        done++;
      } catch (IOException ended) {
        refused++; // The server would not have it: that is its right.
      }
    }
    return done + refused;
  }

  private void act(Deed deed, SocketChannel channel, InetSocketAddress door) throws IOException {
    switch (deed) {
      case COME_AND_GO -> {
        // It closes.
      }
      case RESET_AT_ONCE -> reset(channel);
      case CROWD_AND_GO -> crowd(door);
      case JUNK -> channel.write(junk());
      case JUNK_AND_RESET -> {
        channel.write(junk());
        reset(channel);
      }
      case HALF_A_HELLO -> channel.write(ByteBuffer.wrap(HALF_HELLO));
      case HUGE_HELLO -> {
        channel.write(ByteBuffer.wrap(HUGE_HELLO));
        flood(channel, 1 << 16);
      }
      case TEXT_BEFORE_TLS -> {
        channel.write(ByteBuffer.wrap("EHLO me\r\n".getBytes(StandardCharsets.US_ASCII)));
        secure(channel.socket());
      }
      case SILENCE -> read(channel);
      case FLOOD_WITHOUT_READING -> {
        flood(channel, FLOOD_BYTES);
        if (random.nextBoolean()) reset(channel);
      }
      case HALF_CLOSE_AND_READ_LITTLE -> {
        flood(channel, FLOOD_BYTES);
        channel.shutdownOutput();
        read(channel);
      }
      case CUT_OFF_TLS -> secure(channel.socket()).getOutputStream().write(junk().array());
      case FLOOD_BEHIND_CLOSE_NOTIFY -> {
        secure(channel.socket()).shutdownOutput();
        flood(channel, FLOOD_BYTES);
      }
    }
  }

  private ByteBuffer junk() {
    byte[] bytes = new byte[1 + random.nextInt(MOST_JUNK)];
    random.nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  private static void reset(SocketChannel channel) throws IOException {
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
  }

  private static void crowd(InetSocketAddress door) throws IOException {
    List<SocketChannel> crowd = new ArrayList<>();
    try {
      for (int i = 0; i < CROWD; i++) crowd.add(SocketChannel.open(door));
    } finally {
      for (SocketChannel each : crowd) each.close();
    }
  }

  /** Sends as much as the server takes within a moment. */
  private void flood(SocketChannel channel, int byteCount) throws IOException {
    channel.configureBlocking(false);
    long start = System.nanoTime();
    for (int sent = 0; sent < byteCount && System.nanoTime() - start < FLOOD_NANOS; ) {
      int taken = channel.write(junk());
      sent += taken;
      if (taken == 0) LockSupport.parkNanos(FLOOD_NANOS / 100);
    }
  }

  /** For a moment, or to the end. */
  private static void read(SocketChannel channel) throws IOException {
    channel.configureBlocking(true);
    Socket socket = channel.socket();
    socket.setSoTimeout(READ_MILLIS);
    if (socket.getInputStream().read() < 0) return;
    socket.getInputStream().readNBytes(MOST_JUNK);
  }

  private SSLSocket secure(Socket plain) throws IOException {
    plain.setSoTimeout(READ_MILLIS);
    SSLSocket socket =
        (SSLSocket) tls.context().getSocketFactory().createSocket(plain, "localhost", 1, false);
    socket.startHandshake();
    return socket;
  }
}
