package org.asyncore.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import org.asyncore.LoopThread;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;

/**
 * Sends the lines of its standard input, and prints those that come. It connects again whenever the
 * connection is lost.
 */
final class LineClient extends AsyncChat {
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final SocketAddress server;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private boolean finished;

  LineClient(SocketAddress server, SocketMap map) {
    super(map);
    this.server = server;
    setTerminator(new byte[] {'\n'});
    connectToServer();
  }

  private void connectToServer() {
    createSocket();
    connect(server);
  }

  @Override
  public void handleConnect() {
    System.out.println("connected");
  }

  @Override
  public void collectIncomingData(byte[] data) {
    line.writeBytes(data);
  }

  @Override
  public void foundTerminator() {
    System.out.println(line.toString(US_ASCII));
    line.reset();
  }

  @Override
  public void handleClose() {
    close();
    if (!finished) callLater(PAUSE, this::connectToServer);
  }

  @Override
  public void handleError(Throwable thrown) {
    System.out.println(thrown.getMessage());
    handleClose();
  }

  /** The loop's thread begins to stop: there are no more lines to send. */
  @Override
  public void handleStop() {
    finished = true;
    closeWhenDone();
  }

  static void talk(String host, int port) throws IOException {
    try (LoopThread loop = new LoopThread("client")) {
      LineClient client = new LineClient(new InetSocketAddress(host, port), loop.map());
      loop.start();
      BufferedReader input = new BufferedReader(new InputStreamReader(System.in, US_ASCII));
      for (String line; (line = input.readLine()) != null; ) {
        byte[] bytes = (line + "\n").getBytes(US_ASCII);
        loop.execute(() -> client.push(bytes));
      }
    }
  }
}
