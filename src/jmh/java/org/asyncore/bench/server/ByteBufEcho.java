package org.asyncore.bench.server;

import io.netty.buffer.ByteBuf;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.transport.AsyncSocket;

/** Echoes Netty's own buffers, as they came; one that is not taken is held until it is. */
final class ByteBufEcho extends Dispatcher {
  private ByteBuf rest;

  /** For a pipeline that hosts it. */
  ByteBufEcho(AsyncSocket socket, SocketMap map) {
    super(socket, map);
  }

  /** For {@code loop()}, with the bytes travelling through a pipeline. */
  static ByteBufEcho piped(AsyncSocket socket, SocketMap map) {
    ByteBufEcho echo = new ByteBufEcho(socket, map);
    DispatcherChannels.pipeline(echo);
    return echo;
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
    ByteBuf bytes = DispatcherChannels.recv(this);
    if (!bytes.isReadable()) return; // The end, of which handleClose was told.
    if (!DispatcherChannels.offer(this, bytes)) rest = bytes;
  }

  @Override
  public void handleWrite() {
    ByteBuf bytes = rest;
    rest = null;
    if (!DispatcherChannels.offer(this, bytes)) rest = bytes;
  }

  @Override
  public void handleClose() {
    close();
    if (rest != null) rest.release(); // What a broken connection did not take.
    rest = null;
  }
}
