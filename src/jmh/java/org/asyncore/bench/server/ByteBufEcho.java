package org.asyncore.bench.server;

import io.netty.buffer.ByteBuf;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.transport.AsyncSocket;

/** Echoes Netty's own buffers, as they came; what send did not take is held until it does. */
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
    rest = DispatcherChannels.recv(this);
    offer();
  }

  @Override
  public void handleWrite() {
    offer();
  }

  private void offer() {
    if (rest.isReadable()) DispatcherChannels.send(this, rest);
    if (rest != null && !rest.isReadable()) drop();
  }

  private void drop() {
    rest.release();
    rest = null;
  }

  @Override
  public void handleClose() {
    close();
    if (rest != null) drop(); // What a broken connection did not take.
  }
}
