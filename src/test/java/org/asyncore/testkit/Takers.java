package org.asyncore.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.transport.Family;
import org.asyncore.transport.SocketType;

/**
 * Who take a descriptor over as soon as it is free: dispatchers of the same map, which on epoll get
 * its number; or where there is no map, sockets of the JDK's. Each has to get its own byte, and
 * nobody else's trouble.
 *
 * <p>On the thread of the loop; the strangers of the JDK's may be asked from another, after it.
 */
public final class Takers implements AutoCloseable {
  private static final int COUNT = 3;
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final SocketMap map;
  private final List<Newcomer> newcomers = new ArrayList<>();
  private final List<DatagramChannel> strangers = new ArrayList<>();

  /**
   * Nobody yet.
   *
   * @param map null if there is none
   */
  public Takers(SocketMap map) {
    this.map = map;
  }

  private static final class Newcomer extends Dispatcher {
    private int received;
    private String trouble;

    Newcomer(SocketMap map) {
      super(map);
      createSocket(Family.INET, SocketType.DGRAM);
      bind(ANY_PORT);
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleRead() {
      received += socket().recvfrom(10).data().length;
    }

    @Override
    public void handleClose() {
      trouble = "handleClose";
    }

    @Override
    public void handleError(Throwable thrown) {
      trouble = "handleError " + thrown;
    }
  }

  /** Takes what is free. */
  public synchronized void takeOver() {
    try {
      for (int i = 0; i < COUNT; i++) {
        if (map != null) newcomers.add(new Newcomer(map));
        else strangers.add(DatagramChannel.open().bind(ANY_PORT));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many of the map's dispatchers they are. */
  public synchronized int population() {
    return newcomers.size();
  }

  /** What does not hold of them; null if all does. */
  public synchronized String fault() {
    for (Newcomer each : newcomers) {
      if (each.trouble != null) return each + " was told " + each.trouble;
      if (map.get(each.fileno()) != each) return each + " has lost its number in " + map;
      if (!Numbers.isOwn(each)) return each + " has not the number of its descriptor";
    }
    return null;
  }

  /** Sends each a byte of its own. */
  public synchronized void ask() {
    try {
      for (Newcomer each : newcomers) send(each.socket().getsockname());
      for (DatagramChannel each : strangers) {
        send(each.getLocalAddress());
        each.configureBlocking(false);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void send(SocketAddress to) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.send(new DatagramPacket(new byte[1], 1, to));
    }
  }

  /** Whether each has got the byte that it was sent; more than that is an error. */
  public synchronized boolean haveAnswered() {
    for (Newcomer each : newcomers) {
      if (each.received > 1) throw new AssertionError(each + " received " + each.received);
      if (each.received == 0) return false;
    }
    try {
      // Over the loopback a datagram is there when send returns.
      while (!strangers.isEmpty()) {
        ByteBuffer target = ByteBuffer.allocate(10);
        DatagramChannel last = strangers.get(strangers.size() - 1);
        if (last.receive(target) == null) return false;
        if (target.position() != 1) throw new AssertionError(target.position() + " bytes came");
        strangers.remove(last);
        last.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return true;
  }

  @Override
  public synchronized void close() {
    for (Newcomer each : newcomers) each.close();
    newcomers.clear();
    try {
      for (DatagramChannel each : strangers) each.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    strangers.clear();
  }
}
