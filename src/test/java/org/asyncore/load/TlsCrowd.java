package org.asyncore.load;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.asyncore.migrate.Certificates;

/** As {@link Crowd}, each behind TLS; each says one byte when its handshake is done. */
final class TlsCrowd {
  private TlsCrowd() {}

  /** Arguments: the port, and how many. Goes home when its standard input ends. */
  public static void main(String[] args) throws Exception {
    SSLSocketFactory sockets = Certificates.trusting().getSocketFactory();
    List<SSLSocket> all = new ArrayList<>();
    try {
      for (int left = Integer.parseInt(args[1]); left > 0; left--) {
        all.add(greet(sockets, Integer.parseInt(args[0])));
      }
      while (System.in.read() >= 0) {
        // As Crowd's.
      }
    } finally {
      for (SSLSocket each : all) each.close();
    }
  }

  private static SSLSocket greet(SSLSocketFactory sockets, int port) throws IOException {
    SSLSocket socket = (SSLSocket) sockets.createSocket(InetAddress.getLoopbackAddress(), port);
    socket.getOutputStream().write('!'); // Not before the handshake is done.
    return socket;
  }
}
