package org.asyncore.migrate;

import org.asyncore.Dispatcher;
import org.asyncore.netty.PipelineSocket;

/** What a dispatcher and its map are to Netty. */
public final class DispatcherChannels {
  private DispatcherChannels() {}

  /**
   * What {@code readable()} or {@code writable()} say may have changed, by something else than the
   * dispatcher's own callbacks: it is asked again. A dispatcher in a {@code loop()} is asked in
   * every pass anyway. Safe from any thread.
   */
  public static void interestChanged(Dispatcher dispatcher) {
    if (dispatcher.socket() instanceof PipelineSocket hosted) hosted.interestChanged();
  }
}
