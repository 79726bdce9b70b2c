package example;

import org.asyncore.Asyncore;
import org.asyncore.SocketMap;

/** How not to do it: the loop has the virtual thread, and holds its carrier. It is warned of. */
public class LoopOnVirtualThread {
  public static void main(String[] args) throws InterruptedException {
    Thread.startVirtualThread(() -> serve(Integer.parseInt(args[0]))).join();
  }

  private static void serve(int port) {
    SocketMap map = new SocketMap();
    new LineServer(port, map);
    try {
      Asyncore.loop(map);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
