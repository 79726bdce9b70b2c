package org.asyncore.bench.server;

import java.time.Duration;
import java.util.Arrays;
import org.asyncore.LoopObserver;
import org.asyncore.examples.migrating.ZeroCopyEcho;
import org.asyncore.migrate.MigrationReport;
import org.asyncore.observe.Counters;
import org.asyncore.observe.SpinDoctor;

/** The process of one server. */
public final class ServerMain {
  private static final Duration SPIN = Duration.ofMillis(1);

  private ServerMain() {}

  /** Arguments: the server's name, and how much it asks {@code recv} for, in bytes. */
  public static void main(String[] args) throws Exception {
    int receiveBytes = Integer.parseInt(args[1]);
    Control control = new Control();
    Server server =
        args[0].startsWith("room-")
            ? new RoomServer(args[0].substring("room-".length()))
            : server(args, receiveBytes);
    server.serve(control);
  }

  private static Server server(String[] args, int receiveBytes) {
    return switch (args[0]) {
      case "netty" -> NettyServer.echo();
      case "netty-arrays" -> NettyServer.arrays();
      case "netty-fixed" -> NettyServer.echo().reading(receiveBytes);
      case "netty-io-uring" -> NettyServer.echo().onUring();
      case "netty-lines" -> NettyServer.lines();
      case "netty-codec-lines" -> NettyServer.codecLines();
      case "netty-io-uring-lines" -> NettyServer.lines().onUring();
      case "nio" -> new NioServer(receiveBytes);
      case "shim-bytes" -> new ShimServer(BytesEcho.reading(receiveBytes));
      case "shim-on-touch" -> new ShimServer(BytesEcho.onTouch(receiveBytes));
      case "shim-read-ahead" ->
          new ShimServer(BytesEcho.reading(receiveBytes), map -> map.readAhead(true));
      case "shim-busy-poll" ->
          new ShimServer(BytesEcho.reading(receiveBytes), map -> map.busyPoll(SPIN));
      case "shim-counters" -> observed(receiveBytes, new Counters());
      case "shim-spin-doctor" -> observed(receiveBytes, new SpinDoctor());
      case "shim-migration-report" -> observed(receiveBytes, new MigrationReport());
      case "shim-buffer" -> new ShimServer(BufferEcho.sharing(receiveBytes));
      case "shim-array" -> new ShimServer(BufferEcho.sharingArray(receiveBytes));
      case "shim-bytebuf" -> new ShimServer(ZeroCopyEcho::piped);
      case "shim-with-send" -> new ShimServer(WithSendEcho.reading(receiveBytes));
      case "shim-lines" -> new ShimServer(LineEcho.reading(receiveBytes));
      case "hosted-bytes" -> NettyServer.hosting(BytesEcho.reading(receiveBytes));
      case "hosted-buffer" -> NettyServer.hosting(BufferEcho.sharing(receiveBytes));
      case "hosted-bytebuf" -> NettyServer.hosting(ZeroCopyEcho::new);
      case "hosted-lines" -> NettyServer.hosting(LineEcho.reading(receiveBytes));
      case "hosted-io-uring" -> NettyServer.hosting(BytesEcho.reading(receiveBytes)).onUring();
      case "hosted-io-uring-lines" -> NettyServer.hosting(LineEcho.reading(receiveBytes)).onUring();
      default -> throw new IllegalArgumentException("no server: " + Arrays.toString(args));
    };
  }

  private static Server observed(int receiveBytes, LoopObserver observer) {
    return new ShimServer(BytesEcho.reading(receiveBytes), map -> map.observer(observer));
  }
}
