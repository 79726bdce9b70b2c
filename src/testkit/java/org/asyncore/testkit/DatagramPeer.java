package org.asyncore.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import org.asyncore.transport.Datagram;
import org.asyncore.transport.WouldBlockException;

/**
 * A bound datagram socket in a test's hand. Each expectation is of one datagram. Text is Latin-1.
 * Confined to the test's thread.
 */
public final class DatagramPeer {
  private static final int LONGEST = 65_536;

  private final TestLoop loop;
  private final MemoryDatagram socket;
  private final Queue<Datagram> received = new ArrayDeque<>();

  DatagramPeer(TestLoop loop, MemoryDatagram socket) {
    this.loop = loop;
    this.socket = socket;
  }

  /** Where it is. */
  public SocketAddress address() {
    return socket.getsockname();
  }

  /** Sends one datagram; where nobody is, or no room, it is lost. */
  public DatagramPeer send(String text, SocketAddress to) {
    if (text == null) throw new IllegalArgumentException("text is null");
    if (to == null) throw new IllegalArgumentException("to is null");
    socket.sendto(text.getBytes(ISO_8859_1), to);
    return this;
  }

  /** The next datagram is this. */
  public DatagramPeer expect(String text) {
    if (text == null) throw new IllegalArgumentException("text is null");
    loop.await(this::hasNext, () -> wanted(text) + ", but found nothing");
    String found = new String(received.remove().data(), ISO_8859_1);
    if (found.equals(text)) return this;
    throw loop.failure(
        "expected " + wanted(text) + ", but found " + Texts.quoted(found.getBytes(ISO_8859_1)));
  }

  private boolean hasNext() {
    try {
      received.add(socket.recvfrom(LONGEST));
    } catch (WouldBlockException nothing) {
      // More may come.
    }
    return !received.isEmpty();
  }

  private String wanted(String text) {
    return "the datagram " + Texts.quoted(text.getBytes(ISO_8859_1)) + " at " + this;
  }

  @Override
  public String toString() {
    return String.valueOf(address());
  }
}
