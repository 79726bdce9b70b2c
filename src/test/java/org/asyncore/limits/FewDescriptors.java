package org.asyncore.limits;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.LoopGroup;
import org.asyncore.LoopObserver;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.OsException;

/**
 * A server that a test runs in a process with few descriptors, and tells over standard input:
 * {@code take N} takes all but N of them, {@code free} gives them back, {@code end} ends it.
 */
final class FewDescriptors extends Dispatcher {
  private static final Deque<Closeable> TAKEN = new ArrayDeque<>();

  private int accepted;

  private FewDescriptors(SocketMap map) {
    super(map);
    createSocket();
    bind("127.0.0.1", 0);
    listen(100);
  }

  @Override
  public void handleAccept() {
    print("try");
    super.handleAccept();
  }

  @Override
  public void handleAccepted(AsyncSocket socket, SocketAddress address) {
    new Silent(socket, map());
    print("accepted " + ++accepted);
  }

  @Override
  public void handleClose() {
    print("listener closed");
    close();
  }

  private static class Silent extends Dispatcher {
    Silent(AsyncSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleRead() {
      recv(100);
    }
  }

  private static void print(String line) {
    System.out.println(line);
  }

  private static void obey(Thread loop) {
    try (BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      for (String order; (order = orders.readLine()) != null && !order.equals("end"); ) {
        if (order.equals("free")) free(Integer.MAX_VALUE);
        else take(Integer.parseInt(order.substring("take ".length())));
        print(order);
      }
    } catch (IOException broken) {
      print("no more orders: " + broken);
    }
    loop.interrupt();
  }

  private static void take(int left) throws IOException {
    try {
      while (true) TAKEN.add(new FileInputStream("/dev/null"));
    } catch (IOException none) {
      free(left); // All are taken.
    }
  }

  private static void free(int count) throws IOException {
    for (int i = 0; i < count && !TAKEN.isEmpty(); i++) TAKEN.remove().close();
  }

  public static void main(String[] args) {
    boolean usePoll = args[2].equals("poll");
    if (args[1].equals("group")) group(args[0], usePoll);
    else alone(args[0], args[1].equals("limits"), usePoll);
  }

  private static void alone(String transport, boolean isLimited, boolean usePoll) {
    SocketMap map = new SocketMap(transport);
    FewDescriptors listener = new FewDescriptors(map);
    if (isLimited) AcceptLimits.of(listener);
    listen(listener.socket().getsockname());
    int passes = 0;
    try {
      for (; ; passes++) Asyncore.loop(30, usePoll, map, 1);
    } catch (InterruptedException ended) {
      print("passes " + passes);
    }
  }

  /** A group of one loop, whose listener has no limits. */
  private static void group(String transport, boolean usePoll) {
    Passes passes = new Passes();
    LoopGroup group = new LoopGroup("few", 1, () -> new SocketMap(transport));
    group.loops().get(0).usePoll(usePoll).map().observer(passes);
    listen(
        group.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100, Dealt::new));
    group.start();
    try {
      group.join(Duration.ofDays(1));
    } catch (InterruptedException ended) {
      print("passes " + passes.count);
    }
    group.stop(Duration.ZERO);
  }

  private static void listen(SocketAddress address) {
    Thread loop = Thread.currentThread();
    Thread orders = new Thread(() -> obey(loop), "orders");
    orders.setDaemon(true);
    orders.start();
    print("port " + ((InetSocketAddress) address).getPort());
  }

  private static final class Dealt extends Silent {
    private static int made;

    Dealt(AsyncSocket socket, SocketMap map) {
      super(socket, map);
      print("accepted " + ++made);
    }
  }

  private static final class Passes implements LoopObserver {
    private final AtomicInteger count = new AtomicInteger();

    @Override
    public void passStarted(SocketMap map, int depth) {
      count.incrementAndGet();
    }

    @Override
    public void acceptFailed(Dispatcher listener, OsException error) {
      print("try");
    }
  }
}
