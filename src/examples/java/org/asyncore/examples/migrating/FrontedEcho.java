package org.asyncore.examples.migrating;

import io.netty.channel.ChannelPipeline;
import java.net.SocketAddress;
import java.util.function.Consumer;
import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.transport.AsyncSocket;

/** An echo server whose connections have handlers of Netty's in front of them. */
public final class FrontedEcho extends Dispatcher {
  private static final int LOW = 64 << 10;
  private static final int HIGH = 256 << 10;

  private final Consumer<ChannelPipeline> front;
  private final Consumer<Object> told;

  /**
   * Listens.
   *
   * @param front puts handlers into the pipeline of each connection
   * @param told hears what they tell: events, and errors
   */
  public FrontedEcho(
      int port, Consumer<ChannelPipeline> front, Consumer<Object> told, SocketMap map) {
    super(map);
    this.front = front;
    this.told = told;
    createSocket();
    bind("127.0.0.1", port);
    listen(50);
  }

  @Override
  public void handleAccepted(AsyncSocket socket, SocketAddress address) {
    Echo echo = new Echo(socket, map());
    front.accept(DispatcherChannels.pipeline(echo));
  }

  private final class Echo extends DispatcherWithSend {
    private boolean isFull;
    private boolean inputEnded;

    Echo(AsyncSocket socket, SocketMap map) {
      super(socket, map);
      waterMarks(LOW, HIGH);
    }

    @Override
    public boolean readable() {
      return !isFull && !inputEnded;
    }

    @Override
    public void handleRead() {
      byte[] data = recv(65536);
      if (data.length > 0) send(data);
    }

    @Override
    public void handleHighWater() {
      isFull = true;
    }

    @Override
    public void handleLowWater() {
      isFull = false;
    }

    @Override
    public void handleUserEvent(Object event) {
      told.accept(event);
    }

    @Override
    public void handleError(Throwable thrown) {
      told.accept(thrown);
      close();
    }

    /** The client says no more; what it is owed goes out all the same, if it still can. */
    @Override
    public void handleClose() {
      if (inputEnded) close(); // Told again: nothing can be sent either.
      else whenSent(this::close);
      inputEnded = true;
    }
  }
}
