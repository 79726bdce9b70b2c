package org.asyncore.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/**
 * Clients in a process of their own, on one thread: each asks, and reads no answer until it is told
 * on standard input; then each has all its questions answered, and goes home.
 */
final class TalkingCrowd {
  static final long QUESTIONS = 20;
  private static final int QUESTION = 64;

  private TalkingCrowd() {}

  /** Arguments: the port, and how many. Ends with 1 if an answer was wrong. */
  public static void main(String[] args) throws IOException, InterruptedException {
    InetSocketAddress server =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    int count = Integer.parseInt(args[1]);
    AtomicBoolean goesOn = new AtomicBoolean();
    Clients clients =
        Clients.start(
            count,
            IntStream.range(0, count)
                .mapToObj(
                    i ->
                        new Talk(
                            Plan.echo(server, i, QUESTIONS * QUESTION)
                                .window(QUESTION)
                                .readingWhen(goesOn::get)))
                .iterator());
    int order = System.in.read();
    goesOn.set(true);
    if (order < 0) clients.close(); // Nobody wants answers any more.
    else clients.join();
    clients.check();
  }
}
