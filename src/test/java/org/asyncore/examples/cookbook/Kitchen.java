package org.asyncore.examples.cookbook;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.asyncore.Dispatcher;
import org.asyncore.LoopThread;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Wiring;

/** A loop with a recipe on it, for the length of a test; every wait is bounded. */
final class Kitchen implements AutoCloseable {
  private static final int SECONDS = 20;

  private final SocketMap map;
  private final LoopThread loop;

  Kitchen(Wiring wiring) {
    wiring.assumeAvailable();
    map = new SocketMap(wiring.transport());
    loop = new LoopThread("cookbook", map).usePoll(wiring.usePoll()).start();
  }

  SocketMap map() {
    return map;
  }

  /** What this gives on the loop. */
  <T> T on(Function<SocketMap, T> make) {
    return within(CompletableFuture.supplyAsync(() -> make.apply(map), map));
  }

  static <T> T within(CompletableFuture<T> answer) {
    try {
      return answer.get(SECONDS, TimeUnit.SECONDS);
    } catch (Exception late) {
      throw new AssertionError("no answer within " + SECONDS + " s", late);
    }
  }

  static void await(CountDownLatch latch) {
    try {
      if (!latch.await(SECONDS, TimeUnit.SECONDS)) throw new AssertionError("a latch stays shut");
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** The address of a recipe's listener. */
  InetSocketAddress serve(Function<SocketMap, ? extends Dispatcher> server) {
    return on(map -> (InetSocketAddress) server.apply(map).socket().getsockname());
  }

  static Socket connect(InetSocketAddress address) throws IOException {
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(SECONDS * 1000);
    return socket;
  }

  static ServerSocket door() throws IOException {
    ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    door.setSoTimeout(SECONDS * 1000);
    return door;
  }

  static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
  }

  static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
  }

  /** Goes away without a word, if it is there. */
  static void reset(Socket socket) throws IOException {
    if (!socket.isClosed()) socket.setSoLinger(true, 0);
    socket.close();
  }

  void until(BooleanSupplier condition, String what) {
    long deadline = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
    while (!on(map -> condition.getAsBoolean())) {
      assertTrue(
          System.nanoTime() < deadline,
          () -> "waited " + SECONDS + " s until " + what + ": " + on(map -> map.values() + ""));
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Fails if an exception has left the loop. */
  @Override
  public void close() {
    loop.stop(Duration.ZERO);
    loop.close();
  }
}
