package org.asyncore.testkit;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.asyncore.transport.Family;

/** The loopback address of a family. */
final class Loopback {
  private static final InetAddress FOUR = of(new byte[] {127, 0, 0, 1});
  private static final InetAddress SIX = of(six());

  private Loopback() {}

  static InetAddress of(Family family) {
    return family == Family.INET6 ? SIX : FOUR;
  }

  private static byte[] six() {
    byte[] bytes = new byte[16];
    bytes[15] = 1;
    return bytes;
  }

  private static InetAddress of(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("of a length that no address has", e);
    }
  }
}
