package org.asyncore.examples.cookbook;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.asyncore.SocketMap;
import org.asyncore.examples.cookbook.TunnelledChat.Protocol;
import org.asyncore.fixture.Wiring;
import org.asyncore.testkit.Door;
import org.asyncore.testkit.Peer;
import org.asyncore.testkit.TestLoop;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class TunnelledChatTest {
  private static final String INET = "org.asyncore.fixture.Wiring#inet";

  /** Says hello through the proxy, and notes lines and errors. */
  static final class Client extends TunnelledChat {
    private final List<String> told = new ArrayList<>();

    Client(Protocol protocol, InetSocketAddress proxy, String host, int port, SocketMap map) {
      super(protocol, proxy, host, port, map);
    }

    List<String> told() {
      return List.copyOf(told);
    }

    @Override
    protected void tunnelUp() {
      setTerminator(new byte[] {'\n'});
      push("hello\n".getBytes(US_ASCII));
    }

    @Override
    protected void received(byte[] message) {
      told.add(new String(message, US_ASCII));
    }

    @Override
    public void handleError(Throwable thrown) {
      told.add("error: " + thrown.getMessage());
      close();
    }
  }

  /** A proxy that is there already: connects one client with a target, as it was asked to. */
  private static String proxy(Protocol protocol, Socket client, Socket target) throws IOException {
    DataInputStream in = new DataInputStream(client.getInputStream());
    String asked = protocol == Protocol.SOCKS5 ? socks(in, client) : http(in);
    byte[] up = {5, 0, 0, 1, 127, 0, 0, 1, 0, 9};
    if (protocol == Protocol.SOCKS5) client.getOutputStream().write(up);
    else Kitchen.send(client, "HTTP/1.1 200 Connected\r\nVia: test\r\n\r\n");
    byte[] hello = in.readNBytes(6);
    target.getOutputStream().write(hello);
    client.getOutputStream().write(target.getInputStream().readNBytes(6));
    return asked;
  }

  private static String socks(DataInputStream in, Socket client) throws IOException {
    assertEquals(5, in.readByte());
    in.readNBytes(in.readByte());
    client.getOutputStream().write(new byte[] {5, 0});
    byte[] head = in.readNBytes(4);
    assertEquals(3, head[3]);
    String host = new String(in.readNBytes(in.readUnsignedByte()), US_ASCII);
    return host + ":" + in.readUnsignedShort();
  }

  private static String http(DataInputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) head.append((char) in.readUnsignedByte());
    return head.substring("CONNECT ".length(), head.indexOf(" HTTP/1.1"));
  }

  @ParameterizedTest
  @MethodSource(INET)
  void bothProtocolsLeadThroughTheProxy(Wiring wiring) throws Exception {
    for (Protocol protocol : Protocol.values()) {
      try (Kitchen kitchen = new Kitchen(wiring);
          ServerSocket door = Kitchen.door();
          ServerSocket farDoor = Kitchen.door()) {
        InetSocketAddress address =
            new InetSocketAddress(door.getInetAddress(), door.getLocalPort());
        Client client = kitchen.on(map -> new Client(protocol, address, "example.org", 4711, map));
        try (Socket accepted = door.accept();
            Socket target = new Socket(farDoor.getInetAddress(), farDoor.getLocalPort());
            Socket far = farDoor.accept()) {
          accepted.setSoTimeout(20_000);
          Kitchen.send(far, "welcm\n");
          assertEquals("example.org:4711", proxy(protocol, accepted, target));
          assertEquals("hello", Kitchen.reader(far).readLine());
          kitchen.until(() -> client.told.contains("welcm"), "the answer is there");
        }
        kitchen.until(() -> !client.connected(), "the end is noticed");
      }
    }
  }

  /** In memory: each answer in pieces of every size, as one proxy or another may send it. */
  @ParameterizedTest
  @CsvSource({
    "SOCKS5, 05 00, 05 00 00 01 7f 00 00 01 00 09, ''",
    "SOCKS5, 05 00, 05 00 00 03 02 61 62 00 09, ''",
    "SOCKS5, 05 00, 05 00 00 04 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 00 09, ''",
    "SOCKS5, 05 ff, '', error: [Errno 111] Connection refused: the proxy says method 255",
    "SOCKS5, 04 00, '', error: the proxy says method 0",
    "SOCKS5, 05 00, 05 05 00 01 00 00 00 00 00 00, error: the proxy says error 5",
    "SOCKS5, 05 00, 05 00 00 09 00, error: the proxy says an address of kind 9",
    "SOCKS5, 05, END, error: the proxy has closed",
    "SOCKS5, 05 00, END, error: the proxy has closed",
    "HTTP_CONNECT, HTTP/1.1 200 OK, '', ''",
    "HTTP_CONNECT, HTTP/1.0 200, '', ''",
    "HTTP_CONNECT, HTTP/1.1 407 Authentication Required, '', error: the proxy says HTTP/1.1 407",
    "HTTP_CONNECT, hello, '', error: the proxy says hello",
    "HTTP_CONNECT, HTTP/1.1 200 OK, END, error: the proxy has closed",
    "HTTP_CONNECT, LONG, '', error: "
  })
  void anyAnswerIsTakenOrToldAsAnError(
      Protocol protocol, String first, String second, String wanted) {
    for (int size : new int[] {1, 3, 1000}) {
      try (TestLoop loop = new TestLoop()) {
        Door door = loop.listen(1080);
        Client client =
            new Client(protocol, (InetSocketAddress) door.address(), "example.org", 80, loop.map());
        Peer proxy = door.expectPeer().inPieces(size);
        answer(proxy, protocol, first, second);
        if (wanted.isEmpty()) {
          loop.until(() -> proxy.received().endsWith("hello\n"), "a way through");
          proxy.send("hi\n");
          loop.until(() -> client.told.equals(List.of("hi")), "an answer");
        } else {
          loop.until(() -> client.told.size() == 1, "an error");
          String end =
              wanted.substring(wanted.indexOf("the proxy") < 0 ? 0 : wanted.indexOf("the"));
          assertTrue(client.told.get(0).contains(end), client.told.get(0));
          assertTrue(loop.map().isEmpty());
        }
      }
    }
  }

  private static void answer(Peer proxy, Protocol protocol, String first, String second) {
    if (protocol == Protocol.SOCKS5) {
      proxy.send(bytes(first));
      if (!second.isEmpty() && !second.equals("END")) proxy.send(bytes(second));
    } else if (first.equals("LONG")) {
      proxy.send("HTTP/1.1 200 OK\r\nX: " + "x".repeat(10_000));
    } else {
      proxy.send(first + "\r\n" + (second.equals("END") ? "" : "Via: x\r\n\r\n"));
    }
    if (second.equals("END")) proxy.end();
  }

  private static byte[] bytes(String hex) {
    return java.util.HexFormat.ofDelimiter(" ").parseHex(hex);
  }
}
