package org.asyncore.examples.migrating;

import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.asyncore.SocketMap;
import org.asyncore.examples.ChatRoom;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.transport.AsyncSocket;

/** Rung 3: a handler of Netty's in front of each dispatcher tells it that its guest sleeps. */
public final class WatchedRoom extends ChatRoom {
  private final Duration patience;

  /** A room that shows out whoever says and hears nothing for so long. */
  public WatchedRoom(String host, int port, SocketMap map, Duration patience) {
    super(host, port, map);
    this.patience = patience;
  }

  @Override
  protected ChatSession newSession(AsyncSocket socket) {
    ChatSession session = new WatchedSession(this, socket);
    DispatcherChannels.pipeline(session)
        .addFirst(new IdleStateHandler(0, 0, patience.toMillis(), TimeUnit.MILLISECONDS));
    return session;
  }

  private static final class WatchedSession extends ChatSession {
    WatchedSession(ChatRoom room, AsyncSocket socket) {
      super(room, socket);
    }

    @Override
    public void handleUserEvent(Object event) {
      if (event instanceof IdleStateEvent) handleClose();
    }
  }
}
