package org.asyncore.examples.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.asyncore.Asyncore;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Tool;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Pipe;

/** The recipes about files and processes, and those whose loop is not the kitchen's. */
final class FileTables {
  private FileTables() {}

  // --- a process that is watched ---

  static Table process(Kitchen kitchen, Path folder) throws IOException {
    Tool.assumePresent("sh");
    List<String> lines = IntStream.range(0, 3000).mapToObj(i -> "line " + i).toList();
    Path file = Files.write(folder.resolve("lines"), lines);
    return new Watching(kitchen, file, lines);
  }

  private record Watching(Kitchen kitchen, Path file, List<String> lines) implements Table {
    @Override
    public Seat seat(boolean isSlow, Random random) {
      return new Seat(Wire.none(), this::watch);
    }

    /** One that prints the lines; or prints them, waits, and is killed. */
    private void watch(Guest guest) throws Exception {
      boolean vanishes = guest.manner().vanishes();
      String script =
          switch (guest.manner()) {
            case PLAIN, SLOW -> "cat '%1$s' >&2; cat '%1$s'; exit 3";
            case DRIBBLING -> "while read -r line; do echo \"$line\"; done <'%1$s'; exit 3";
            case RESETTING, LEAVING -> "cat '%1$s'; exec tail -f /dev/null";
          };
      WatchedProcessTest.Notes notes = new WatchedProcessTest.Notes();
      WatchedProcess watched =
          WatchedProcessTest.watch(kitchen, notes, "sh", "-c", script.formatted(file));
      if (vanishes) {
        kitchen.until(() -> !notes.of("stdout").isEmpty(), "a line");
        watched.process().destroyForcibly();
      }
      assertEquals(vanishes ? 128 + 9 : 3, Kitchen.within(notes.status()));
      List<String> found = notes.of("stdout");
      int whole = vanishes ? found.size() - 1 : lines.size(); // The last one may be cut off.
      assertEquals(lines.subList(0, whole), found.subList(0, whole));
      if (vanishes) assertTrue(lines.get(whole).startsWith(found.get(whole)), found.get(whole));
      if (!notes.of("stderr").isEmpty()) assertEquals(lines, notes.of("stderr"));
    }

    @Override
    public boolean isClean() {
      return kitchen.map().isEmpty();
    }
  }

  // --- standard input and output ---

  static Table stdio(Kitchen kitchen, Path folder) {
    return new Stdio(kitchen);
  }

  private record Stdio(Kitchen kitchen) implements Table {
    @Override
    public Seat seat(boolean isSlow, Random random) {
      Pipe in = kitchen.on(map -> map.transport().pipe());
      Pipe out = kitchen.on(map -> map.transport().pipe());
      kitchen.on(map -> new StdioChat(in.reader().fileno(), out.writer().fileno(), map));
      in.reader().close();
      out.writer().close();
      return new Seat(Wire.over(out.reader(), in.writer()), Stdio::talk);
    }

    private static void talk(Guest guest) throws Exception {
      int lines = 500 + guest.random().nextInt(7500); // Each answer is a system call.
      guest.send("hello\n");
      guest.expect("5\n");
      guest.send("x\n".repeat(lines) + "unended");
      guest.end();
      guest.expect("1\n".repeat(lines));
      guest.expectEnd();
    }

    @Override
    public boolean isClean() {
      return kitchen.map().isEmpty();
    }

    @Override
    public List<Bad> bad() {
      return List.of(
          new Bad("one\n" + "x".repeat(200_000), "^3\nerror: [^\n]*\n<end>"),
          new Bad("quit\n" + "x".repeat(200_000), "^<end>"));
    }
  }

  // --- other loops ---

  /** Of inetd, in a process of its own. */
  static Table inherited(Kitchen kitchen, Path folder) throws IOException {
    Process inetd = SystemTest.inetd(kitchen.map().transport().name(), "wait");
    BufferedReader printed = inetd.inputReader();
    InetSocketAddress address = SystemTest.address(printed);
    return new ServerTables.Closing(
        Table.Server.in(kitchen, address, EchoTable::closing),
        () -> {
          inetd.descendants().forEach(ProcessHandle::destroyForcibly);
          inetd.destroy();
        });
  }

  static Table ownPoller(Kitchen kitchen, Path folder) {
    SocketMap map = new SocketMap(kitchen.map().transport().name());
    InetSocketAddress address =
        (InetSocketAddress)
            new EchoTable.Listener(map, (socket, peer) -> new PlainEcho(socket, map))
                .socket()
                .getsockname();
    AtomicBoolean isOver = new AtomicBoolean();
    CompletableFuture<Void> polling = CompletableFuture.runAsync(() -> poll(map, isOver));
    return new ServerTables.Closing(
        new Table.Server(map, 1, address, EchoTable::halfClosing, List.of()),
        () -> {
          isOver.set(true);
          Kitchen.within(polling);
          closeAll(map);
        });
  }

  /** Goes by its own buffer: nobody makes the calls of water marks. */
  private static final class PlainEcho extends DispatcherWithSend {
    private boolean inputEnded;

    PlainEcho(AsyncSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public boolean readable() {
      return !inputEnded && queuedBytes() < 64 << 10;
    }

    @Override
    public void handleRead() {
      byte[] data = recv(16 << 10);
      if (data.length > 0) send(data);
    }

    @Override
    public void handleWrite() {
      super.handleWrite();
      if (inputEnded && !hasQueued()) close();
    }

    @Override
    public void handleClose() {
      if (inputEnded || !hasQueued()) close(); // Told again: nothing can be sent either.
      inputEnded = true;
    }
  }

  private static void closeAll(SocketMap map) {
    try {
      Asyncore.closeAll(map, true);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void poll(SocketMap map, AtomicBoolean isOver) {
    OwnPoller poller = new OwnPoller(map);
    try {
      while (!isOver.get()) poller.once(Duration.ofMillis(20));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
