package org.asyncore.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.asyncore.LoopGroup;
import org.asyncore.ScheduledCall;
import org.asyncore.SocketMap;
import org.asyncore.StopAtExit;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.transport.AsyncSocket;

/**
 * Sends lines back, on two loops. On SIGTERM it takes nobody any more, lets lines that have begun
 * come to their end, and ends.
 */
final class LineServer {
  private static final int LOOPS = 2;
  private static final int BACKLOG = 128;

  /** One connection. Who is silent for too long is hung up on. */
  static final class LineEcho extends AsyncChat {
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(5);

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private ScheduledCall hangUp;
    private boolean stopping;

    LineEcho(AsyncSocket socket, SocketMap map) {
      super(socket, map);
      setTerminator(new byte[] {'\n'});
      hangUp = callLater(LONGEST_SILENCE, this::close);
    }

    @Override
    public void collectIncomingData(byte[] data) {
      line.writeBytes(data);
      hangUp.cancel();
      hangUp = callLater(LONGEST_SILENCE, this::close);
    }

    @Override
    public void foundTerminator() {
      push((line.toString(US_ASCII) + "\n").getBytes(US_ASCII));
      line.reset();
      if (stopping) closeWhenDone();
    }

    @Override
    public void handleStop() {
      stopping = true;
      if (line.size() == 0) closeWhenDone();
    }

    @Override
    public void handleClose() {
      close();
    }
  }

  private LineServer() {}

  /**
   * Serves until the process is told to end.
   *
   * @param drain how long lines may take from then on
   */
  static void serve(String host, int port, Duration drain) throws InterruptedException {
    LoopGroup loops = new LoopGroup("lines", LOOPS);
    loops.listen(new InetSocketAddress(host, port), BACKLOG, LineEcho::new);
    StopAtExit.of(loops, drain); // On SIGTERM, Ctrl-C or System.exit.
    loops.start();
    System.out.println("listening on " + Main.text(loops.listeners().get(0).socket()));
    loops.join(Duration.ofDays(36_500));
  }
}
