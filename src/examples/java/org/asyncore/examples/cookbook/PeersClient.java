package org.asyncore.examples.cookbook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.asyncore.LoopThread;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;

/**
 * A client library: any thread talks to many peers, a loop of its own does the talking. Safe from
 * any thread, but for the futures' stages: those run on the loop, and must not block.
 */
public final class PeersClient implements AutoCloseable {
  private final LoopThread loop;

  public PeersClient(String name, SocketMap map) {
    loop = new LoopThread(name, map).daemon(true).start();
  }

  public Peer connect(InetSocketAddress address) {
    Peer peer = new Peer(loop.map());
    loop.execute(() -> peer.open(address));
    return peer;
  }

  /** Ends the loop; peers that are still there are closed, and what they owe fails. */
  @Override
  public void close() {
    loop.stop(Duration.ofSeconds(1));
    loop.close();
  }

  /** One peer, which answers each line with a line. */
  public static final class Peer {
    private final Link link;

    private Peer(SocketMap map) {
      link = new Link(map);
    }

    private void open(InetSocketAddress address) {
      try {
        link.createSocket();
        link.connect(address);
      } catch (RuntimeException refused) {
        link.handleError(refused);
      }
    }

    /** Python's {@code with lock: self.send(line)}; the answer is the future's. */
    public CompletableFuture<String> ask(String line) {
      CompletableFuture<String> answer = new CompletableFuture<>();
      link.map().execute(() -> link.ask(line, answer));
      return answer;
    }

    /** Closes the connection; what it owes fails. */
    public void disconnect() {
      link.map().execute(link::close);
    }
  }

  /** The connection: only ever touched by the loop. */
  private static final class Link extends AsyncChat {
    private final Queue<CompletableFuture<String>> owed = new ArrayDeque<>();
    private boolean over;

    Link(SocketMap map) {
      super(map);
      setTerminator(new byte[] {'\n'});
      maxIncoming(64 << 10);
      maxOutgoing(1 << 20);
    }

    void ask(String line, CompletableFuture<String> answer) {
      if (over) {
        answer.completeExceptionally(new IOException("not connected"));
        return;
      }
      owed.add(answer);
      push((line + "\n").getBytes(US_ASCII));
    }

    @Override
    public void handleConnect() {
      // What was asked meanwhile is in the queue.
    }

    @Override
    public void collectIncomingData(byte[] data) {
      appendIncomingData(data);
    }

    @Override
    public void foundTerminator() {
      String line = new String(takeIncomingData(), US_ASCII);
      CompletableFuture<String> answer = owed.poll();
      if (answer == null) close(); // Nobody has asked.
      else answer.complete(line);
    }

    @Override
    public void handleStop() {
      if (owed.isEmpty()) close();
    }

    @Override
    public void handleError(Throwable thrown) {
      close(thrown);
    }

    @Override
    public void close() {
      close(new IOException("the connection is closed"));
    }

    private void close(Throwable reason) {
      over = true;
      super.close();
      for (CompletableFuture<String> each; (each = owed.poll()) != null; ) {
        each.completeExceptionally(reason);
      }
    }
  }
}
