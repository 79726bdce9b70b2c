package org.asyncore.bench.server;

import java.nio.ByteBuffer;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.migrate.DispatcherFactory;
import org.asyncore.transport.AsyncSocket;

/** Echoes through one buffer that all connections share; a rest is copied aside. */
final class BufferEcho extends Dispatcher {
  private final ByteBuffer shared;
  private ByteBuffer rest;

  private BufferEcho(AsyncSocket socket, SocketMap map, ByteBuffer shared) {
    super(socket, map);
    this.shared = shared;
  }

  /** Makes those of one loop, around direct memory. */
  static DispatcherFactory sharing(int receiveBytes) {
    return sharing(ByteBuffer.allocateDirect(receiveBytes));
  }

  /** The same around an array, which each recv fills. */
  static DispatcherFactory sharingArray(int receiveBytes) {
    return sharing(ByteBuffer.wrap(new byte[receiveBytes]));
  }

  private static DispatcherFactory sharing(ByteBuffer shared) {
    return (socket, map) -> new BufferEcho(socket, map, shared);
  }

  @Override
  public boolean readable() {
    return rest == null;
  }

  @Override
  public boolean writable() {
    return rest != null;
  }

  @Override
  public void handleRead() {
    if (recv(shared.clear()) == 0) return;
    send(shared.flip());
    if (!shared.hasRemaining()) return;
    rest = ByteBuffer.allocateDirect(shared.remaining()).put(shared).flip();
  }

  @Override
  public void handleWrite() {
    send(rest);
    if (!rest.hasRemaining()) rest = null;
  }

  @Override
  public void handleClose() {
    close();
  }
}
