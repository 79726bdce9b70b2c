package org.asyncore.border;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.LoopThread;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Other;
import org.asyncore.limits.Timeouts;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.migrate.Tls;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing that a dispatcher's send took is lost, however either side ends. */
class EndsTest {
  private static final int ANSWER = 400_000;
  private static final int NARROW = 20_000;
  private static final int MANY = 12;
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  static Stream<Row> keepers() {
    Set<Kind> keeping = EnumSet.of(Kind.WITH_SEND, Kind.CHAT);
    Stream<Row> rows = Row.of(List.of(Mode.values()), keeping);
    return Sample.of(rows, 8);
  }

  /** The peer asks, ends its stream, and reads a long answer late. */
  @ParameterizedTest
  @MethodSource("keepers")
  void theWholeAnswerArrivesBehindTheEndOfTheQuestion(Row row) {
    wholeAnswer(row, EndsTest::narrow);
  }

  /** The peer reads all the time, so the system may take at once whatever waits on our side. */
  @ParameterizedTest
  @MethodSource("keepers")
  void theWholeAnswerArrivesThatBeginsAtTheEndOfTheQuestion(Row row) {
    try (Site site = new Site(row)) {
      Remote remote = site.call("guest");
      Guest guest = site.await("guest", made -> {});
      remote.start(row.mode().isTls());
      site.until(remote::isReady, "handshake");
      Script script = guest.script();
      script.on(
          "handleClose",
          me -> {
            script.reads = false;
            me.give(Bytes.of(0, ANSWER));
          });
      remote.endOutput();
      site.until(() -> remote.received().length == ANSWER, "whole answer");
      site.task(guest.dispatcher()::close);
      site.until(() -> remote.end() != null, "end of the answer");
      assertEquals(null, Bytes.fault(remote.received(), ANSWER), site.watch::toString);
      assertEquals("closed", remote.end(), site.watch::toString);
      assertEquals(0, script.count("handleError"), site.watch::toString);
      site.judge();
    }
  }

  static Stream<Row> hosts() {
    return Row.of(List.of(Mode.HOSTED, Mode.HOSTED_TLS, Mode.OWN_GROUP), List.of(Kind.WITH_SEND));
  }

  /** The same, and a handler in front goes on asking for bytes. */
  @ParameterizedTest
  @MethodSource("hosts")
  void theWholeAnswerArrivesPastWhoReadsOn(Row row) {
    wholeAnswer(
        row,
        guest -> {
          narrow(guest);
          DispatcherChannels.channel(guest.dispatcher()).pipeline().addFirst(new ReadsOn());
        });
  }

  private static final class ReadsOn extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      context.fireUserEventTriggered(event);
      context.read();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      context.fireChannelWritabilityChanged();
      context.read();
    }
  }

  private static void wholeAnswer(Row row, Consumer<Guest> prepare) {
    try (Site site = new Site(row)) {
      Remote remote = site.call("guest", NARROW);
      Guest guest = site.await("guest", prepare);
      remote.start(row.mode().isTls());
      site.until(remote::isReady, "handshake");
      Script script = guest.script();
      script.on("handleRead", me -> answer(me));
      script.on("handleClose", me -> script.reads = false); // It goes on with its answer.
      remote.reads(false);
      remote.send(Bytes.of(0, 1));
      site.until(() -> script.received().length > 0, "question");
      remote.endOutput();
      site.until(() -> script.count("handleClose") > 0, "end of the question");
      site.passes(5);
      remote.reads(true);
      site.until(() -> guest.dispatcher().queuedBytes() == 0, "queue to empty");
      site.task(guest.dispatcher()::close);
      site.until(() -> remote.end() != null, "end of the answer");
      assertEquals(null, Bytes.fault(remote.received(), ANSWER), site.watch::toString);
      assertEquals("closed", remote.end(), site.watch::toString);
      assertEquals(0, script.count("handleError"), site.watch::toString);
      site.judge();
    }
  }

  /** So that most of the answer waits on our side. */
  private static void narrow(Guest guest) {
    guest.dispatcher().socket().setsockopt(StandardSocketOptions.SO_SNDBUF, NARROW);
  }

  private static void answer(Guest guest) {
    guest.script().read();
    if (guest.script().received().length > 0 && !guest.script().isClosed) {
      guest.script().usually("handleRead");
      guest.give(Bytes.of(0, ANSWER));
    }
  }

  record Reply(Row row, boolean isBehindMany, int sends) {}

  static Stream<Reply> replies() {
    Stream<Reply> all =
        Row.all()
            .flatMap(
                row ->
                    Stream.of(1, 2, 3)
                        .flatMap(
                            sends ->
                                Stream.of(
                                    new Reply(row, false, sends), new Reply(row, true, sends))));
    return Sample.of(all, 40);
  }

  /** A callback may wait for what its peer makes of a reply, of two, or of many. */
  @ParameterizedTest
  @MethodSource("replies")
  void aReplyLeavesBeforeItsCallbackReturns(Reply tried) {
    try (Site site = new Site(tried.row)) {
      Site.Met met = site.meet("guest");
      Remote remote = met.remote();
      int[] sent = {0};
      met.script()
          .on(
              "handleRead",
              me -> {
                me.script().read();
                boolean isMany = tried.isBehindMany && sent[0] == 0;
                for (int i = isMany ? MANY : tried.sends; i > 0; i--) {
                  me.give(Bytes.of(sent[0], 10));
                  sent[0] += 10;
                }
                if (!isMany) remote.awaitBytes(sent[0]);
              });
      for (int questions = tried.isBehindMany ? 2 : 1, i = 0; i < questions; i++) {
        int before = sent[0];
        remote.send(Bytes.of(i, 1));
        site.until(() -> sent[0] > before && remote.receivedCount() == sent[0], "reply");
      }
      assertEquals(null, Bytes.fault(remote.received(), sent[0]), site.watch::toString);
      site.judge();
    }
  }

  /** What may stand in front of a dispatcher whose loop ends. */
  enum Front {
    NOTHING,
    HANDLER,
    TIMEOUT,
    TLS
  }

  enum End {
    STOP,
    CLOSE_ALL
  }

  record Ending(String transport, boolean usePoll, Front front, End end) {}

  static Stream<Ending> endings() {
    Stream<Ending> all =
        Row.of(Mode.LOOP)
            .flatMap(
                row ->
                    Stream.of(Front.values())
                        .flatMap(
                            front ->
                                Stream.of(End.values())
                                    .map(
                                        end ->
                                            new Ending(
                                                row.transport(), row.usePoll(), front, end))));
    return Sample.of(all, 4);
  }

  /** Sends what its socket takes when it is told to, and closes. */
  private static final class Last extends Dispatcher {
    final CompletableFuture<Long> taken = new CompletableFuture<>();

    Last(AsyncSocket socket, SocketMap map, Front front) {
      super(socket, map);
      switch (front) {
        case NOTHING -> {}
        case HANDLER ->
            DispatcherChannels.pipeline(this).addFirst(new ChannelInboundHandlerAdapter());
        case TIMEOUT -> Timeouts.of(this).write(Duration.ofSeconds(100));
        case TLS -> Tls.start(this, Site.secrets());
      }
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleRead() {
      recv(100);
    }

    @Override
    public void handleStop() {
      sayAll();
    }

    void sayAll() {
      long sent = 0;
      for (int n = 1; n > 0; sent += n) n = send(Bytes.of((int) sent, 65_536));
      close();
      taken.complete(sent);
    }
  }

  private static final class Welcome extends Dispatcher {
    private final Front front;
    final CompletableFuture<Last> last = new CompletableFuture<>();

    Welcome(SocketMap map, Front front) {
      super(map);
      this.front = front;
      createSocket();
      bind(ANY_PORT);
      listen(5);
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      last.complete(new Last(socket, map(), front));
    }
  }

  @ParameterizedTest
  @MethodSource("endings")
  void aLoopThatEndsWaitsForWhatWasTaken(Ending tried) throws Exception {
    new Row(tried.transport, tried.usePoll, Mode.LOOP, Kind.PLAIN).assumeAvailable();
    SocketMap map = new SocketMap(tried.transport);
    Welcome welcome = new Welcome(map, tried.front);
    Remote remote = Remote.to(welcome.socket().getsockname(), 4096);
    LoopThread loop = new LoopThread("ending", map).usePoll(tried.usePoll).start();
    try (remote) {
      Last last = welcome.last.get(5, TimeUnit.SECONDS);
      remote.start(tried.front == Front.TLS);
      Other.await(remote::isReady, "handshake");
      remote.reads(false);
      if (tried.front == Front.TLS) remote.send(new byte[1]);
      Thread closing = end(tried.end, loop, last);
      long taken = last.taken.get(5, TimeUnit.SECONDS);
      assertFalse(hasEnded(loop, closing), "it ends before its peer has read");
      remote.reads(true);
      Other.await(() -> remote.end() != null, "end; " + remote);
      assertEquals(null, Bytes.fault(remote.received(), (int) taken));
      assertEquals("closed", remote.end());
      loop.stop(Duration.ZERO);
      assertTrue(loop.join(Duration.ofSeconds(5)), "the loop ends");
    }
  }

  private static boolean hasEnded(LoopThread loop, Thread closing) throws InterruptedException {
    if (closing == null) return loop.join(Duration.ofMillis(200));
    closing.join(200);
    return !closing.isAlive();
  }

  /** The thread that waits, if it is not the loop's. */
  private static Thread end(End how, LoopThread loop, Last last) throws Exception {
    if (how == End.STOP) {
      loop.stop(Duration.ofSeconds(20));
      return null;
    }
    loop.execute(last::sayAll);
    last.taken.get(5, TimeUnit.SECONDS);
    return Other.thread(
            "closing",
            () -> {
              Asyncore.closeAll(loop.map(), true);
              return null;
            })
        .thread();
  }

  private static final byte[] NO_RECORD = "longer than the header of one".getBytes(US_ASCII);

  /** How a connection may end between the map that accepted it and the one that serves it. */
  enum Moved {
    JUNK,
    RESET,
    CHANNEL_CLOSED,
    PEER_CLOSED
  }

  record Moving(String transport, boolean usePoll, Front front, Moved moved) {}

  static Stream<Moving> movings() {
    Stream<Moving> all =
        Row.of(Mode.LOOP)
            .flatMap(
                row ->
                    Stream.of(Front.NOTHING, Front.HANDLER, Front.TLS)
                        .flatMap(
                            front ->
                                Stream.of(Moved.values())
                                    .map(
                                        how ->
                                            new Moving(
                                                row.transport(), row.usePoll(), front, how))));
    return Sample.of(all, 15);
  }

  @ParameterizedTest
  @MethodSource("movings")
  void aConnectionThatEndedBeforeItsOwnLoopAskedIsTold(Moving tried) throws Exception {
    new Row(tried.transport, tried.usePoll, Mode.MOVED, Kind.PLAIN).assumeAvailable();
    SocketMap accepting = new SocketMap(tried.transport);
    SocketMap serving = new SocketMap(tried.transport);
    AsyncSocket[] accepted = new AsyncSocket[1];
    Dispatcher listener = new Taking(accepting, accepted);
    InetSocketAddress address = (InetSocketAddress) listener.socket().getsockname();
    try (Socket peer = new Socket(address.getAddress(), address.getPort())) {
      for (int i = 0; accepted[0] == null && i < 1000; i++) pass(tried, accepting);
      Watch watch = new Watch();
      Guest guest = Guest.of(Kind.PLAIN, "guest", watch, accepted[0], serving);
      inFront(guest.dispatcher(), tried.front);
      end(guest.dispatcher(), peer, tried.moved);
      for (int i = 0; i < 5; i++) pass(tried, accepting);
      Script script = guest.script();
      for (int i = 0; !script.isClosed && i < 1000; i++) pass(tried, serving);
      if (tried.moved == Moved.JUNK && tried.front != Front.TLS) {
        assertEquals(NO_RECORD.length, script.received().length, watch::toString);
      } else {
        assertTrue(script.isClosed, () -> "not told; " + watch);
      }
      assertEquals(List.of(), watch.wrong(), watch::toString);
    } finally {
      Asyncore.closeAll(serving, true);
      Asyncore.closeAll(accepting, true);
    }
  }

  private static final class Taking extends Dispatcher {
    private final AsyncSocket[] accepted;

    Taking(SocketMap map, AsyncSocket[] accepted) {
      super(map);
      this.accepted = accepted;
      createSocket();
      bind(ANY_PORT);
      listen(5);
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      accepted[0] = socket;
    }

    @Override
    public boolean writable() {
      return false;
    }
  }

  private static void pass(Moving tried, SocketMap map) throws InterruptedException {
    Asyncore.loop(0.001, tried.usePoll, map, 1);
  }

  private static void inFront(Dispatcher dispatcher, Front front) {
    if (front == Front.TLS) Tls.start(dispatcher, Site.secrets());
    else if (front == Front.HANDLER)
      DispatcherChannels.pipeline(dispatcher).addFirst(new ChannelInboundHandlerAdapter());
  }

  private static void end(Dispatcher dispatcher, Socket peer, Moved how) throws IOException {
    switch (how) {
      case JUNK -> peer.getOutputStream().write(NO_RECORD);
      case RESET -> {
        peer.setSoLinger(true, 0);
        peer.close();
      }
      case CHANNEL_CLOSED -> DispatcherChannels.channel(dispatcher).close();
      case PEER_CLOSED -> {
        try (InputStream in = peer.getInputStream()) {
          assertEquals(0, in.available());
        }
      }
    }
  }
}
