package org.asyncore.compat.play;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import org.asyncore.Asyncore;
import org.asyncore.SocketMap;
import org.asyncore.testkit.MemoryNetwork;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Datagram;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Shutdown;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.Transport;
import org.asyncore.transport.WouldBlockException;

/** The network in memory, on the system's time: what is sent is there at once. */
final class MemoryGround implements Ground {
  private static final Shutdown OUTPUT = Shutdown.WR;

  private final MemoryNetwork network = new MemoryNetwork();
  private final Transport peers = network.transport();

  MemoryGround() {
    Asyncore.socketMap(newMap());
  }

  @Override
  public SocketMap newMap() {
    return new SocketMap(network.transport());
  }

  @Override
  public PlainStream stream(Family family) {
    return new Stream(peers.socket(family, SocketType.STREAM));
  }

  @Override
  public PlainListener listener(Family family, SocketAddress address, int backlog)
      throws IOException {
    return new Listener(bound(family, SocketType.STREAM, address), backlog);
  }

  @Override
  public PlainDatagrams datagrams(Family family, SocketAddress address) throws IOException {
    return new Datagrams(bound(family, SocketType.DGRAM, address));
  }

  private AsyncSocket bound(Family family, SocketType type, SocketAddress address)
      throws IOException {
    AsyncSocket socket = peers.socket(family, type);
    try {
      socket.bind(address);
      return socket;
    } catch (OsException error) {
      throw io(error);
    }
  }

  @Override
  public void settle() {
    // Nothing is ever on its way.
  }

  @Override
  public boolean countsPeers(String transport) {
    return true;
  }

  /** The error as the JDK's sockets tell it: by the system's text. */
  private static IOException io(OsException error) {
    return new IOException(error.errno().text(), error);
  }

  private record Stream(AsyncSocket socket) implements PlainStream {
    @Override
    public void bind(SocketAddress address) throws IOException {
      try {
        socket.bind(address);
      } catch (OsException error) {
        throw io(error);
      }
    }

    @Override
    public boolean connect(SocketAddress address) throws IOException {
      return isConnected(socket.connectEx(address));
    }

    private static boolean isConnected(Errno errno) throws IOException {
      if (errno == Errno.EINPROGRESS || errno == Errno.EALREADY) return false;
      if (errno != Errno.OK && errno != Errno.EISCONN) throw io(new OsException(errno));
      return true;
    }

    @Override
    public boolean finishConnect() throws IOException {
      Errno errno = socket.takeError();
      if (errno != Errno.OK) throw io(new OsException(errno));
      try {
        return socket.getpeername() != null;
      } catch (OsException notYet) {
        return false;
      }
    }

    @Override
    public SocketAddress localAddress() {
      return socket.getsockname();
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      try {
        int byteCount = socket.recv(target);
        return byteCount == 0 ? -1 : byteCount;
      } catch (WouldBlockException notNow) {
        return 0;
      } catch (OsException error) {
        throw io(error);
      }
    }

    @Override
    public int write(ByteBuffer data) throws IOException {
      try {
        return socket.send(data);
      } catch (WouldBlockException notNow) {
        return 0;
      } catch (OsException error) {
        throw io(error);
      }
    }

    @Override
    public void sendUrgent(byte data) throws IOException {
      try {
        socket.sendUrgent(new byte[] {data});
      } catch (OsException error) {
        throw io(error);
      }
    }

    @Override
    public void shutdownOutput() throws IOException {
      try {
        socket.shutdown(OUTPUT);
      } catch (OsException error) {
        throw io(error);
      }
    }

    @Override
    public void resetOnClose() {
      socket.setsockopt(StandardSocketOptions.SO_LINGER, 0);
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  private static final class Listener implements PlainListener {
    private final AsyncSocket socket;

    Listener(AsyncSocket socket, int backlog) {
      this.socket = socket;
      socket.listen(backlog);
    }

    @Override
    public SocketAddress localAddress() {
      return socket.getsockname();
    }

    @Override
    public PlainStream accept() {
      try {
        return new Stream(socket.accept().socket());
      } catch (WouldBlockException notYet) {
        return null;
      }
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  private record Datagrams(AsyncSocket socket) implements PlainDatagrams {
    @Override
    public SocketAddress localAddress() {
      return socket.getsockname();
    }

    @Override
    public void send(ByteBuffer data, SocketAddress address) throws IOException {
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      try {
        socket.sendto(bytes, address);
      } catch (OsException error) {
        throw io(error);
      }
    }

    @Override
    public SocketAddress receive(ByteBuffer room) {
      try {
        Datagram datagram = socket.recvfrom(room.remaining());
        room.put(datagram.data());
        return datagram.address();
      } catch (WouldBlockException notYet) {
        return null;
      }
    }

    @Override
    public void close() {
      socket.close();
    }
  }
}
