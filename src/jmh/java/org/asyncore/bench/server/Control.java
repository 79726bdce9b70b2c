package org.asyncore.bench.server;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/**
 * Speaks with whoever started the server, on a thread that sleeps while nobody asks. The process
 * ends with its standard input.
 *
 * <pre>
 * (start)      listening PORT
 * allocated    allocated BYTES    on the heap, by all threads that live, since they began
 * heap         heap BYTES         in use after a collection
 * </pre>
 */
final class Control {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  void listening(int port) {
    System.out.println("listening " + port);
    Thread thread = new Thread(Control::obey, "control");
    thread.setDaemon(true);
    thread.start();
  }

  private static void obey() {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try {
      for (String line; (line = commands.readLine()) != null; ) {
        System.out.println(line + " " + (line.equals("heap") ? heap() : allocated()));
      }
    } catch (IOException ended) {
      // As the end of its input: nobody listens any more.
    }
    System.exit(0);
  }

  private static long allocated() {
    long total = 0;
    for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
      total += Math.max(0, bytes); // -1 for a thread that has just ended.
    }
    return total;
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
