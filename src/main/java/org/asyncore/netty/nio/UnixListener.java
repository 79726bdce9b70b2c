package org.asyncore.netty.nio;

import io.netty.channel.Channel;
import io.netty.channel.nio.AbstractNioChannel.NioUnsafe;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.InvalidPathException;
import java.util.Set;
import org.asyncore.netty.kernel.UnixNames;
import org.asyncore.transport.Errno;

/**
 * A listening Unix domain socket of the JDK's, as Netty's channel sees it: without a path, as Netty
 * deletes what is at the path when it closes; and with a failure of accept that is the connection's
 * for a peer whose name the JDK cannot read, as Netty would else close the listener.
 *
 * <p>A selector knows the channel behind it: {@link #selectable}.
 */
final class UnixListener extends ServerSocketChannel {
  private final ServerSocketChannel real;
  private final UnixDomainSocketAddress address;

  /**
   * @param real owned from now on
   * @param address what the socket was bound to by its program
   */
  UnixListener(ServerSocketChannel real, UnixDomainSocketAddress address) {
    super(real.provider());
    this.real = real;
    this.address = address;
  }

  /** The channel that a selector takes. */
  static SelectableChannel selectable(SelectableChannel channel) {
    return channel instanceof UnixListener listener ? listener.real : channel;
  }

  /** Where the listener, or the connection's listener, was bound; null for other channels. */
  static SocketAddress addressOf(Channel channel) {
    Channel listening = channel.parent() == null ? channel : channel.parent();
    return listening.unsafe() instanceof NioUnsafe unsafe
            && unsafe.ch() instanceof UnixListener listener
        ? listener.address
        : null;
  }

  @Override
  public SocketChannel accept() throws IOException {
    try {
      return real.accept();
    } catch (InvalidPathException unreadable) {
      throw new IOException(Errno.ECONNABORTED.text(), unreadable);
    }
  }

  @Override
  public SocketAddress getLocalAddress() throws IOException {
    if (!isOpen()) throw new ClosedChannelException();
    return UnixNames.UNNAMED;
  }

  @Override
  public ServerSocketChannel bind(SocketAddress local, int backlog) {
    throw new AlreadyBoundException();
  }

  @Override
  public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
    real.setOption(name, value);
    return this;
  }

  @Override
  public <T> T getOption(SocketOption<T> name) throws IOException {
    return real.getOption(name);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return real.supportedOptions();
  }

  @Override
  public ServerSocket socket() {
    return real.socket();
  }

  @Override
  protected void implCloseSelectableChannel() throws IOException {
    real.close();
  }

  @Override
  protected void implConfigureBlocking(boolean block) throws IOException {
    real.configureBlocking(block);
  }
}
