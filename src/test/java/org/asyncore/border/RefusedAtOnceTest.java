package org.asyncore.border;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.asyncore.Dispatcher;
import org.asyncore.fixture.Numbers;
import org.asyncore.limits.Timeouts;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A connect that fails at once leaves the socket as it was: its number, its descriptor's options
 * and name, its handlers, timeouts and attributes. A second connect of it works.
 */
class RefusedAtOnceTest {
  private static final AttributeKey<String> MARK = AttributeKey.valueOf("border.mark");
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  @TempDir Path folder;

  enum Refusal {
    /** TCP to the broadcast address; without a route to it, that is what is told. */
    EACCES,
    /** A path that nobody listens on any more. */
    ECONNREFUSED,
    /** No such path. */
    ENOENT,
    /** A listener whose backlog is full. */
    EAGAIN;

    boolean isUnix() {
      return this != EACCES;
    }
  }

  /** What stands in front of the dispatcher when it connects. */
  enum Front {
    NOTHING,
    HANDLER,
    TIMEOUT,
    CONNECT_TIMEOUT
  }

  record Case(String transport, boolean usePoll, Kind kind, Refusal refusal, Front front) {
    Row row() {
      return new Row(transport, usePoll, Mode.LOOP, kind);
    }

    @Override
    public String toString() {
      return row() + ", " + refusal + " behind " + front;
    }
  }

  static Stream<Case> cases() {
    return Row.of(List.of(Mode.LOOP), List.of(Kind.values()))
        .flatMap(
            row ->
                Stream.of(Refusal.values())
                    .flatMap(
                        refusal ->
                            Stream.of(Front.values())
                                .map(
                                    front ->
                                        new Case(
                                            row.transport(),
                                            row.usePoll(),
                                            row.kind(),
                                            refusal,
                                            front))));
  }

  static Stream<Case> sample() {
    return Sample.of(cases(), 60);
  }

  @ParameterizedTest
  @MethodSource("sample")
  void theSocketStaysAsItWas(Case tried) throws IOException {
    try (Site site = new Site(tried.row());
        Play play = new Play(site, tried)) {
      play.play();
      site.judge();
    }
  }

  private final class Play implements AutoCloseable {
    private final Site site;
    private final Case tried;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Guest guest;
    private final ChannelInboundHandlerAdapter handler = new ChannelInboundHandlerAdapter();

    Play(Site site, Case tried) throws IOException {
      this.site = site;
      this.tried = tried;
      try (FileInputStream lower = new FileInputStream("pom.xml")) { // So that one is free later.
        guest = Guest.of(tried.kind, "guest", site.watch, null, site.map());
        guest.dispatcher().createSocket(tried.refusal.isUnix() ? Family.UNIX : Family.INET);
        assertTrue(lower.available() > 0);
      }
      guest.script().writes = true;
      prepare();
    }

    private void prepare() {
      Dispatcher dispatcher = guest.dispatcher();
      switch (tried.front) {
        case NOTHING -> {}
        case HANDLER -> DispatcherChannels.pipeline(dispatcher).addFirst("mark", handler);
        case TIMEOUT -> Timeouts.of(dispatcher).idle(Duration.ofMinutes(1));
        case CONNECT_TIMEOUT -> Timeouts.of(dispatcher).connect(Duration.ofMinutes(1));
      }
      DispatcherChannels.channel(dispatcher).attr(MARK).set("marked");
      dispatcher.socket().setsockopt(StandardSocketOptions.SO_SNDBUF, 34_567);
      if (!tried.refusal.isUnix()) dispatcher.bind("0.0.0.0", 0);
    }

    void play() throws IOException {
      Dispatcher dispatcher = guest.dispatcher();
      SocketAddress name = dispatcher.socket().getsockname();
      List<String> handlers = DispatcherChannels.channel(dispatcher).pipeline().names();
      int sendBuffer = dispatcher.socket().getsockopt(StandardSocketOptions.SO_SNDBUF);
      refuse();
      assertSame(dispatcher, site.map().get(dispatcher.fileno()));
      assertNull(Numbers.fault(site.map()));
      assertTrue(Numbers.isOwn(dispatcher), () -> "not the descriptor's: " + dispatcher);
      assertEquals(name, dispatcher.socket().getsockname());
      assertEquals(sendBuffer, dispatcher.socket().getsockopt(StandardSocketOptions.SO_SNDBUF));
      assertNull(DispatcherChannels.channel(dispatcher).attr(MARK).get()); // A named difference.
      assertEquals(handlers, DispatcherChannels.channel(dispatcher).pipeline().names());
      connect();
    }

    private void refuse() throws IOException {
      Errno told = null;
      try {
        guest.dispatcher().connect(nobody());
      } catch (OsException refused) {
        told = refused.errno();
      }
      // EAGAIN is one of those that connect takes for a connection under way.
      if (tried.refusal == Refusal.EAGAIN) assertNull(told);
      else if (told != Errno.ENETUNREACH) assertEquals(tried.refusal.name(), String.valueOf(told));
    }

    private SocketAddress nobody() throws IOException {
      Path path = folder.resolve("nobody");
      Files.deleteIfExists(path);
      return switch (tried.refusal) {
        case EACCES -> new InetSocketAddress("255.255.255.255", 9);
        case ENOENT -> UnixDomainSocketAddress.of(path);
        case ECONNREFUSED -> {
          try (ServerSocketChannel gone = listen(UnixDomainSocketAddress.of(path), 1)) {
            yield gone.getLocalAddress();
          }
        }
        case EAGAIN -> full(UnixDomainSocketAddress.of(path));
      };
    }

    private static ServerSocketChannel listen(UnixDomainSocketAddress address, int backlog)
        throws IOException {
      return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address, backlog);
    }

    private SocketAddress full(UnixDomainSocketAddress address) throws IOException {
      open.add(listen(address, 1));
      for (int i = 0; i < 2; i++) open.add(SocketChannel.open(address));
      return address;
    }

    /** The same dispatcher, to somebody who is there. */
    private void connect() throws IOException {
      Path path = folder.resolve("somebody");
      Files.deleteIfExists(path);
      ServerSocketChannel door =
          tried.refusal.isUnix()
              ? listen(UnixDomainSocketAddress.of(path), 1)
              : ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0));
      open.add(door);
      guest.dispatcher().connect(door.getLocalAddress());
      SocketChannel peer = door.accept();
      open.add(peer);
      site.until(guest.dispatcher()::connected, "connection");
      guest.script().writes = false;
      peer.write(ByteBuffer.wrap(Bytes.of(0, 4)));
      site.until(() -> guest.script().received().length == 4, "bytes of the peer");
      assertEquals(1, guest.script().count("handleConnect"), site.watch::toString);
      assertEquals(0, guest.script().count("handleError"), site.watch::toString);
    }

    @Override
    public void close() throws IOException {
      for (AutoCloseable each : open) {
        try {
          each.close();
        } catch (Exception e) {
          throw new IOException(each + " does not close", e);
        }
      }
    }
  }
}
