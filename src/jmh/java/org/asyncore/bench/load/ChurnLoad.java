package org.asyncore.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** Short connections: connect, one message, its answer, close, and again. */
final class ChurnLoad implements Load {
  private final Scenario scenario;
  private final int port;
  private final Selector selector = Selector.open();
  private final Pattern pattern = new Pattern();
  private final ByteBuffer view = pattern.view();
  private final Histogram times = new Histogram();
  private final ByteBuffer incoming = ByteBuffer.allocateDirect(4096);

  private int open;
  private long finished;
  private long lastAnswer;
  private boolean stopped;

  /** One connection. */
  private static final class Visit {
    final SocketChannel channel;
    final long start;
    final long position;
    int received;

    Visit(SocketChannel channel, long start, long position) {
      this.channel = channel;
      this.start = start;
      this.position = position;
    }
  }

  ChurnLoad(Scenario scenario, int port) throws IOException {
    this.scenario = scenario;
    this.port = port;
    for (SocketChannel channel : Connections.open(port, 1, pattern)) channel.close();
  }

  @Override
  public Sample run(long durationNanos) throws IOException {
    times.clear();
    stopped = false;
    finished = 0;
    long start = System.nanoTime();
    lastAnswer = start;
    for (open = 0; open < scenario.connections(); open++) visit(start);
    while (open > 0) {
      selector.select(this::ready, 1000);
      long now = System.nanoTime();
      if (now - start >= durationNanos) stopped = true;
      if (now - lastAnswer > STALL_NANOS) throw new IOException("no answer: " + scenario.name());
    }
    long bytes = finished * scenario.messageBytes();
    return Sample.of(finished, bytes, lastAnswer - start, times);
  }

  private void visit(long now) throws IOException {
    SocketChannel channel = Connections.start(port);
    Visit visit = new Visit(channel, now, Pattern.start((int) (finished % 1000) + open));
    channel.register(selector, SelectionKey.OP_CONNECT, visit);
  }

  private void ready(SelectionKey key) {
    Visit visit = (Visit) key.attachment();
    try {
      if (key.isConnectable()) greet(key, visit);
      else if (key.isReadable()) receive(visit);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private void greet(SelectionKey key, Visit visit) throws IOException {
    visit.channel.finishConnect();
    ByteBuffer message = Pattern.show(view, visit.position, scenario.messageBytes());
    visit.channel.write(message);
    if (message.hasRemaining()) throw new IOException("no room for a first message");
    key.interestOps(SelectionKey.OP_READ);
  }

  private void receive(Visit visit) throws IOException {
    int came = visit.channel.read(incoming.clear());
    if (came < 0) throw new IOException("the server closed " + visit.channel);
    Pattern.check(incoming.flip(), view, visit.position + visit.received);
    visit.received += came;
    if (visit.received < scenario.messageBytes()) return;
    visit.channel.close();
    lastAnswer = System.nanoTime();
    times.add(lastAnswer - visit.start);
    finished++;
    if (stopped) open--;
    else visit(lastAnswer);
  }

  @Override
  public void close() throws IOException {
    selector.close();
  }
}
