package org.asyncore.examples.cookbook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.asynchat.IncomingLimitException;
import org.asyncore.transport.AsyncSocket;

/**
 * Answers a number by so many lines. Worker threads make the answers, one request of a client after
 * another, as waitress does; the loop reads and sends.
 */
public final class WorkerServer extends Dispatcher {
  static final int LINE_LIMIT = 1024;
  private static final int LOW = 16 << 10;
  private static final int HIGH = 64 << 10;

  private final Executor workers;

  public WorkerServer(String host, int port, Executor workers, SocketMap map) {
    super(map);
    this.workers = workers;
    createSocket();
    setReuseAddr();
    bind(host, port);
    listen(128);
  }

  @Override
  public void handleAccepted(AsyncSocket socket, SocketAddress address) {
    new Client(socket, map(), workers);
  }

  /** One client: everything but {@link #serve} runs on the loop. */
  static final class Client extends AsyncChat {
    private final Executor workers;
    private final WorkerOutput output =
        new WorkerOutput(HIGH, () -> map().execute(this::sendMore)); // The trigger.
    private final Queue<String> requests = new ArrayDeque<>();
    private boolean working;

    /** A line was too long: what else comes is dropped. */
    private boolean isLeaving;

    Client(AsyncSocket socket, SocketMap map, Executor workers) {
      super(socket, map);
      this.workers = workers;
      setTerminator(new byte[] {'\n'});
      maxIncoming(LINE_LIMIT);
      waterMarks(LOW, HIGH);
    }

    @Override
    public void collectIncomingData(byte[] data) {
      if (!isLeaving) appendIncomingData(data);
    }

    @Override
    public void foundTerminator() {
      requests.add(new String(takeIncomingData(), US_ASCII).strip());
      workNext();
    }

    /** One request at a time, so that answers come in the order of the requests. */
    private void workNext() {
      if (working) return;
      if (requests.isEmpty()) {
        if (isLeaving) leave();
        return;
      }
      working = true;
      String request = requests.remove();
      workers.execute(() -> serve(request));
    }

    /** On a worker's thread, which may block. */
    private void serve(String request) {
      try {
        int lines = Integer.parseInt(request);
        for (int line = 1; line <= lines; line++) write("line " + line + " of " + lines);
      } catch (NumberFormatException wrong) {
        writeOrLeave("error: not a number");
      } catch (ClosedChannelException gone) {
        return; // Whoever asked does not wait for the answer any more.
      } catch (InterruptedException ending) {
        Thread.currentThread().interrupt();
        return;
      }
      map().execute(this::done);
    }

    private void write(String line) throws ClosedChannelException, InterruptedException {
      output.write((line + "\n").getBytes(US_ASCII));
    }

    private void writeOrLeave(String line) {
      try {
        write(line);
      } catch (ClosedChannelException gone) {
        // As in serve.
      } catch (InterruptedException ending) {
        Thread.currentThread().interrupt();
      }
    }

    private void done() {
      working = false;
      if (connected()) workNext();
    }

    private void sendMore() {
      if (!connected()) return;
      for (byte[] piece; queuedBytes() <= HIGH && (piece = output.take()) != null; ) push(piece);
    }

    @Override
    public void handleLowWater() {
      sendMore();
    }

    /** Who sends requests faster than they are answered waits, unless he is gone already. */
    @Override
    public boolean readable() {
      return isLeaving || requests.size() < 8 || !connected();
    }

    @Override
    public void handleError(Throwable thrown) {
      if (!(thrown instanceof IncomingLimitException)) {
        super.handleError(thrown);
        return;
      }
      isLeaving = true;
      Farewell.stopParsing(this);
      workNext();
    }

    /** Behind all answers; our end first, as a reset for what is unread could take them back. */
    private void leave() {
      for (byte[] piece; (piece = output.take()) != null; ) push(piece);
      push("error: line too long\n".getBytes(US_ASCII));
      Farewell.endWhenSent(this);
    }

    @Override
    public void close() {
      super.close();
      if (output != null) output.close(); // Not there yet while the constructor runs.
    }
  }
}
