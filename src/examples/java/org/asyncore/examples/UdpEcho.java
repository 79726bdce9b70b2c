package org.asyncore.examples;

import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.transport.Datagram;
import org.asyncore.transport.Family;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.WouldBlockException;

/** Sends datagrams back to whoever sent them: src/examples/python/udp_echo.py, line for line. */
public class UdpEcho extends Dispatcher {
  public UdpEcho(String host, int port) {
    createSocket(Family.INET, SocketType.DGRAM);
    bind(host, port);
  }

  @Override
  public boolean writable() {
    return false;
  }

  @Override
  public void handleRead() {
    Datagram datagram = socket().recvfrom(8192);
    try {
      socket().sendto(datagram.data(), datagram.address());
    } catch (WouldBlockException e) {
      // No room: this one is lost, as datagrams may be.
    }
  }

  public static void main(String[] args) throws InterruptedException {
    new UdpEcho("127.0.0.1", Integer.parseInt(args[0]));
    Asyncore.loop();
  }
}
