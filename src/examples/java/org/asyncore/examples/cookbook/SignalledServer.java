package org.asyncore.examples.cookbook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.asyncore.Dispatcher;
import org.asyncore.LoopThread;
import org.asyncore.SocketMap;
import org.asyncore.StopAtExit;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.transport.AsyncSocket;

/**
 * Greets whoever comes, and waits until they leave. HUP reads the greeting anew, USR1 says how many
 * are there, TERM ends it gently.
 */
public final class SignalledServer extends Dispatcher {
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private final Path file;
  private byte[] greeting = {};
  private int guests;

  SignalledServer(int port, Path file, SocketMap map) {
    super(map);
    this.file = file;
    readGreeting();
    createSocket();
    bind("127.0.0.1", port);
    listen(128);
  }

  private void readGreeting() {
    try {
      greeting = Files.readAllBytes(file);
    } catch (IOException failed) {
      System.out.println("kept the old greeting: " + failed);
    }
  }

  @Override
  public void handleAccepted(AsyncSocket socket, SocketAddress address) {
    new Guest(socket).push(greeting);
    guests++;
  }

  private final class Guest extends AsyncChat {
    Guest(AsyncSocket socket) {
      super(socket, SignalledServer.this.map());
      setTerminator(null);
    }

    @Override
    public void collectIncomingData(byte[] data) {
      // Guests are only looked at.
    }

    /** The process is about to end. */
    @Override
    public void handleStop() {
      push("bye\n".getBytes(UTF_8));
      closeWhenDone();
    }

    @Override
    public void close() {
      if (fileno() >= 0) guests--;
      super.close();
    }
  }

  public static void main(String[] args) {
    LoopThread loop = new LoopThread("server");
    SignalledServer server = new SignalledServer(0, Path.of(args[0]), loop.map());
    Signals.handle("HUP", loop, server::readGreeting);
    Signals.handle("USR1", loop, () -> System.out.println("guests: " + server.guests));
    StopAtExit.of(loop, DRAIN);
    System.out.println("port " + ((InetSocketAddress) server.socket().getsockname()).getPort());
    loop.start();
  }
}
