package org.asyncore.bench.server;

import io.netty.channel.epoll.Epoll;
import java.util.concurrent.CountDownLatch;
import org.asyncore.examples.migrating.ChatLadder;

/** The chat room of a rung of docs/migrating.md. */
final class RoomServer implements Server {
  private final ChatLadder.Rung rung;

  RoomServer(String id) {
    rung = ChatLadder.Rung.of(id);
  }

  @Override
  public void serve(Control control) throws InterruptedException {
    boolean epoll =
        Epoll.isAvailable() && !"nio".equals(System.getProperty("org.asyncore.transport"));
    control.listening(ChatLadder.open(rung, epoll ? "epoll" : "nio", 0).port());
    new CountDownLatch(1).await(); // The process ends with its standard input.
  }
}
