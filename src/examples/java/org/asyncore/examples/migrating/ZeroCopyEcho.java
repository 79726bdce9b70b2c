package org.asyncore.examples.migrating;

import io.netty.buffer.ByteBuf;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.transport.AsyncSocket;

/**
 * An echo that copies nothing: what Netty has read is what it writes. For a pipeline that hosts it,
 * or behind {@link #piped}.
 */
public final class ZeroCopyEcho extends Dispatcher {
  /** What there was no room for, this echo's own; null for nothing. */
  private ByteBuf rest;

  public ZeroCopyEcho(AsyncSocket socket, SocketMap map) {
    super(socket, map);
  }

  /** One for {@code loop()}: its bytes travel through a pipeline. */
  public static ZeroCopyEcho piped(AsyncSocket socket, SocketMap map) {
    ZeroCopyEcho echo = new ZeroCopyEcho(socket, map);
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
    if (bytes.isReadable()) offer(bytes); // Else it is the end, of which handleClose was told.
  }

  @Override
  public void handleWrite() {
    offer(rest);
  }

  private void offer(ByteBuf bytes) {
    rest = null; // A broken connection releases it, and calls handleClose.
    if (!DispatcherChannels.offer(this, bytes)) rest = bytes;
  }

  @Override
  public void handleClose() {
    close();
    if (rest != null) rest.release();
    rest = null;
  }
}
