package org.asyncore.examples.cookbook;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** FTP: a file down, a file up, each over a connection of its own. */
final class FtpTable implements Table.Around {
  private static final Pattern PLACE = Pattern.compile("229 .*\\(\\|\\|\\|(\\d+)\\|\\)");
  private static final long FAST = 1L << 40;

  private final Path root;
  private final byte[] big = new byte[3 << 20];
  private final byte[] middle;
  private final Table.Server server;
  private final AtomicInteger guests = new AtomicInteger();

  FtpTable(Kitchen kitchen, Path folder) throws IOException {
    root = folder;
    new Random(3).nextBytes(big);
    Files.write(root.resolve("big"), big);
    middle = Arrays.copyOf(big, 20_000);
    Files.write(root.resolve("middle"), middle);
    FtpServer.Settings settings = new FtpServer.Settings(root, FAST, Duration.ofMinutes(5), null);
    InetSocketAddress address = kitchen.serve(map -> new FtpServer("127.0.0.1", 0, settings, map));
    server = Table.Server.in(kitchen, address, this::talk);
  }

  @Override
  public Table table() {
    return server;
  }

  @Override
  public List<Bad> bad() {
    String in = "^220 ready\r\n331 [^\n]*\n230 [^\n]*\n";
    String login = "USER x\r\nPASS x\r\n";
    return List.of(
        new Bad("RETR big\r\n", "^220 ready\r\n530 [^\n]*\n"),
        new Bad(login + "HELLO\r\n\r\n", in + "502 [^\n]*\n502 [^\n]*\n"),
        new Bad(login + "RETR big\r\n", in + "425 [^\n]*\n"),
        new Bad(login + "RETR none\r\nREST x\r\n", in + "550 [^\n]*\n550 [^\n]*\n"),
        new Bad(login + "PORT 10,0,0,1,200,1\r\n", in + "504 [^\n]*\n"),
        new Bad(login + "x".repeat(200_000) + "\r\nNOOP\r\n", in + "500 [^\n]*\n200 [^\n]*\n"),
        new Bad(login + "ABOR\r\nQUIT\r\n", in + "225 [^\n]*\n221 [^\n]*\n<end>"));
  }

  private void talk(Guest guest) throws Exception {
    boolean isSlow = guest.manner() == Guest.Manner.SLOW;
    guest.expectLine("220");
    guest.send("USER x\r\nPASS x\r\n");
    guest.expectLine("331");
    guest.expectLine("230");
    Guest down = transfer(guest, isSlow ? "RETR big" : "RETR middle", isSlow);
    down.expect(isSlow ? big : middle);
    down.expectEnd();
    down.goodbye();
    guest.expectLine("226");
    String name = "put" + guests.incrementAndGet();
    byte[] data = guest.data();
    Guest up = transfer(guest, "STOR " + name, false);
    up.send(data);
    up.end();
    up.expectEnd();
    up.goodbye();
    guest.expectLine("226");
    assertArrayEquals(data, Files.readAllBytes(root.resolve(name)));
    guest.send("QUIT\r\n");
    guest.expectLine("221");
    guest.expectEnd();
  }

  private static Guest transfer(Guest guest, String command, boolean isSlow) throws Exception {
    guest.send("EPSV\r\n".getBytes(US_ASCII));
    Matcher place = PLACE.matcher(guest.hearLine());
    if (!place.matches()) throw new AssertionError("no place: " + place);
    guest.send(command + "\r\n");
    guest.expectLine("150");
    int port = Integer.parseInt(place.group(1));
    return guest.joined(
        Wire.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), isSlow));
  }
}
