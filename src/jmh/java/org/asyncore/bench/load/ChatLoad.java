package org.asyncore.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Guests of a chat room. Each says a line, and the next one when it has heard its own; everybody
 * hears everybody. A line heard is a message.
 */
final class ChatLoad implements Load {
  private final Selector selector = Selector.open();
  private final List<ChatGuest> guests = new ArrayList<>();
  private final Histogram times = new Histogram();
  private boolean stopped;
  private long lastHeard;

  ChatLoad(Scenario scenario, int port) throws IOException {
    List<SocketChannel> channels = new ArrayList<>();
    for (int i = 0; i < scenario.connections(); i++) {
      SocketChannel channel = Connections.start(port);
      channel.configureBlocking(true);
      channel.finishConnect();
      channels.add(channel);
      ChatGuest.send(channel, "/name " + name(i) + "\n");
      // Nobody comes in before everybody knows who is here.
      String here = " is now " + name(i) + "\r\n";
      for (SocketChannel each : channels) ChatGuest.awaitLine(each, here);
    }
    for (SocketChannel channel : channels) {
      channel.configureBlocking(false);
      ChatGuest guest = new ChatGuest(channel, guests.size(), scenario.connections());
      channel.register(selector, SelectionKey.OP_READ, guest);
      guests.add(guest);
    }
  }

  private static String name(int guest) {
    return String.format(Locale.ROOT, "a%03d", guest);
  }

  @Override
  public Sample run(long durationNanos) throws IOException {
    times.clear();
    stopped = false;
    long before = heard();
    long start = System.nanoTime();
    lastHeard = start;
    for (ChatGuest guest : guests) guest.speak(start);
    while (!hasEnded()) {
      selector.select(this::ready, 1000);
      long now = System.nanoTime();
      if (now - start >= durationNanos) stopped = true;
      if (now - lastHeard > STALL_NANOS) throw new IOException("nobody hears anything");
    }
    long lines = heard() - before;
    return Sample.of(lines, lines * ChatGuest.HEARD_BYTES, lastHeard - start, times);
  }

  private void ready(SelectionKey key) {
    ChatGuest guest = (ChatGuest) key.attachment();
    try {
      long now = System.nanoTime();
      boolean ownLine = guest.hear(now, times);
      lastHeard = now;
      if (ownLine && !stopped) guest.speak(now);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private boolean hasEnded() {
    if (!stopped) return false;
    long said = 0;
    for (ChatGuest guest : guests) said += guest.said();
    return heard() == said * guests.size();
  }

  private long heard() {
    long total = 0;
    for (ChatGuest guest : guests) total += guest.heard();
    return total;
  }

  @Override
  public void close() throws IOException {
    for (ChatGuest guest : guests) guest.close();
    selector.close();
  }
}
