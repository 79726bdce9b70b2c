package org.asyncore.netty.loop;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;

/**
 * Makes {@link Thread#interrupt} wake a wait that Java knows nothing of: epoll's is a native call,
 * and is not woken by itself. The JDK offers this to selectors only, so this is one, of which
 * nothing but {@code begin}, {@code end} and {@code wakeup} is used.
 */
final class InterruptibleWait extends AbstractSelector {
  private final Runnable wakeup;

  InterruptibleWait(Runnable wakeup) {
    super(null);
    this.wakeup = wakeup;
  }

  void start() {
    begin();
  }

  void stop() {
    end();
  }

  @Override
  public Selector wakeup() {
    wakeup.run();
    return this;
  }

  @Override
  protected void implCloseSelector() {
    // Holds nothing.
  }

  @Override
  protected SelectionKey register(AbstractSelectableChannel channel, int ops, Object attachment) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Set<SelectionKey> keys() {
    return Set.of();
  }

  @Override
  public Set<SelectionKey> selectedKeys() {
    return Set.of();
  }

  @Override
  public int selectNow() {
    return 0;
  }

  @Override
  public int select(long timeoutMillis) {
    return 0;
  }

  @Override
  public int select() {
    return 0;
  }
}
