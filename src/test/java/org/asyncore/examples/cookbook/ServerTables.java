package org.asyncore.examples.cookbook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.handler.traffic.ChannelTrafficShapingHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import org.asyncore.examples.cookbook.Table.Bad;
import org.asyncore.examples.migrating.FrontedEcho;
import org.asyncore.migrate.Certificates;
import org.asyncore.migrate.Tls;

/** The recipes that listen, for guests who connect. */
final class ServerTables {
  private static final String LONG = "x".repeat(200_000);
  private static final String V2 = "0d0a0d0a000d0a515549540a";
  private static final int BIG = 3 << 20;
  private static final int MIDDLE = 20_000;

  private ServerTables() {}

  // --- worker threads ---

  static Table workers(Kitchen kitchen, Path folder) {
    ExecutorService workers = Executors.newCachedThreadPool();
    InetSocketAddress address =
        kitchen.serve(map -> new WorkerServer("127.0.0.1", 0, workers, map));
    Table.Server server =
        Table.Server.in(
            kitchen,
            address,
            ServerTables::askWorkers,
            new Bad("nonsense\n", "^error: not a number\n"),
            new Bad("-1\n\n2\n", "^error: not a number\nline 1 of 2\nline 2 of 2\n"),
            new Bad(LONG, "^error: line too long\n<end>"),
            new Bad("1\n" + LONG + "\n1\n", "^line 1 of 1\n(.*\n)?error: line too long\n<end>"));
    return new Closing(server, workers::shutdownNow);
  }

  private static void askWorkers(Guest guest) throws Exception {
    int many = guest.volume() / 40;
    guest.send("3\n" + many + "\n");
    guest.expect(lines(3));
    guest.expect(lines(many));
    guest.send("1\nnonsense\n");
    guest.expect(lines(1) + "error: not a number\n");
  }

  private static String lines(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(line -> "line " + line + " of " + count + "\n")
        .collect(Collectors.joining());
  }

  /** A table with something to close beside the kitchen. */
  record Closing(Table table, Runnable end) implements Table.Around {
    @Override
    public void close() {
      end.run();
    }
  }

  // --- echoes behind something ---

  static Table proxy(Kitchen kitchen, Path folder) {
    InetSocketAddress echo = EchoTable.serve(kitchen);
    InetSocketAddress proxy = kitchen.serve(map -> new TcpProxy("127.0.0.1", 0, echo, map));
    return Table.Server.in(kitchen, proxy, EchoTable::halfClosing);
  }

  static Table hostedProxy(Kitchen kitchen, Path folder) throws Exception {
    InetSocketAddress echo = EchoTable.serve(kitchen);
    HostedProxyTest.Proxy proxy =
        new HostedProxyTest.Proxy(kitchen.map().transport().name(), echo.getPort());
    return new Closing(
        Table.Server.in(kitchen, proxy.address(), EchoTable::halfClosing), proxy::close);
  }

  static Table proxyProtocol(Kitchen kitchen, Path folder) {
    InetSocketAddress address =
        kitchen.serve(
            map ->
                new EchoTable.Listener(
                    map,
                    (socket, proxy) ->
                        new ProxyProtocol(
                            socket, proxy, map, (same, who) -> new EchoTable.Echo(same, map))));
    return Table.Server.in(
        kitchen,
        address,
        guest -> {
          if (guest.random().nextBoolean())
            guest.send("PROXY TCP4 192.0.2.7 192.0.2.8 4711 80\r\n");
          else guest.send(HexFormat.of().parseHex(V2 + "2111000cc0000207c633640112670050"));
          EchoTable.halfClosing(guest);
        },
        new Bad("GET / HTTP/1.0\r\n\r\n", "^<end>"),
        new Bad("PROXY TCP4 nobody.example 192.0.2.8 4711 80\r\nhello", "^<end>"),
        new Bad("PROXY " + LONG, "^<end>"),
        new Bad(new String(HexFormat.of().parseHex(V2 + "2111ffff"), ISO_8859_1), "^<end>"));
  }

  static Table fronted(Kitchen kitchen, Path folder) {
    InetSocketAddress address =
        kitchen.serve(
            map ->
                new FrontedEcho(
                    0,
                    pipeline ->
                        pipeline
                            .addFirst(new FlushConsolidationHandler(256, true))
                            .addFirst(new IdleStateHandler(60, 60, 60))
                            .addFirst(new ChannelTrafficShapingHandler(1L << 40, 1L << 40)),
                    told -> {},
                    map));
    return Table.Server.in(kitchen, address, EchoTable::halfClosing);
  }

  // --- HTTP ---

  static Table follow(Kitchen kitchen, Path folder) throws IOException {
    Path file = folder.resolve("log");
    byte[] before = new byte[400_000];
    new Random(1).nextBytes(before);
    Files.write(file, before);
    InetSocketAddress address = kitchen.serve(map -> new FollowServer("127.0.0.1", 0, file, map));
    AtomicInteger guests = new AtomicInteger();
    return Table.Server.in(
        kitchen,
        address,
        guest -> follow(guest, file, before.length, "guest " + guests.incrementAndGet() + "\n"),
        new Bad("PUT / HTTP/1.1\r\n\r\n", "^HTTP/1.1 405 (?s:.*)<end>"),
        new Bad("nonsense\r\n\r\n", "^HTTP/1.1 405 (?s:.*)<end>"),
        new Bad("GET / HTTP/1.1\r\nA: " + LONG, "^HTTP/1.1 431 (?s:.*)<end>"));
  }

  /** Reads what is there, appends a line, and reads until that has come. */
  private static void follow(Guest guest, Path file, int length, String line) throws Exception {
    guest.send("GET / HTTP/1.1\r\n\r\n");
    guest.expect("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    while (heard.size() < length) heard.writeBytes(chunk(guest));
    synchronized (ServerTables.class) {
      Files.writeString(file, line, StandardOpenOption.APPEND);
    }
    while (heard.toString(ISO_8859_1).indexOf(line, length) < 0) heard.writeBytes(chunk(guest));
    byte[] now = Files.readAllBytes(file);
    assertArrayEquals(Arrays.copyOf(now, heard.size()), heard.toByteArray());
  }

  private static byte[] chunk(Guest guest) throws Exception {
    byte[] chunk = guest.hear(Integer.parseInt(guest.hearLine(), 16));
    guest.expect("\r\n");
    return chunk;
  }

  static Table http(Kitchen kitchen, Path folder) throws IOException {
    byte[] big = new byte[BIG];
    new Random(2).nextBytes(big);
    Files.write(folder.resolve("big"), big);
    byte[] middle = Arrays.copyOf(big, MIDDLE);
    Files.write(folder.resolve("middle"), middle);
    InetSocketAddress address =
        kitchen.serve(
            map -> {
              try {
                return new HttpFileServer("127.0.0.1", 0, folder, map);
              } catch (IOException failed) {
                throw new UncheckedIOException(failed);
              }
            });
    AtomicInteger guests = new AtomicInteger();
    return Table.Server.in(
        kitchen,
        address,
        guest -> {
          boolean isSlow = guest.manner() == Guest.Manner.SLOW;
          byte[] file = isSlow ? big : middle;
          guest.send(request("GET", isSlow ? "big" : "middle", "") + request("GET", "none", ""));
          guest.expect(head("200 OK", file.length, "keep-alive"));
          guest.expect(file);
          guest.expect(head("404 Not Found", 9, "keep-alive") + "not here\n");
          guest.send(request("PUT", "put" + guests.incrementAndGet(), "Expect: 100-continue"));
          guest.expect("HTTP/1.1 100 Continue\r\n\r\n");
          guest.send("body");
          guest.expect(head("201 Created", 12, "keep-alive") + "201 Created\n");
          guest.send(request("GET", "middle", "Connection: close"));
          guest.expect(head("200 OK", middle.length, "close"));
          guest.expect(middle);
          guest.expectEnd();
        },
        new Bad("hello\r\n\r\n", "^HTTP/1.1 400 (?s:.*)<end>"),
        new Bad("GET / HTTP/1.1\r\nA: " + LONG, "^HTTP/1.1 431 (?s:.*)<end>"),
        new Bad("PUT /x HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n" + LONG, "^HTTP/1.1 413 "),
        new Bad("DELETE /big HTTP/1.1\r\n\r\n", "^HTTP/1.1 405 "),
        new Bad("GET /../log HTTP/1.1\r\n\r\n", "^HTTP/1.1 404 "));
  }

  private static String request(String method, String name, String field) {
    String length = method.equals("PUT") ? "Content-Length: 4\r\n" : "";
    String fields = length + (field.isEmpty() ? "" : field + "\r\n");
    return method + " /" + name + " HTTP/1.1\r\n" + fields + "\r\n";
  }

  private static String head(String status, int length, String connection) {
    return "HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: %s\r\n\r\n"
        .formatted(status, length, connection);
  }

  // --- others ---

  static Table signalled(Kitchen kitchen, Path folder) throws IOException {
    String greeting = "hello ".repeat(10_000);
    Path file = Files.writeString(folder.resolve("greeting"), greeting);
    InetSocketAddress address = kitchen.serve(map -> new SignalledServer(0, file, map));
    return Table.Server.in(
        kitchen,
        address,
        guest -> {
          guest.send("whatever this is");
          guest.expect(greeting);
        },
        new Bad(LONG, "^(hello )*"));
  }

  static Table upgrade(Kitchen kitchen, Path folder) {
    InetSocketAddress address = kitchen.serve(map -> new UpgradeTest.Door(plain -> {}, map));
    return Table.Server.in(
        kitchen,
        address,
        guest -> talkAcross(guest, Integer.MAX_VALUE),
        new Bad("a\n" + LONG, "^old a\nerror: line too long\n<end>"),
        new Bad(LONG + "\nUPGRADE\n", "^error: line too long\n<end>"));
  }

  static Table upgradeUnderTls(Kitchen kitchen, Path folder) throws Exception {
    SslContext context = Certificates.LOCALHOST.server().build();
    SSLContext trusting = Certificates.trusting();
    InetSocketAddress address =
        kitchen.serve(map -> new UpgradeTest.Door(upgrade -> Tls.start(upgrade, context), map));
    Table plain =
        Table.Server.in(kitchen, address, guest -> {}, new Bad("no TLS\r\n\r\n", "<end>"));
    return new Secured(plain, address, trusting);
  }

  /** Whose good guests speak TLS, and whose bad ones do not. */
  private record Secured(Table table, InetSocketAddress address, SSLContext trusting)
      implements Table.Around {
    @Override
    public Seat seat(boolean isSlow, Random random) throws Exception {
      Socket plain = new Socket(InetAddress.getLoopbackAddress(), address.getPort());
      Socket secured =
          trusting.getSocketFactory().createSocket(plain, "localhost", address.getPort(), true);
      return new Seat(Wire.over(secured, plain), guest -> talkAcross(guest, 200_000));
    }

    /** Who says what nobody should does not even speak TLS. */
    @Override
    public Seat badSeat(Random random) throws Exception {
      return table.seat(false, random);
    }
  }

  /** Lines, and right behind them what is for the successor. */
  private static void talkAcross(Guest guest, int most) throws Exception {
    int lines = 50 + guest.random().nextInt(200); // Each is a record of TLS by itself.
    StringBuilder said = new StringBuilder();
    StringBuilder wanted = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      said.append("line ").append(i).append('\n');
      wanted.append("old line ").append(i).append('\n');
    }
    byte[] behind = guest.data(most);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(said.append("UPGRADE\n").toString().getBytes(ISO_8859_1));
    all.write(behind, 0, behind.length / 2);
    guest.send(all.toByteArray());
    guest.send(Arrays.copyOfRange(behind, behind.length / 2, behind.length));
    guest.expect(wanted.append("old UPGRADE\n").toString());
    guest.expect(behind);
  }
}
