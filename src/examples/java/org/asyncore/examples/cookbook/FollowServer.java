package org.asyncore.examples.cookbook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.asynchat.IncomingLimitException;
import org.asyncore.asynchat.Producer;
import org.asyncore.asynchat.Producers;
import org.asyncore.transport.AsyncSocket;

/**
 * {@code tail -f} over HTTP, as supervisor's {@code /logtail}: sends a file, and what is appended
 * to it for as long as the client stays.
 */
public final class FollowServer extends Dispatcher {
  private static final int REQUEST_LIMIT = 8 << 10;
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final Path file;
  private int following;

  public FollowServer(String host, int port, Path file, SocketMap map) {
    super(map);
    this.file = file;
    createSocket();
    setReuseAddr();
    bind(host, port);
    listen(128);
  }

  @Override
  public void handleAccepted(AsyncSocket socket, SocketAddress address) {
    new Client(socket, map());
  }

  /** How many files are open. */
  int following() {
    return following;
  }

  /** Gives what is in a file, and has nothing yet at its end. */
  private static final class Tail implements Producer {
    private final InputStream in;

    Tail(InputStream in) {
      this.in = in;
    }

    @Override
    public boolean ready() {
      try {
        return in.available() > 0;
      } catch (IOException failed) {
        return true; // more() tells.
      }
    }

    @Override
    public byte[] more() {
      try {
        return in.readNBytes(Math.min(in.available(), 1 << 14));
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }

  private final class Client extends AsyncChat {
    private InputStream open;

    /** It has been told the end: what else comes is dropped. */
    private boolean isLeaving;

    Client(AsyncSocket socket, SocketMap map) {
      super(socket, map);
      setTerminator("\r\n\r\n".getBytes(US_ASCII));
      maxIncoming(REQUEST_LIMIT);
    }

    @Override
    public void collectIncomingData(byte[] data) {
      if (!isLeaving) appendIncomingData(data);
    }

    @Override
    public void foundTerminator() {
      boolean isGet = new String(takeIncomingData(), US_ASCII).startsWith("GET ");
      if (!isGet || open != null) {
        answer("405 Method Not Allowed");
        return;
      }
      try {
        open = Files.newInputStream(file);
      } catch (NoSuchFileException missing) {
        answer("404 Not Found");
        return;
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
      following++;
      push("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(US_ASCII));
      pushWithProducer(Producers.chunked(new Tail(open)));
      callEvery(LOOK_EVERY, this::interestChanged); // Each look at the file is a pass.
    }

    /** And then the end: first ours, as a reset for what is unread could take the answer back. */
    private void answer(String status) {
      push(("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n").getBytes(US_ASCII));
      isLeaving = true;
      Farewell.stopParsing(this);
      Farewell.endWhenSent(this);
    }

    @Override
    public void handleError(Throwable thrown) {
      if (thrown instanceof IncomingLimitException) answer("431 Request Header Fields Too Large");
      else super.handleError(thrown); // Which closes.
    }

    /** The client has left, or anything else has ended this: the file is closed in any case. */
    @Override
    public void close() {
      super.close();
      if (open == null) return;
      following--;
      InputStream left = open;
      open = null;
      try {
        left.close();
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }
}
