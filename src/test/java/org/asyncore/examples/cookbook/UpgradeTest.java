package org.asyncore.examples.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslContext;
import java.io.BufferedReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.examples.migrating.Upgrade;
import org.asyncore.fixture.Wiring;
import org.asyncore.migrate.Certificates;
import org.asyncore.migrate.Tls;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UpgradeTest {
  private static final String INET = "org.asyncore.fixture.Wiring#inet";

  static final class Door extends Dispatcher {
    private final Consumer<Dispatcher> secure;

    Door(Consumer<Dispatcher> secure, SocketMap map) {
      super(map);
      this.secure = secure;
      createSocket();
      bind("127.0.0.1", 0);
      listen(128);
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      secure.accept(new Upgrade(socket, map(), Echo::new));
    }
  }

  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.writeAndFlush(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable reset) {
      context.close();
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void nothingIsLostOfWhatIsQueuedCollectedOrUnread(Wiring wiring) throws Exception {
    try (Kitchen kitchen = new Kitchen(wiring)) {
      InetSocketAddress address = kitchen.serve(map -> new Door(plain -> {}, map));
      try (Socket client = Kitchen.connect(address)) {
        StringBuilder before = new StringBuilder();
        for (int i = 0; i < 3_000; i++) before.append("line ").append(i).append('\n');
        StringBuilder after = new StringBuilder("right behind\n");
        for (int i = 0; i < 20_000; i++) after.append("new ").append(i).append('\n');
        Thread sending =
            new Thread(
                () -> {
                  try {
                    Kitchen.send(client, before + "UPGRADE\n" + after);
                    client.shutdownOutput();
                  } catch (java.io.IOException failed) {
                    throw new java.io.UncheckedIOException(failed);
                  }
                },
                "sending");
        sending.start();
        BufferedReader in = Kitchen.reader(client);
        for (int i = 0; i < 3_000; i++) assertEquals("old line " + i, in.readLine());
        assertEquals("old UPGRADE", in.readLine());
        assertEquals("right behind", in.readLine());
        for (int i = 0; i < 20_000; i++) assertEquals("new " + i, in.readLine());
        assertNull(in.readLine());
        sending.join(10_000);
      }
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void itIsTheSameUnderTls(Wiring wiring) throws Exception {
    SslContext context = Certificates.LOCALHOST.server().build();
    SSLContext trusting = Certificates.trusting();
    try (Kitchen kitchen = new Kitchen(wiring)) {
      InetSocketAddress address =
          kitchen.serve(map -> new Door(upgrade -> Tls.start(upgrade, context), map));
      try (Socket plain = Kitchen.connect(address);
          Socket client =
              trusting
                  .getSocketFactory()
                  .createSocket(plain, "localhost", address.getPort(), true)) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 2_000; i++) all.append("line ").append(i).append('\n');
        all.append("UPGRADE\nright behind\n");
        for (int i = 0; i < 5_000; i++) all.append("new ").append(i).append('\n');
        Thread sending = new Thread(() -> send(client, all.toString()), "sending");
        sending.start();
        BufferedReader in = Kitchen.reader(client);
        for (int i = 0; i < 2_000; i++) assertEquals("old line " + i, in.readLine());
        assertEquals("old UPGRADE", in.readLine());
        assertEquals("right behind", in.readLine());
        for (int i = 0; i < 5_000; i++) assertEquals("new " + i, in.readLine());
        sending.join(10_000);
      }
    }
  }

  private static void send(Socket client, String text) {
    try {
      Kitchen.send(client, text);
    } catch (java.io.IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
  }
}
