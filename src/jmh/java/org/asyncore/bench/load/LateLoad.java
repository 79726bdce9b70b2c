package org.asyncore.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Peers that send much and read nothing of the answer for 1.5 s, and a ping-pong beside them, whose
 * times are the ones that are told.
 *
 * <p>Before the peers begin to read, {@code holding} is called: the moment to weigh the server.
 */
final class LateLoad implements Load {
  private static final long HOLD_NANOS = 1_500_000_000L;
  private static final int PING_BYTES = 64;

  private final Scenario scenario;
  private final Runnable holding;
  private final Selector selector = Selector.open();
  private final List<EchoStream> peers = new ArrayList<>();
  private final EchoStream ping;
  private final ByteBuffer incoming = ByteBuffer.allocateDirect(1 << 18);
  private final Histogram times = new Histogram();
  private final Histogram unused = new Histogram();
  private long start;

  LateLoad(Scenario scenario, int port, Runnable holding) throws IOException {
    this.scenario = scenario;
    this.holding = holding;
    Pattern pattern = new Pattern();
    List<SocketChannel> channels = Connections.open(port, scenario.connections() + 1, pattern);
    for (SocketChannel channel : channels) {
      boolean isPing = peers.size() == scenario.connections();
      int messageBytes = isPing ? PING_BYTES : scenario.messageBytes();
      EchoStream stream = new EchoStream(channel, pattern, peers.size(), messageBytes, 1);
      stream.key(channel.register(selector, 0, stream));
      peers.add(stream);
    }
    ping = peers.remove(scenario.connections());
  }

  /** One round, whatever the duration. */
  @Override
  public Sample run(long durationNanos) throws IOException {
    times.clear();
    long before = received();
    start = System.nanoTime();
    for (EchoStream peer : peers) {
      peer.grant(start);
      peer.reading(false);
    }
    while (System.nanoTime() - start < HOLD_NANOS) step(true);
    while (!ping.isAnswered()) step(false);
    holding.run();
    for (EchoStream peer : peers) peer.reading(true);
    while (!allAnswered()) step(false);
    long bytes = received() - before;
    return Sample.of(peers.size(), bytes, System.nanoTime() - start, times);
  }

  /** Nobody is late. */
  @Override
  public void warm(long durationNanos) throws IOException {
    start = System.nanoTime();
    for (EchoStream peer : peers) {
      peer.grant(start);
      peer.reading(true);
    }
    ping.reading(true);
    while (System.nanoTime() - start < durationNanos || !allAnswered()) step(true);
    while (!ping.isAnswered()) step(false);
  }

  private boolean allAnswered() {
    for (EchoStream peer : peers) {
      if (!peer.isAnswered()) return false;
    }
    return true;
  }

  /** Serves what is ready; with {@code pinging}, an answered ping is sent again. */
  private void step(boolean pinging) throws IOException {
    if (pinging && ping.isAnswered()) {
      ping.grant(System.nanoTime());
      ping.flush();
    }
    selector.select(1000);
    if (System.nanoTime() - start > STALL_NANOS)
      throw new IOException("no answer: " + scenario.name());
    for (SelectionKey key : selector.selectedKeys()) {
      EchoStream stream = (EchoStream) key.attachment();
      boolean isPing = stream == ping;
      if (key.isReadable()) {
        stream.receive(incoming, System.nanoTime(), isPing ? times : unused);
      }
      stream.flush();
    }
    selector.selectedKeys().clear();
  }

  private long received() {
    long total = 0;
    for (EchoStream peer : peers) total += peer.received();
    return total;
  }

  @Override
  public void close() throws IOException {
    for (EchoStream peer : peers) peer.close();
    ping.close();
    selector.close();
  }
}
