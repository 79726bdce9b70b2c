package org.asyncore.limits;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;

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

  private static final class Silent extends Dispatcher {
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
    SocketMap map = new SocketMap(args[0]);
    FewDescriptors listener = new FewDescriptors(map);
    if (args[1].equals("limits")) AcceptLimits.of(listener);
    Thread loop = Thread.currentThread();
    Thread orders = new Thread(() -> obey(loop), "orders");
    orders.setDaemon(true);
    orders.start();
    print("port " + ((InetSocketAddress) listener.socket().getsockname()).getPort());
    int passes = 0;
    try {
      for (; ; passes++) Asyncore.loop(30, args[2].equals("poll"), map, 1);
    } catch (InterruptedException ended) {
      print("passes " + passes);
    }
  }
}
