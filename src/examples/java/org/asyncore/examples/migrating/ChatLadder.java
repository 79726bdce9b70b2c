package org.asyncore.examples.migrating;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.asyncore.Asyncore;
import org.asyncore.SocketMap;
import org.asyncore.examples.ChatRoom;
import org.asyncore.migrate.DispatcherChannels;

/** The room of one rung of docs/migrating.md, open on this machine and served by one thread. */
public final class ChatLadder {
  /** How far the room has come. */
  public enum Rung {
    LIBRARY,
    NATIVE_DOOR,
    WATCHED,
    HOSTED,
    HANDED_OVER,
    NATIVE;

    /** By which the command line knows it. */
    public String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The rung of an id. */
    public static Rung of(String id) {
      for (Rung rung : values()) if (rung.id().equals(id)) return rung;
      throw new IllegalArgumentException(
          "no rung " + id + "; there are " + List.of(values()).stream().map(Rung::id).toList());
    }
  }

  private interface Stop {
    void run() throws InterruptedException;
  }

  private static final String HERE = "127.0.0.1";
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final long STOP_MILLIS = 10_000;

  private final int port;
  private final Stop stop;

  private ChatLadder(SocketAddress address, Stop stop) {
    port = ((InetSocketAddress) address).getPort();
    this.stop = stop;
  }

  /**
   * Opens a room.
   *
   * @param transport {@code epoll} or {@code nio}
   * @param port 0 for any
   */
  public static ChatLadder open(Rung rung, String transport, int port) {
    if (rung == Rung.HOSTED || rung == Rung.NATIVE) return openOnNetty(rung, transport, port);
    SocketMap map = new SocketMap(transport);
    SocketAddress address =
        switch (rung) {
          case LIBRARY -> new ChatRoom(HERE, port, map).socket().getsockname();
          case NATIVE_DOOR -> NativeDoor.open(map, HERE, port).localAddress();
          case WATCHED -> new WatchedRoom(HERE, port, map, PATIENCE).socket().getsockname();
          default -> new HandedOverRoom(HERE, port, map).socket().getsockname();
        };
    DispatcherChannels.awaitChannels(map, true); // The native ones keep the loop going, too.
    Thread loop = new Thread(() -> serve(map), "chat-loop");
    loop.start();
    return new ChatLadder(address, () -> stop(loop));
  }

  private static void serve(SocketMap map) {
    try {
      Asyncore.loop(map);
    } catch (InterruptedException stopped) {
      System.Logger log = System.getLogger("org.asyncore.examples");
      log.log(System.Logger.Level.DEBUG, "the room closes");
    }
  }

  private static void stop(Thread loop) throws InterruptedException {
    loop.interrupt();
    loop.join(STOP_MILLIS);
    if (loop.isAlive())
      throw new IllegalStateException("the loop goes on after " + STOP_MILLIS + " ms");
  }

  private static ChatLadder openOnNetty(Rung rung, String transport, int port) {
    boolean epoll = transport.equals("epoll");
    IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    Class<? extends ServerChannel> channels =
        epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    MultiThreadIoEventLoopGroup oneLoop = new MultiThreadIoEventLoopGroup(1, handlers);
    Channel door =
        rung == Rung.HOSTED
            ? HostedRoom.open(oneLoop, channels, HERE, port)
            : NativeRoom.open(oneLoop, channels, HERE, port);
    return new ChatLadder(
        door.localAddress(),
        () -> oneLoop.shutdownGracefully(0, STOP_MILLIS, TimeUnit.MILLISECONDS).sync());
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** Closes the room and all its connections. */
  public void stop() throws InterruptedException {
    stop.run();
  }

  /** Arguments: a rung, a port. Serves until Ctrl-C. */
  public static void main(String[] args) {
    ChatLadder room =
        open(Rung.of(args[0]), Epoll.isAvailable() ? "epoll" : "nio", Integer.parseInt(args[1]));
    System.out.println("listening on " + HERE + ":" + room.port());
  }
}
