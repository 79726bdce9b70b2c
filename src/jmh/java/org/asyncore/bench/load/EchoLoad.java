package org.asyncore.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Connections that stay open; on each of them an answer allows the next message. */
final class EchoLoad implements Load {
  private final Scenario scenario;
  private final Selector selector = Selector.open();
  private final List<SocketChannel> idle;
  private final List<EchoStream> streams = new ArrayList<>();
  private final Histogram times = new Histogram();
  private final ByteBuffer incoming = ByteBuffer.allocateDirect(5 << 16); // A window and a record.

  /** Streams with bytes on their way. */
  private int busy;

  private boolean stopped;
  private long lastAnswer;

  EchoLoad(Scenario scenario, int port) throws IOException {
    this.scenario = scenario;
    Pattern pattern = new Pattern();
    idle = Connections.open(port, scenario.idle(), pattern);
    if (scenario.shape() == Scenario.Shape.TLS) {
      for (int i = 0; i < scenario.connections(); i++) {
        SocketChannel channel = SocketChannel.open(Connections.server(port));
        Wire wire = TlsWire.over(channel);
        add(channel, wire, pattern);
      }
      return;
    }
    for (SocketChannel channel : Connections.open(port, scenario.connections(), pattern)) {
      add(channel, Wire.plain(channel), pattern);
    }
  }

  private void add(SocketChannel channel, Wire wire, Pattern pattern) throws IOException {
    channel.configureBlocking(false);
    int number = streams.size();
    EchoStream stream =
        new EchoStream(channel, wire, pattern, number, scenario.messageBytes(), scenario.depth());
    stream.key(channel.register(selector, SelectionKey.OP_READ, stream));
    streams.add(stream);
  }

  @Override
  public Sample run(long durationNanos) throws IOException {
    times.clear();
    stopped = false;
    long before = received();
    long start = System.nanoTime();
    lastAnswer = start;
    busy = streams.size();
    for (EchoStream stream : streams) {
      stream.grant(start);
      stream.flush();
    }
    while (busy > 0) {
      selector.select(this::ready, 1000);
      long now = System.nanoTime();
      if (now - start >= durationNanos) stopped = true;
      if (now - lastAnswer > STALL_NANOS) throw new IOException("no answer: " + scenario.name());
    }
    long bytes = received() - before;
    return Sample.of(bytes / scenario.countedBytes(), bytes, lastAnswer - start, times);
  }

  private void ready(SelectionKey key) {
    EchoStream stream = (EchoStream) key.attachment();
    try {
      long now = System.nanoTime();
      if (key.isReadable() && stream.receive(incoming, now, times)) lastAnswer = now;
      if (!stopped) stream.grant(now);
      stream.flush();
      if (stopped && stream.isAnswered()) busy--; // Nothing of it is on its way any more.
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private long received() {
    long total = 0;
    for (EchoStream stream : streams) total += stream.received();
    return total;
  }

  @Override
  public void close() throws IOException {
    for (EchoStream stream : streams) stream.close();
    for (SocketChannel channel : idle) channel.close();
    selector.close();
  }
}
