package org.asyncore.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.SocketAddress;
import java.util.Map;
import java.util.TreeMap;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.asynchat.IncomingLimitException;
import org.asyncore.transport.AsyncSocket;

/**
 * One HTTP/1.1 connection, after the {@code http_request_handler} of asynchat's documentation: a
 * terminator of bytes ends the header, then a count ends the body. Replies with what it understood.
 */
public class HttpRequestHandler extends AsyncChat {
  private static final int MAX_HEADER = 8192;
  private static final int MAX_BODY = 1 << 20;
  private static final byte[] END_OF_HEADER = bytes("\r\n\r\n");

  private boolean readingHeader;
  private boolean keepAlive;
  private String method;
  private String target;

  HttpRequestHandler(AsyncSocket socket, SocketMap map) {
    super(socket, map);
    maxOutgoing(4 * MAX_BODY); // Of a peer that asks and asks, and reads nothing.
    awaitHeader();
  }

  private void awaitHeader() {
    readingHeader = true;
    setTerminator(END_OF_HEADER);
    maxIncoming(MAX_HEADER);
  }

  @Override
  public void collectIncomingData(byte[] data) {
    if (!closing()) appendIncomingData(data);
  }

  @Override
  public void foundTerminator() {
    if (closing()) return; // Browsers sometimes over-send.
    if (readingHeader) readHeader(new String(takeIncomingData(), ISO_8859_1));
    else handleRequest(takeIncomingData());
  }

  private void readHeader(String header) {
    String[] lines = header.stripLeading().split("\r\n", -1);
    String[] request = lines[0].split(" ", -1);
    if (request.length != 3 || !request[2].matches("HTTP/1\\.[01]")) {
      refuse("400 Bad Request");
      return;
    }
    Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      String name = lines[i].substring(0, Math.max(0, colon));
      String value = lines[i].substring(colon + 1).strip();
      boolean isRepeated =
          fields.put(name, value) != null && name.equalsIgnoreCase("Content-Length");
      if (name.isEmpty() || !name.equals(name.strip()) || isRepeated) {
        refuse("400 Bad Request");
        return;
      }
    }
    method = request[0];
    target = request[1];
    String connection = fields.getOrDefault("Connection", "");
    keepAlive = request[2].equals("HTTP/1.1") && !connection.equalsIgnoreCase("close");
    readBody(fields);
  }

  private void readBody(Map<String, String> fields) {
    String length = fields.getOrDefault("Content-Length", "0");
    if (fields.containsKey("Transfer-Encoding")) {
      refuse("501 Not Implemented");
    } else if (!length.matches("[0-9]{1,18}")) {
      refuse("400 Bad Request");
    } else if (Long.parseLong(length) > MAX_BODY) {
      refuse("413 Content Too Large");
    } else if (Long.parseLong(length) == 0) {
      handleRequest(new byte[0]); // A count of 0 would collect everything, and never end.
    } else {
      readingHeader = false;
      maxIncoming(MAX_BODY);
      setTerminator(Long.parseLong(length));
      if (fields.containsKey("Expect")) push(bytes("HTTP/1.1 100 Continue\r\n\r\n"));
    }
  }

  private void handleRequest(byte[] body) {
    respond("200 OK", bytes(method + " " + target + ", " + body.length + " bytes\n"), body);
    if (keepAlive) awaitHeader();
    else finish();
  }

  /** After an error nobody knows where the next request begins. */
  private void refuse(String status) {
    keepAlive = false;
    method = "";
    respond(status, bytes(status + "\n"), new byte[0]);
    finish();
  }

  private void finish() {
    closing(true);
    setTerminator(null);
    maxIncoming(NO_LIMIT);
    closeWhenDone();
  }

  private void respond(String status, byte[] line, byte[] body) {
    String header =
        "HTTP/1.1 "
            + status
            + "\r\nContent-Type: text/plain\r\nContent-Length: "
            + (line.length + body.length)
            + (keepAlive ? "\r\n\r\n" : "\r\nConnection: close\r\n\r\n");
    push(bytes(header));
    if (method.equals("HEAD")) return;
    push(line);
    if (body.length > 0) push(body);
  }

  @Override
  public void handleError(Throwable thrown) {
    if (thrown instanceof IncomingLimitException) refuse("431 Request Header Fields Too Large");
    else super.handleError(thrown);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  /** Makes a handler of each connection. */
  public static class Server extends Dispatcher {
    /** A server in this map; null for the default one. */
    public Server(String host, int port, SocketMap map) {
      super(map);
      createSocket();
      setReuseAddr();
      bind(host, port);
      listen(128);
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      new HttpRequestHandler(socket, map());
    }
  }

  public static void main(String[] args) throws InterruptedException {
    new Server("127.0.0.1", Integer.parseInt(args[0]), null);
    Asyncore.loop();
  }
}
