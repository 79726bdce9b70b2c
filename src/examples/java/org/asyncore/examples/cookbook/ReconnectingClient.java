package org.asyncore.examples.cookbook;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;

/**
 * Delivers messages, and connects again whenever it has to: after growing pauses, which differ from
 * client to client, and without what has become too old meanwhile.
 */
public final class ReconnectingClient extends DispatcherWithSend {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private record Message(ByteBuffer data, long untilNanos) {}

  private final InetSocketAddress target;
  private final Duration longestWait;
  private final RandomGenerator random;
  private final Queue<Message> waiting = new ArrayDeque<>();
  private Duration pause = FIRST_PAUSE;
  private int givenUp;

  /** Connects at once; on the loop's thread, as all of this. */
  public ReconnectingClient(
      InetSocketAddress target, Duration longestWait, RandomGenerator random, SocketMap map) {
    super(map);
    this.target = target;
    this.longestWait = longestWait;
    this.random = random;
    open();
  }

  /** Sends it as soon as there is a connection, unless that takes too long. */
  public void deliver(byte[] data) {
    waiting.add(
        new Message(ByteBuffer.wrap(data.clone()), System.nanoTime() + longestWait.toNanos()));
    if (connected()) sendWaiting();
  }

  /** How many messages had become too old. */
  public int givenUp() {
    return givenUp;
  }

  private void open() {
    createSocket();
    connect(target);
  }

  private void sendWaiting() {
    for (Message each; (each = waiting.poll()) != null; ) {
      if (each.untilNanos - System.nanoTime() < 0) givenUp++;
      else send(each.data);
    }
  }

  @Override
  public void handleConnect() {
    pause = FIRST_PAUSE;
    callLater(Duration.ZERO, this::sendWaiting); // Here connected() still says no.
  }

  @Override
  public void handleRead() {
    recv(4096); // The end comes this way, too.
  }

  @Override
  public void handleError(Throwable thrown) {
    handleClose(); // A refused connect, for one.
  }

  @Override
  public void handleClose() {
    close();
    double share = 0.5 + random.nextDouble() / 2; // A thousand clients do not come back at once.
    callLater(Duration.ofNanos((long) (pause.toNanos() * share)), this::open); // After close().
    pause = pause.multipliedBy(2);
    if (pause.compareTo(LONGEST_PAUSE) > 0) pause = LONGEST_PAUSE;
  }
}
