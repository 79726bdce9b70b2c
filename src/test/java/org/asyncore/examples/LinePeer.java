package org.asyncore.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;

/** A blocking client in Latin-1, whose waits are bounded and say what they waited for. */
final class LinePeer implements AutoCloseable {
  private static final int WAIT_SECONDS = 10;

  private final Socket socket;
  private final InputStream in;

  LinePeer(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(WAIT_SECONDS));
    socket.setTcpNoDelay(true);
    in = socket.getInputStream();
  }

  /** As the constructor, for a program that has been started and may not listen yet. */
  static LinePeer patiently(int port) throws IOException {
    return patiently(port, WAIT_SECONDS);
  }

  /** As {@link #patiently(int)}, for a program that takes this long to start. */
  static LinePeer patiently(int port, int seconds) throws IOException {
    long start = System.nanoTime();
    while (true) {
      try {
        return new LinePeer(port);
      } catch (ConnectException refused) {
        if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(seconds)) throw refused;
        Thread.onSpinWait();
      }
    }
  }

  /** Sends all of it at once. */
  LinePeer send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    return this;
  }

  /** Sends it a byte at a time. */
  LinePeer trickle(String text) throws IOException {
    for (int i = 0; i < text.length(); i++) send(text.substring(i, i + 1));
    return this;
  }

  /** Reads up to the end of a line, and gives the line without it. */
  String line() throws IOException {
    String line = readUntil("\r\n");
    return line.substring(0, line.length() - 2);
  }

  /** Reads until this has come, and gives all of it. */
  String readUntil(String end) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf(end, Math.max(0, text.length() - end.length())) < 0) {
      int next = read("for " + end.strip() + ", so far came: " + text);
      if (next < 0) throw new AssertionError("the end came before " + end + ", after: " + text);
      text.append((char) next);
    }
    return text.toString();
  }

  /** Reads so many bytes. */
  String read(int byteCount) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.length() < byteCount) {
      int next = read("for " + byteCount + " bytes, so far came: " + text);
      if (next < 0) throw new AssertionError("the end came after: " + text);
      text.append((char) next);
    }
    return text.toString();
  }

  /** Reads to the end of the stream; a reset is an end, too. */
  String readAll() throws IOException {
    StringBuilder text = new StringBuilder();
    try {
      for (int next; (next = read("for the end, so far came: " + text)) >= 0; ) {
        text.append((char) next);
      }
      return text.toString();
    } catch (SocketException reset) {
      return text.toString();
    }
  }

  private int read(String waitedFor) throws IOException {
    try {
      return in.read();
    } catch (SocketTimeoutException e) {
      throw new AssertionError("waited " + WAIT_SECONDS + " s " + waitedFor, e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
