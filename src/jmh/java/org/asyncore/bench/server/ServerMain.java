package org.asyncore.bench.server;

import java.util.Arrays;

/** The process of one server. */
public final class ServerMain {
  private ServerMain() {}

  /** Arguments: the server's name, and how much it asks {@code recv} for, in bytes. */
  public static void main(String[] args) throws Exception {
    int receiveBytes = Integer.parseInt(args[1]);
    Control control = new Control();
    Server server =
        switch (args[0]) {
          case "netty" -> new NettyServer(false);
          case "netty-lines" -> new NettyServer(true);
          case "nio" -> new NioServer();
          case "shim-bytes" -> new ShimServer(BytesEcho::new);
          case "shim-buffer" -> new ShimServer(BufferEcho.sharing(receiveBytes));
          case "shim-with-send" -> new ShimServer(WithSendEcho::new);
          case "shim-lines" -> new ShimServer(LineEcho::new);
          default -> throw new IllegalArgumentException("no server: " + Arrays.toString(args));
        };
    server.serve(receiveBytes, control);
  }
}
