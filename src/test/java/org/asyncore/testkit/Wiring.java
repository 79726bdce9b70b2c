package org.asyncore.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.stream.Stream;
import org.asyncore.transport.Family;

/**
 * One way to wire dispatchers to peers: a row of the matrix that tests over real sockets run on.
 * What the machine does not have is skipped, with a message.
 */
public record Wiring(String transport, Family family, boolean usePoll) {

  /** Both transports, IPv4 and IPv6, select's order and poll's. */
  public static Stream<Wiring> all() {
    return Stream.of(Family.INET, Family.INET6).flatMap(Wiring::of);
  }

  /** Both transports and orders, IPv4 only: for what the address family has no part in. */
  public static Stream<Wiring> inet() {
    return of(Family.INET);
  }

  /** Both transports: for what neither the family nor the order of events has a part in. */
  public static Stream<Wiring> transports() {
    return Stream.of(
        new Wiring("epoll", Family.INET, false), new Wiring("nio", Family.INET, false));
  }

  private static Stream<Wiring> of(Family family) {
    return Stream.of("epoll", "nio")
        .flatMap(
            name -> Stream.of(new Wiring(name, family, false), new Wiring(name, family, true)));
  }

  /** Skips the test if this machine has no such thing. */
  public void assumeAvailable() {
    if (transport.equals("epoll")) {
      assumeTrue(Epoll.isAvailable(), () -> "no epoll here: " + Epoll.unavailabilityCause());
    }
    assumeTrue(hasLoopback(), () -> "no " + family + " loopback address here");
  }

  private boolean hasLoopback() {
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(loopback(), 0));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The loopback address of the family. */
  public InetAddress loopback() {
    byte[] address = family == Family.INET6 ? new byte[16] : new byte[] {127, 0, 0, 1};
    address[address.length - 1] = 1;
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new AssertionError("of a length that no address has", e);
    }
  }

  @Override
  public String toString() {
    return transport + ", " + family + ", " + (usePoll ? "poll" : "select");
  }
}
