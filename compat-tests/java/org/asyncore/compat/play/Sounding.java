package org.asyncore.compat.play;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/**
 * A socket that sends to itself. The kernel delivers what goes over its loopback interface in
 * order, so when a datagram has come back, what was sent before it has come, too. On a busy machine
 * that can take longer than any fixed time.
 */
final class Sounding {
  /** One for the process: it keeps its descriptor, and so no scenario sees it come or go. */
  static final Sounding PROCESS = new Sounding();

  private final DatagramChannel self;
  private final ByteBuffer datagram = ByteBuffer.allocateDirect(1);

  private Sounding() {
    try {
      self = DatagramChannel.open();
      self.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      self.connect(self.getLocalAddress());
      self.configureBlocking(false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void send() throws IOException {
    datagram.clear();
    self.write(datagram);
  }

  /** Itself if what it sent has come back, else null. */
  Sounding come() throws IOException {
    datagram.clear();
    return self.read(datagram) == 0 ? null : this;
  }
}
