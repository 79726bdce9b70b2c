package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.asyncore.fixture.Logged;
import org.asyncore.fixture.Other;
import org.asyncore.fixture.Peer;
import org.asyncore.fixture.Wiring;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Several loops behind one address. */
@ParameterizedClass
@MethodSource("org.asyncore.fixture.Wiring#inet")
class LoopGroupTest {
  private static final Duration LIMIT = Duration.ofSeconds(15);
  private static final Duration LONG = Duration.ofDays(1);
  private static final int LOOPS = 3;

  private final Wiring wiring;
  private final LoopGroup group;
  private final List<Peer> peers = new ArrayList<>();

  /** The threads that each dispatcher was called on. */
  private final Map<Dispatcher, Set<String>> threads = new ConcurrentHashMap<>();

  LoopGroupTest(Wiring wiring) {
    wiring.assumeAvailable();
    this.wiring = wiring;
    group = group();
  }

  private LoopGroup group() {
    LoopGroup made = new LoopGroup("test", LOOPS, () -> new SocketMap(wiring.transport()));
    for (LoopThread loop : made.loops()) loop.usePoll(wiring.usePoll()).daemon(true);
    return made;
  }

  @AfterEach
  void stop() throws InterruptedException {
    for (Peer peer : peers) peer.close();
    group.stop(Duration.ZERO);
    assertTrue(group.join(LIMIT), group::toString);
    for (LoopThread loop : group.loops()) assertTrue(loop.map().isEmpty(), group::toString);
  }

  private class Echo extends DispatcherWithSend {
    Echo(AsyncSocket socket, SocketMap map) {
      super(socket, map);
      note();
    }

    private void note() {
      threads
          .computeIfAbsent(this, key -> ConcurrentHashMap.newKeySet())
          .add(Thread.currentThread().getName());
    }

    @Override
    public void handleRead() {
      note();
      byte[] data = recv(8192);
      if (data.length > 0) send(data);
    }

    @Override
    public void handleClose() {
      note();
      close();
    }
  }

  private InetSocketAddress anyPort() {
    return new InetSocketAddress(wiring.loopback(), 0);
  }

  private Peer client(SocketAddress address) {
    Peer peer = Peer.to((InetSocketAddress) address);
    peers.add(peer);
    return peer;
  }

  private Set<String> threadsOfAll() {
    Set<String> all = ConcurrentHashMap.newKeySet();
    for (Set<String> each : threads.values()) {
      assertEquals(1, each.size(), () -> "one dispatcher on " + each);
      all.addAll(each);
    }
    return all;
  }

  @Test
  void allLoopsServeAndEachDispatcherStaysOnOne() {
    SocketAddress address = group.listen(anyPort(), 128, Echo::new);
    group.start();
    boolean deals = wiring.transport().equals("epoll"); // By a hash of the addresses.
    int most = deals ? 1_000 : 2 * LOOPS;
    int connections = 0;
    while (connections < most && (!deals || threadsOfAll().size() < LOOPS)) {
      Peer client = client(address);
      assertEquals("hello", client.send("hello").receive(5));
      connections++;
    }
    for (Peer peer : peers) assertEquals("there", peer.send("there").receive(5));
    assertEquals(
        Set.of("asyncore-loop-test-0", "asyncore-loop-test-1", "asyncore-loop-test-2"),
        threadsOfAll());
    assertEquals(connections, threads.size());
  }

  @Test
  void handOffGoesRound() {
    if (wiring.transport().equals("epoll")) return; // The kernel deals.
    SocketAddress address = group.listen(anyPort(), 128, Echo::new);
    group.start();
    for (int i = 0; i < 4 * LOOPS; i++) client(address).send("hello").receive(5);
    for (LoopThread loop : group.loops()) {
      int listeners = loop == group.loops().get(0) ? 1 : 0;
      assertEquals(4 + listeners, loop.map().size());
    }
  }

  @Test
  void epollHasAListenerForEachLoop() {
    group.listen(anyPort(), 128, Echo::new);
    boolean deals = wiring.transport().equals("epoll");
    assertEquals(deals ? LOOPS : 1, group.listeners().size());
    assertEquals(
        1, group.listeners().stream().map(each -> each.socket().getsockname()).distinct().count());
  }

  @Test
  void listensWhileItRuns() {
    group.start();
    for (int i = 0; i < 20; i++) {
      SocketAddress address = group.listen(anyPort(), 128, Echo::new);
      assertEquals("hello", client(address).send("hello").receive(5));
    }
  }

  @Test
  void anAddressInUseIsToldAndNothingIsLeft() throws Exception {
    SocketAddress address = group.listen(anyPort(), 128, Echo::new);
    try (LoopGroup second = group()) {
      OsException refused =
          assertThrows(OsException.class, () -> second.listen(address, 128, Echo::new));
      assertEquals(Errno.EADDRINUSE, refused.errno());
      assertEquals(List.of(), second.listeners());
      for (LoopThread loop : second.loops()) assertTrue(loop.map().isEmpty());
    }
  }

  @Test
  void unixDomainSocketsAreHandedOn(@TempDir Path folder) throws Exception {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s"));
    group.listen(address, 128, Echo::new);
    group.start();
    List<SocketChannel> clients = new ArrayList<>();
    for (int i = 0; i < LOOPS; i++) {
      SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
      clients.add(client);
      client.connect(address);
      client.write(ByteBuffer.wrap(new byte[] {'x'}));
      assertEquals(1, client.read(ByteBuffer.allocate(1)));
    }
    assertEquals(LOOPS, threadsOfAll().size());
    for (SocketChannel client : clients) client.close();
  }

  @Test
  void drainsAllLoops() throws Exception {
    SocketAddress address = group.listen(anyPort(), 128, Echo::new);
    group.start();
    for (int i = 0; i < 8; i++) client(address).send("hello").receive(5);
    group.stop(LONG);
    for (Peer peer : peers) {
      assertEquals("there", peer.send("there").receive(5));
      peer.endOutput();
      peer.receiveAll();
    }
    assertTrue(group.join(LIMIT), group::toString);
    for (LoopThread loop : group.loops()) assertEquals(LoopThread.State.ENDED, loop.state());
  }

  @Test
  void connectionsOfTheBacklogAreServedWhenItStops() throws Exception {
    SocketAddress address = group.listen(anyPort(), 128, Echo::new);
    List<Peer> waiting = new ArrayList<>();
    for (int i = 0; i < 20; i++) waiting.add(client(address)); // Nobody accepts yet.
    group.start();
    group.stop(LONG);
    for (Peer peer : waiting) {
      assertEquals("hello", peer.send("hello").receive(5));
      peer.endOutput();
      peer.receiveAll();
    }
    assertTrue(group.join(LIMIT), group::toString);
  }

  /** Idle, it would hold the stop up to its end. */
  @Test
  void connectionsOfTheBacklogAreToldThatItStops() throws Exception {
    SocketAddress address =
        group.listen(
            anyPort(),
            128,
            (socket, map) ->
                new Echo(socket, map) {
                  @Override
                  public void handleStop() {
                    close();
                  }
                });
    for (int i = 0; i < 20; i++) client(address); // Nobody accepts yet.
    group.start();
    group.stop(LONG);
    assertTrue(group.join(LIMIT), group::toString);
    for (Peer peer : peers) assertEquals("'' then closed", peer.receiveAll().toString());
    assertEquals(20, threads.size());
  }

  @Test
  void aConnectionWithoutADispatcherIsClosedAndTheListenerStays() throws Exception {
    try (Logged logged = new Logged()) {
      int[] made = new int[1];
      SocketAddress address =
          group.listen(
              anyPort(),
              128,
              (socket, map) -> {
                synchronized (made) {
                  if (made[0]++ == 0) throw new IllegalStateException("thrown by the factory");
                }
                return new Echo(socket, map);
              });
      group.start();
      assertEquals("'' then closed", client(address).receiveAll().toString());
      assertEquals("hello", client(address).send("hello").receive(5));
      assertEquals(1, logged.lines().size());
      String line = logged.lines().get(0);
      assertTrue(line.startsWith("SEVERE: a connection has no dispatcher: "), line);
    }
  }

  @Test
  void whenOneFailsAllEndAndJoinTells() throws Exception {
    LoopGroup failing = group();
    failing.start();
    failing
        .next()
        .execute(
            () -> {
              throw new IllegalStateException("thrown by a command");
            });
    LoopFailedException failed = assertThrows(LoopFailedException.class, () -> failing.join(LIMIT));
    assertEquals("thrown by a command", failed.getCause().getMessage());
    assertThrows(LoopFailedException.class, failing::close);
    for (LoopThread loop : failing.loops()) assertEquals(LoopThread.State.ENDED, loop.state());
  }

  @Test
  void oneThatNeverStartedClosesItsListeners() {
    LoopGroup unstarted = group();
    SocketAddress address = unstarted.listen(anyPort(), 128, Echo::new);
    unstarted.close();
    for (LoopThread loop : unstarted.loops()) assertTrue(loop.map().isEmpty(), group::toString);
    group.listen(address, 128, Echo::new); // It is free.
  }

  @Test
  void doesNotListenWhenItStops() throws Exception {
    SocketAddress address = group.listen(anyPort(), 128, Echo::new);
    group.start();
    assertEquals("hello", client(address).send("hello").receive(5));
    group.stop(LONG);
    List<Dispatcher> before = group.listeners();
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> group.listen(anyPort(), 128, Echo::new));
    String message = refused.getMessage();
    assertTrue(message.startsWith("listen() of asyncore-loop-test-"), message);
    assertEquals(before, group.listeners());
    group.stop(Duration.ZERO);
    assertTrue(group.join(LIMIT), group::toString);
    assertThrows(IllegalStateException.class, () -> group.listen(anyPort(), 128, Echo::new));
  }

  @Test
  void whateverComesFirstOfListenStartAndStopNothingIsLeft() throws Exception {
    for (int round = 0; round < 20; round++) {
      LoopGroup raced = group();
      Other<Boolean> listens =
          Other.thread("listens", () -> unlessStopped(() -> raced.listen(anyPort(), 5, Echo::new)));
      Other<Boolean> starts = Other.thread("starts", () -> unlessStopped(raced::start));
      raced.stop(Duration.ofMillis(1));
      starts.result();
      listens.result();
      raced.stop(Duration.ZERO);
      assertTrue(raced.join(LIMIT), raced::toString);
      for (LoopThread loop : raced.loops()) assertTrue(loop.map().isEmpty(), raced::toString);
    }
  }

  private static boolean unlessStopped(Runnable call) {
    try {
      call.run();
      return true;
    } catch (IllegalStateException stopped) {
      return false;
    }
  }

  @Test
  void aListenerThatCannotAcceptClosesAllTheSameWhenItStops() throws Exception {
    try (Logged logged = new Logged()) {
      SocketAddress address = group.listen(anyPort(), 128, Echo::new);
      for (Dispatcher listener : group.listeners()) {
        listener.acceptPolicy(
            new AcceptPolicy() {
              @Override
              public boolean accepts() {
                return false;
              }

              @Override
              public void handleReadEvent(Dispatcher asked) {
                throw new AssertionError("not readable");
              }

              @Override
              public Accepted accept(AsyncSocket socket) {
                throw new OsException(Errno.EMFILE);
              }

              @Override
              public boolean acceptFailed(OsException error) {
                return false;
              }
            });
      }
      client(address);
      group.start();
      group.stop(LONG);
      assertTrue(group.join(LIMIT), group::toString);
      for (String line : logged.lines()) assertTrue(line.contains("a listener failed"), line);
    }
  }

  @Test
  void startsAllLoopsOrNone() throws Exception {
    LoopThread last = group.loops().get(LOOPS - 1);
    last.start();
    assertThrows(IllegalStateException.class, group::start);
    assertEquals(LoopThread.State.NEW, group.loops().get(0).state());
    assertEquals(LoopThread.State.RUNNING, last.state());
  }

  @Test
  void noneOfItsThreadsCanWaitForIt() throws Exception {
    group.start();
    CompletableFuture<IllegalStateException> refused = new CompletableFuture<>();
    group
        .loops()
        .get(LOOPS - 1)
        .execute(
            () ->
                refused.complete(
                    assertThrows(IllegalStateException.class, () -> group.join(LONG))));
    assertEquals(
        "join() on its own thread, of asyncore-loop-test-2, RUNNING",
        refused.get(LIMIT.toSeconds(), TimeUnit.SECONDS).getMessage());
  }

  @Test
  void eachLoopNeedsAMapOfItsOwn() {
    SocketMap only = new SocketMap(wiring.transport());
    assertEquals(
        "maps gave the same map twice, for loops 0 and 1",
        assertThrows(IllegalArgumentException.class, () -> new LoopGroup("x", 2, () -> only))
            .getMessage());
    assertThrows(NullPointerException.class, () -> new LoopGroup("x", 1, () -> null));
  }

  @Test
  void wrongArgumentsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new LoopGroup("x", 0));
    assertThrows(NullPointerException.class, () -> new LoopGroup(null, 1));
    assertThrows(NullPointerException.class, () -> new LoopGroup("x", 1, null));
    assertThrows(NullPointerException.class, () -> group.listen(null, 1, Echo::new));
    assertThrows(IllegalArgumentException.class, () -> group.listen(anyPort(), -1, Echo::new));
    assertThrows(NullPointerException.class, () -> group.listen(anyPort(), 1, null));
    assertThrows(NullPointerException.class, () -> group.join(null));
    assertThrows(NullPointerException.class, () -> group.stop(null));
    assertEquals(List.of(), group.listeners());
    for (LoopThread loop : group.loops()) assertEquals(LoopThread.State.NEW, loop.state());
  }
}
