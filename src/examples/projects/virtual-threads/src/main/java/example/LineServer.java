package example;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.asyncore.Dispatcher;
import org.asyncore.LoopThread;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.transport.AsyncSocket;

/** Answers lines: the loop has a platform thread, the work for each line a virtual one. */
public class LineServer extends Dispatcher {
  private static final ExecutorService WORK = Executors.newVirtualThreadPerTaskExecutor();

  static class Session extends AsyncChat {
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

    Session(AsyncSocket socket, SocketMap map) {
      super(socket, map);
      setTerminator(new byte[] {'\n'});
    }

    @Override
    public void collectIncomingData(byte[] data) {
      line.writeBytes(data);
    }

    /** Its answer comes after those to the lines before. */
    @Override
    public void foundTerminator() {
      byte[] asked = line.toByteArray();
      line.reset();
      last =
          last.thenApplyAsync(before -> answer(asked), WORK) // May block.
              .thenAcceptAsync(this::push, map()); // On the loop's thread again.
    }
  }

  private static byte[] answer(byte[] asked) {
    if (!Thread.currentThread().isVirtual()) throw new AssertionError("no virtual thread");
    return (new String(asked, US_ASCII) + "\n").getBytes(US_ASCII);
  }

  public LineServer(int port, SocketMap map) {
    super(map);
    createSocket();
    setReuseAddr();
    bind("127.0.0.1", port);
    listen(5);
    System.out.println("listening on " + socket().getsockname());
  }

  @Override
  public void handleAccepted(AsyncSocket socket, SocketAddress address) {
    new Session(socket, map());
  }

  public static void main(String[] args) {
    LoopThread loop = new LoopThread("lines");
    new LineServer(Integer.parseInt(args[0]), loop.map());
    loop.start();
  }
}
