package org.asyncore.examples;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Set;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Shutdown;

/** Runs the examples by name. Exits with 1 if the network refuses, with 2 after a wrong usage. */
public final class Main {
  private static final String USAGE =
      """
      usage: echo [PORT]            an echo server on 127.0.0.1, until Ctrl-C
             udp [PORT]             the same for datagrams
             chat [PORT]            a chat room
             web [PORT]             an HTTP server that tells what it was asked
             smtp [PORT]            a mail server that says what it gets
             lines [PORT [SECONDS]] lines come back, from two loops; ends gently on SIGTERM
             http HOST PORT [PATH]  gets a page and prints the reply
             talk HOST PORT         sends its standard input, prints what comes; needs epoll
             type HOST PORT         sends lines of its standard input, prints those that come
             both                   the HTTP client against the echo server, in one process
             idle [CHANNELS]        measures passes in which nothing happens\
      """;

  private static final String HERE = "127.0.0.1";
  private static final Set<String> SERVERS = Set.of("echo", "udp", "chat", "web", "smtp");

  /** A server that stops serves on until a pass this long has had no events. */
  private static final Duration QUIET = Duration.ofMillis(200);

  /** But not longer than this. */
  private static final Duration LONGEST_DRAIN = Duration.ofSeconds(5);

  /** After this it is over, whatever is left. */
  private static final Duration LONGEST_STOP = Duration.ofSeconds(8);

  private Main() {}

  public static void main(String[] args) throws InterruptedException, IOException {
    String command = args.length == 0 ? "" : args[0];
    try {
      if (SERVERS.contains(command) && args.length <= 2) {
        serve(server(command, args.length == 1 ? 0 : port(args[1])));
      } else if (command.equals("lines") && args.length <= 3) {
        Duration drain = Duration.ofSeconds(args.length < 3 ? 5 : number(args[2], 3_600));
        LineServer.serve(HERE, args.length == 1 ? 0 : port(args[1]), drain);
      } else if (command.equals("http") && (args.length == 3 || args.length == 4)) {
        http(args[1], port(args[2]), args.length == 3 ? "/" : args[3]);
      } else if (command.equals("talk") && args.length == 3) {
        talk(args[1], port(args[2]));
      } else if (command.equals("type") && args.length == 3) {
        LineClient.talk(args[1], port(args[2]));
      } else if (command.equals("both") && args.length == 1) {
        both();
      } else if (command.equals("idle") && args.length <= 2) {
        IdlePass.measure(args.length == 1 ? 1 : number(args[1], 1_000_000));
      } else {
        exit(2, USAGE);
      }
    } catch (OsException refused) {
      exit(1, command + ": " + refused.getMessage());
    }
  }

  private static Dispatcher server(String name, int port) {
    return switch (name) {
      case "echo" -> new EchoServer(HERE, port);
      case "udp" -> new UdpEcho(HERE, port);
      case "chat" -> new ChatRoom(HERE, port);
      case "web" -> new HttpRequestHandler.Server(HERE, port, null);
      case "smtp" ->
          new SmtpServer(
              HERE, port, null, mail -> System.out.println("mail to " + mail.recipients()));
      default -> throw new IllegalArgumentException("not a server: " + name);
    };
  }

  private static void serve(Dispatcher server) throws InterruptedException {
    stopWithTheProcess(Thread.currentThread());
    System.out.println("listening on " + text(server.socket()));
    try {
      Asyncore.loop();
    } catch (InterruptedException stopped) {
      drain(server);
      System.out.println("stopped");
    }
  }

  /** On Ctrl-C or SIGTERM, has the loop's thread leave its loop and drain, and waits for it. */
  private static void stopWithTheProcess(Thread serving) {
    Thread stopping =
        new Thread(
            () -> {
              if (!serving.isAlive()) return; // It ended by itself, and has a status of its own.
              serving.interrupt();
              try {
                serving.join(LONGEST_STOP.toMillis());
              } catch (InterruptedException impatient) {
                System.err.println("stopped before everything was sent");
              }
            },
            "stopping");
    Runtime.getRuntime().addShutdownHook(stopping);
  }

  /** Stops listening, and goes on until nobody sends anything and all answers are out. */
  private static void drain(Dispatcher server) throws InterruptedException {
    SocketMap map = server.map();
    server.close();
    long start = System.nanoTime();
    boolean isQuiet = false;
    while (!map.isEmpty() && !isQuiet && System.nanoTime() - start < LONGEST_DRAIN.toNanos()) {
      long passStart = System.nanoTime();
      Asyncore.loop(QUIET, 1);
      isQuiet = System.nanoTime() - passStart >= QUIET.toNanos() && !hasUnsent(map);
    }
    Asyncore.closeAll(); // Waits for what the dispatchers' sockets have taken.
  }

  private static boolean hasUnsent(SocketMap map) {
    for (Dispatcher dispatcher : map) {
      if (dispatcher instanceof DispatcherWithSend sender && sender.outBufferSize() > 0)
        return true;
    }
    return false;
  }

  private static void http(String host, int port, String path) throws InterruptedException {
    new HttpClient(host, port, path) {
      @Override
      public void handleError(Throwable thrown) {
        close();
        exit(1, "http: " + thrown.getMessage());
      }
    };
    Asyncore.loop();
  }

  private static void talk(String host, int port) throws InterruptedException {
    new StdinClient(host, port) {
      @Override
      public void handleError(Throwable thrown) {
        handleClose();
        exit(1, "talk: " + thrown.getMessage());
      }
    };
    Asyncore.loop();
  }

  /** The server sends the client's request back as its reply. */
  private static void both() throws InterruptedException {
    EchoServer server = new EchoServer(HERE, 0);
    System.out.println("listening on " + text(server.socket()));
    new HttpClient(HERE, port(server.socket().getsockname()), "/") {
      @Override
      public void handleWrite() {
        super.handleWrite();
        if (!writable()) socket().shutdown(Shutdown.WR); // The server sees the end, and closes.
      }

      @Override
      public void handleClose() {
        super.handleClose();
        server.close(); // The map is empty now, so the loop ends.
      }
    };
    Asyncore.loop();
  }

  /** A socket's address and transport: {@code 127.0.0.1:8007 (epoll)}. */
  static String text(AsyncSocket socket) {
    InetSocketAddress address = (InetSocketAddress) socket.getsockname();
    String host = address.getAddress().getHostAddress();
    return host + ":" + address.getPort() + " (" + socket.transport().name() + ")";
  }

  private static int port(SocketAddress address) {
    return ((InetSocketAddress) address).getPort();
  }

  private static int port(String text) {
    return number(text, 65535);
  }

  private static int number(String text, int limit) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 0 && number <= limit) return number;
    } catch (NumberFormatException e) {
      // Said below, as for a number out of range.
    }
    exit(2, "not a number from 0 to " + limit + ": " + text + "\n" + USAGE);
    return -1;
  }

  private static void exit(int status, String message) {
    System.err.println(message);
    System.exit(status);
  }
}
