package org.asyncore.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Locale;

/**
 * One guest of a {@link ChatLoad}, who checks that he hears each other's lines, all and in order.
 */
final class ChatGuest {
  /** {@code a001: 000000000001 abcdefgh}, CR and LF: all lines are of one size. */
  static final int HEARD_BYTES = 29;

  private static final String TEXT = " abcdefgh";

  private final SocketChannel channel;
  private final int number;

  /** How many lines were heard of each guest. */
  private final long[] heardOf;

  private final ByteBuffer incoming = ByteBuffer.allocate(1 << 16);
  private final byte[] line = new byte[HEARD_BYTES];
  private long said;
  private long saidAt;
  private long heard;

  ChatGuest(SocketChannel channel, int number, int guests) {
    this.channel = channel;
    this.number = number;
    heardOf = new long[guests];
  }

  long said() {
    return said;
  }

  long heard() {
    return heard;
  }

  void speak(long now) throws IOException {
    saidAt = now;
    send(channel, content(++said) + "\n");
  }

  private static String content(long count) {
    return String.format(Locale.ROOT, "%012d", count) + TEXT;
  }

  static void send(SocketChannel channel, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(US_ASCII));
    while (bytes.hasRemaining()) channel.write(bytes); // Short lines, which always find room.
  }

  /** Reads, byte by byte, to the end of a line that ends so. */
  static void awaitLine(SocketChannel channel, String end) throws IOException {
    StringBuilder text = new StringBuilder();
    ByteBuffer one = ByteBuffer.allocate(1);
    while (text.length() < end.length()
        || !text.substring(text.length() - end.length()).equals(end)) {
      if (channel.read(one.clear()) < 0) throw new IOException("the room closed after " + text);
      text.append((char) one.get(0));
    }
  }

  /** Takes what has come; says whether a line of his own was in it. */
  boolean hear(long now, Histogram times) throws IOException {
    if (channel.read(incoming) < 0) throw new IOException("the room closed " + channel);
    boolean ownLine = false;
    incoming.flip();
    while (incoming.remaining() >= HEARD_BYTES) {
      incoming.get(line);
      int speaker = number(1, 4);
      check(speaker);
      heard++;
      if (speaker != number) continue;
      times.add(now - saidAt);
      ownLine = true;
    }
    incoming.compact();
    return ownLine;
  }

  private int number(int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) value = value * 10 + line[i] - '0';
    return value;
  }

  private void check(int speaker) {
    boolean isKnown = speaker >= 0 && speaker < heardOf.length;
    long count = 0;
    for (int i = 6; i < 18; i++) count = count * 10 + line[i] - '0';
    if (isKnown && line[4] == ':' && line[HEARD_BYTES - 1] == '\n' && count == ++heardOf[speaker]) {
      return;
    }
    throw new IllegalStateException(
        "guest " + number + " heard what nobody said: " + new String(line, US_ASCII));
  }

  void close() throws IOException {
    channel.close();
  }
}
