package org.asyncore.examples.cookbook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.asynchat.IncomingLimitException;
import org.asyncore.asynchat.Producer;
import org.asyncore.limits.AcceptLimits;
import org.asyncore.limits.Timeouts;
import org.asyncore.transport.AsyncSocket;

/**
 * Files over HTTP/1.1: GET and HEAD, and PUT for small ones. Connections stay open, requests may
 * come one behind the other, and what a client may cost has a bound. Disks are read in the loop.
 */
public final class HttpFileServer extends Dispatcher {
  private static final int LONGEST_HEAD = 8 << 10;
  private static final int LONGEST_BODY = 1 << 20;
  private static final int MOST_CONNECTIONS = 1000;
  private static final int MOST_ANSWERS = 64;
  private static final int PIECE = 32 << 10;
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);
  private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};

  private final Path root;

  public HttpFileServer(String host, int port, Path root, SocketMap map) throws IOException {
    super(map);
    this.root = root.toRealPath();
    createSocket();
    setReuseAddr();
    bind(host, port);
    listen(128);
    AcceptLimits.of(this).maxConnections(MOST_CONNECTIONS);
  }

  @Override
  public void handleAccepted(AsyncSocket socket, SocketAddress address) {
    new Client(socket, map());
  }

  /** A head of a request: its first line, and its fields in small letters. */
  private record Head(String method, String target, String version, Map<String, String> fields) {
    /** Null for what is none. */
    static Head parse(String text) {
      String[] lines = text.split("\r\n", -1);
      String[] words = lines[0].split(" ", -1);
      if (words.length != 3 || !words[2].matches("HTTP/1\\.[01]")) return null;
      Map<String, String> fields = new HashMap<>();
      for (int i = 1; i < lines.length; i++) {
        int colon = lines[i].indexOf(':');
        if (colon <= 0 || lines[i].charAt(colon - 1) <= ' ') return null;
        String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
        if (fields.put(name, lines[i].substring(colon + 1).strip()) != null) return null;
      }
      return new Head(words[0], words[1], words[2], fields);
    }

    String field(String name) {
      return fields.getOrDefault(name, "");
    }

    boolean staysOpen() {
      String wish = field("connection").toLowerCase(Locale.ROOT);
      return version.equals("HTTP/1.1") ? !wish.equals("close") : wish.equals("keep-alive");
    }
  }

  private final class Client extends AsyncChat {
    /** Whose body comes in; null while a head does. */
    private Head uploading;

    /** The file that is being sent. */
    private InputStream open;

    /** It has been told the end: what else comes is dropped. */
    private boolean isLeaving;

    private boolean inputEnded;

    Client(AsyncSocket socket, SocketMap map) {
      super(socket, map);
      Timeouts.of(this).idle(LONGEST_SILENCE, late -> close());
      awaitHead();
    }

    private void awaitHead() {
      uploading = null;
      maxIncoming(LONGEST_HEAD);
      setTerminator(END_OF_HEAD);
    }

    /**
     * A client that asks on and does not read its answers is not read either, while it is there.
     */
    @Override
    public boolean readable() {
      boolean hasFew = producerFifo().size() < MOST_ANSWERS || !connected();
      return !inputEnded && (isLeaving || hasFew);
    }

    @Override
    public void collectIncomingData(byte[] data) {
      if (!isLeaving) appendIncomingData(data);
    }

    @Override
    public void foundTerminator() {
      byte[] message = takeIncomingData();
      if (isLeaving) return;
      if (uploading == null) headCame(Head.parse(new String(message, ISO_8859_1)));
      else bodyCame(message);
    }

    private void headCame(Head head) {
      if (head == null) {
        refuse("400 Bad Request");
      } else if (head.fields.containsKey("transfer-encoding")) {
        refuse("411 Length Required");
      } else if (!head.field("content-length").matches("\\d{0,9}")) {
        refuse("413 Content Too Large");
      } else if (!head.field("content-length").matches("0*")) {
        bodyComes(head, Integer.parseInt(head.field("content-length")));
      } else {
        answer(head, new byte[0]);
      }
    }

    private void bodyComes(Head head, int length) {
      String expected = head.field("expect").toLowerCase(Locale.ROOT);
      if (length > LONGEST_BODY) {
        refuse("413 Content Too Large");
        return;
      }
      if (!expected.isEmpty() && !expected.equals("100-continue")) {
        refuse("417 Expectation Failed");
        return;
      }
      if (!expected.isEmpty()) push("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
      uploading = head;
      maxIncoming(LONGEST_BODY);
      setTerminator(length);
    }

    private void bodyCame(byte[] body) {
      Head head = uploading;
      awaitHead();
      answer(head, body);
    }

    private void answer(Head head, byte[] body) {
      Path path = pathOf(head.target);
      switch (head.method) {
        case "GET", "HEAD" -> pushWithProducer(new Answer(path, head));
        case "PUT" -> say(path == null ? "400 Bad Request" : put(path, body), head);
        default -> say("405 Method Not Allowed", head);
      }
      if (!head.staysOpen()) leave();
    }

    /** Below the root, whatever dots, links and percent signs say; null for nowhere. */
    private Path pathOf(String target) {
      try {
        String asked = target.replaceFirst("\\?.*", "").replaceFirst("^/+", "");
        String decoded = URLDecoder.decode(asked.replace("+", "%2B"), StandardCharsets.UTF_8);
        Path path = root.resolve(decoded);
        Path real = path.getParent().toRealPath().resolve(path.getFileName());
        if (Files.exists(real)) real = real.toRealPath();
        return real.startsWith(root) ? real : null;
      } catch (IllegalArgumentException | IOException nowhere) {
        return null;
      }
    }

    private String put(Path path, byte[] body) {
      try {
        Files.write(path, body);
        return "201 Created";
      } catch (IOException failed) {
        return "403 Forbidden";
      }
    }

    private void say(String status, Head head) {
      String body = head.method.equals("HEAD") ? "" : status + "\n";
      push(headOf(status, status.length() + 1L, head.staysOpen()) + body, ISO_8859_1);
    }

    /** What is wrong, and the end: nobody knows where the next request would begin. */
    private void refuse(String status) {
      push(headOf(status, 0, false), ISO_8859_1);
      leave();
    }

    /**
     * The end of our stream behind the answers, and then the client's: closing with unread bytes
     * would reset, and could take the last answer from it.
     */
    private void leave() {
      isLeaving = true;
      Farewell.stopParsing(this);
      Farewell.endWhenSent(this);
    }

    /** The client says no more: what it has asked for it gets, if it is there still. */
    @Override
    public void handleClose() {
      if (isLeaving || !hasQueued() || !connected()) {
        close();
        return;
      }
      isLeaving = true;
      inputEnded = true;
      closeWhenDone();
    }

    @Override
    public void handleError(Throwable thrown) {
      if (thrown instanceof IncomingLimitException && !isLeaving) {
        refuse("431 Request Header Fields Too Large");
      } else {
        super.handleError(thrown); // Which closes.
      }
    }

    @Override
    public void close() {
      super.close();
      closeFile();
    }

    private void closeFile() {
      InputStream file = open;
      open = null;
      try {
        if (file != null) file.close();
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }

    /** Opens its file in its turn: of all that a client has asked for one is open at a time. */
    private final class Answer implements Producer {
      private final Path path;
      private final Head head;
      private boolean begun;
      private long left;

      Answer(Path path, Head head) {
        this.path = path;
        this.head = head;
      }

      @Override
      public byte[] more() {
        try {
          if (!begun) return begin();
          int count = (int) Math.min(left, PIECE);
          byte[] piece = count == 0 ? new byte[0] : open.readNBytes(count);
          left -= piece.length;
          if (piece.length < count) throw new IOException("it has become shorter: " + path);
          if (left == 0) closeFile();
          return piece;
        } catch (IOException failed) {
          throw new UncheckedIOException(failed); // The length was said: only the end can tell.
        }
      }

      private byte[] begin() throws IOException {
        begun = true;
        if (path == null || !Files.isRegularFile(path)) {
          String body = head.method.equals("HEAD") ? "" : "not here\n";
          return (headOf("404 Not Found", 9, head.staysOpen()) + body).getBytes(ISO_8859_1);
        }
        long size = Files.size(path);
        if (head.method.equals("GET") && size > 0) {
          open = Files.newInputStream(path);
          left = size;
        }
        return headOf("200 OK", size, head.staysOpen()).getBytes(ISO_8859_1);
      }
    }
  }

  private static String headOf(String status, long length, boolean staysOpen) {
    String connection = staysOpen ? "keep-alive" : "close";
    return "HTTP/1.1 "
        + status
        + "\r\nContent-Length: "
        + length
        + "\r\nConnection: "
        + connection
        + "\r\n\r\n";
  }
}
