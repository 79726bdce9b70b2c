package org.asyncore.examples.cookbook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.BiConsumer;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;

/**
 * Takes the header of the PROXY protocol, version 1 or 2, off a new connection, and hands the
 * socket over as if the client itself had connected. It reads no byte behind the header: the
 * dispatcher that comes next finds them in the kernel.
 */
public final class ProxyProtocol extends Dispatcher {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final byte[] V2 = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");
  private static final byte[] V1 = "PROXY ".getBytes(US_ASCII);
  private static final int SHORTEST = "PROXY UNKNOWN\r\n".length();
  private static final int LONGEST_V1 = 107;
  private static final int LONGEST_V2 = 16 + 2048;

  private final BiConsumer<AsyncSocket, SocketAddress> next;
  private final SocketAddress proxy;
  private final ByteArrayOutputStream header = new ByteArrayOutputStream();
  private int wanted = SHORTEST;

  /**
   * For {@code handleAccepted}.
   *
   * @param next gets the socket and the client's address: {@code handleAccepted} of the old server
   */
  public ProxyProtocol(
      AsyncSocket socket,
      SocketAddress proxy,
      SocketMap map,
      BiConsumer<AsyncSocket, SocketAddress> next) {
    super(socket, map);
    this.proxy = proxy;
    this.next = next;
    callLater(LONGEST_WAIT, this::close);
  }

  @Override
  public boolean writable() {
    return false;
  }

  @Override
  public void handleRead() {
    byte[] data = recv(wanted - header.size());
    header.writeBytes(data);
    if (header.size() < wanted || data.length == 0) return;
    byte[] all = header.toByteArray();
    if (begins(all, V1)) readV1(all);
    else if (begins(all, V2)) readV2(all);
    else close(); // Whoever this is has no business here.
  }

  private static boolean begins(byte[] bytes, byte[] with) {
    return Arrays.equals(bytes, 0, with.length, with, 0, with.length);
  }

  /** A line, byte by byte, as nobody knows where it ends. */
  private void readV1(byte[] all) {
    if (all[all.length - 1] != '\n') {
      wanted++;
      if (wanted > LONGEST_V1) close();
      return;
    }
    String[] words = new String(all, US_ASCII).stripTrailing().split(" ", -1);
    try {
      handOn(words[1].equals("UNKNOWN") ? proxy : address(words[2], Integer.parseInt(words[4])));
    } catch (IllegalArgumentException | IndexOutOfBoundsException | UnknownHostException bad) {
      close();
    }
  }

  private static SocketAddress address(String host, int port) throws UnknownHostException {
    boolean isNumeric = host.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*"); // No look-up.
    if (!isNumeric) throw new UnknownHostException(host);
    return new InetSocketAddress(InetAddress.getByName(host), port);
  }

  /** 12 bytes of signature, version and command, family, length; then what has that length. */
  private void readV2(byte[] all) {
    if (all.length < 16) {
      wanted = 16;
      return;
    }
    wanted = 16 + unsignedShort(all, 14);
    if (wanted > LONGEST_V2 || all[12] >> 4 != 2) close();
    else if (all.length == wanted) handOn(addressV2(all));
  }

  private SocketAddress addressV2(byte[] all) {
    boolean isLocal = (all[12] & 15) == 0;
    int size = all[13] == 0x11 ? 4 : all[13] == 0x21 ? 16 : 0;
    if (isLocal || size == 0 || all.length < 16 + 2 * size + 4) return proxy;
    try {
      InetAddress host = InetAddress.getByAddress(Arrays.copyOfRange(all, 16, 16 + size));
      return new InetSocketAddress(host, unsignedShort(all, 16 + 2 * size));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("of a length that no address has", e);
    }
  }

  private static int unsignedShort(byte[] bytes, int at) {
    return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
  }

  private void handOn(SocketAddress client) {
    cancelCalls();
    delChannel();
    next.accept(socket(), client);
  }

  @Override
  public void handleClose() {
    close();
  }
}
