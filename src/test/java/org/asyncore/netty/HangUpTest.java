package org.asyncore.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.asyncore.fixture.Wiring;
import org.asyncore.internal.LoopPollster;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.asyncore.transport.Pipe;
import org.asyncore.transport.PipeEnd;
import org.asyncore.transport.Pollster;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.Shutdown;
import org.asyncore.transport.SocketType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a hang-up or an error, of which the system tells unasked, is to select and to poll: what
 * they told CPython 3.11.7, row by row. Where they tell nothing, they sleep.
 */
class HangUpTest {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /**
   * How often a wait looks at what it waits for, at most, if it sleeps: thousands of times else.
   */
  private static final int MOST_LOOKS = 200;

  @TempDir private Path folder;

  private final List<AutoCloseable> opened = new ArrayList<>();
  private NettyTransport transport;

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable resource : opened) resource.close();
  }

  private void open(String name) {
    new Wiring(name, Family.INET, true).assumeAvailable();
    transport = NettyTransport.open(name);
  }

  // --- how it comes about ---

  /** Ways to get something that has hung up, or is broken. */
  enum State {
    /** Its writer is closed. */
    PIPE_READER {
      @Override
      AsyncSocket make(HangUpTest test) {
        Pipe pipe = test.pipe();
        pipe.writer().close();
        return test.file(pipe.reader());
      }
    },
    /** Its reader is closed. */
    PIPE_WRITER {
      @Override
      AsyncSocket make(HangUpTest test) {
        Pipe pipe = test.pipe();
        pipe.reader().close();
        return test.file(pipe.writer());
      }
    },
    /** The same, and there is no room in it. */
    FULL_PIPE_WRITER {
      @Override
      AsyncSocket make(HangUpTest test) {
        Pipe pipe = test.pipe();
        while (pipe.writer().write(ByteBuffer.allocate(65536)) > 0) {
          // More fits in.
        }
        pipe.reader().close();
        return test.file(pipe.writer());
      }
    },
    /** Both ends have ended their streams. */
    TCP_SHUT {
      @Override
      AsyncSocket make(HangUpTest test) throws IOException {
        Linked linked = test.link(Family.INET);
        linked.socket().shutdown(Shutdown.WR);
        linked.peer().shutdownOutput();
        return linked.socket();
      }
    },
    TCP_RESET {
      @Override
      AsyncSocket make(HangUpTest test) throws IOException {
        Linked linked = test.link(Family.INET);
        linked.peer().setOption(StandardSocketOptions.SO_LINGER, 0);
        linked.peer().close();
        return linked.socket();
      }
    },
    UNIX_PEER_CLOSED {
      @Override
      AsyncSocket make(HangUpTest test) throws IOException {
        Linked linked = test.link(Family.UNIX);
        linked.peer().close();
        return linked.socket();
      }
    },
    /** Nobody is there: the system was told. */
    UDP_ERROR {
      @Override
      AsyncSocket make(HangUpTest test) throws IOException {
        SocketAddress nobody;
        try (DatagramSocket once = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
          nobody = once.getLocalSocketAddress();
        }
        AsyncSocket socket = test.transport.socket(Family.INET, SocketType.DGRAM);
        test.opened.add(socket::close);
        socket.connectEx(nobody);
        socket.send(new byte[1], 0, 1);
        return socket;
      }
    },
    /** Neither connected nor listening. */
    TCP_FRESH {
      @Override
      AsyncSocket make(HangUpTest test) {
        return test.fresh(Family.INET);
      }
    },
    UNIX_FRESH {
      @Override
      AsyncSocket make(HangUpTest test) {
        return test.fresh(Family.UNIX);
      }
    },
    LISTENER {
      @Override
      AsyncSocket make(HangUpTest test) {
        AsyncSocket listener = test.fresh(Family.INET);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        listener.listen(5);
        return listener;
      }
    };

    abstract AsyncSocket make(HangUpTest test) throws IOException;
  }

  private record Linked(AsyncSocket socket, SocketChannel peer) {}

  private Pipe pipe() {
    Pipe pipe = transport.pipe();
    opened.add(pipe.reader());
    opened.add(pipe.writer());
    return pipe;
  }

  private AsyncSocket file(PipeEnd end) {
    AsyncSocket file = transport.file(end.fileno()).polled();
    opened.add(file::close);
    end.close();
    return file;
  }

  private AsyncSocket fresh(Family family) {
    AsyncSocket socket = transport.socket(family, SocketType.STREAM);
    opened.add(socket::close);
    return socket;
  }

  private Linked link(Family family) throws IOException {
    boolean isUnix = family == Family.UNIX;
    SocketAddress any =
        isUnix
            ? UnixDomainSocketAddress.of(folder.resolve("socket"))
            : new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    AsyncSocket socket = fresh(family);
    try (ServerSocketChannel door =
        ServerSocketChannel.open(
            isUnix ? StandardProtocolFamily.UNIX : StandardProtocolFamily.INET)) {
      door.bind(any);
      socket.connectEx(door.getLocalAddress());
      SocketChannel peer = door.accept();
      opened.add(peer);
      Levels.await("out", socket);
      socket.takeError(); // Tells the socket that it is connected.
      return new Linked(socket, peer);
    }
  }

  // --- what is said of it ---

  /** How a pass's wait ended, and how often it looked at the clock on its way. */
  private record Said(String words, int looks) {}

  private Said say(boolean poll, AsyncSocket socket, int asked) {
    LoopPollster pollster = transport.pollster();
    int[] looks = {0};
    pollster.alarm(
        () -> {
          looks[0]++;
          return Pollster.FOREVER;
        });
    try {
      transport.takeTurn();
      try {
        pollster.begin(poll);
        pollster.register(0, socket, asked);
        pollster.poll(WAIT_NANOS);
        int found = pollster.readyCount() == 0 ? 0 : pollster.events(0);
        return new Said(poll ? Levels.words(found) : selected(asked, found), looks[0]);
      } finally {
        pollster.done();
        transport.giveTurn();
      }
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while looking at " + socket, e);
    }
  }

  /** In which of select's lists it is. */
  private static String selected(int asked, int found) {
    List<String> lists = new ArrayList<>();
    int broken = Readiness.HUP | Readiness.ERR;
    if ((asked & Readiness.IN) != 0 && (found & (Readiness.IN | broken)) != 0) lists.add("read");
    if ((asked & found & Readiness.OUT) != 0
        || ((asked & Readiness.OUT) != 0 && (found & Readiness.ERR) != 0)) lists.add("write");
    if (found != 0 && lists.isEmpty()) lists.add("woken for nothing");
    return String.join(" ", lists);
  }

  /** What asyncore asks for a dispatcher that says it is readable, writable or both. */
  private static int asked(String wants, boolean poll) {
    int asked = wants.contains("r") ? Readiness.IN | Readiness.PRI : 0;
    if (wants.contains("w")) asked |= poll ? Readiness.OUT : Readiness.OUT | Readiness.PRI;
    return asked;
  }

  private void await(String expected, boolean poll, AsyncSocket socket, int asked) {
    long start = System.nanoTime();
    Said said;
    do {
      said = say(poll, socket, asked);
    } while (!said.words().equals(expected) && System.nanoTime() - start < LIMIT_NANOS);
    assertEquals(expected, said.words());
    if (!expected.isEmpty()) return;
    Said again = say(poll, socket, asked);
    assertEquals(expected, again.words());
    assertTrue(again.looks() <= MOST_LOOKS, () -> "does not sleep: looks " + again.looks());
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          PIPE_READER,        r,  read,       hup
          PIPE_READER,        w,  '',         hup
          PIPE_READER,        rw, read,       hup
          PIPE_WRITER,        r,  read,       err
          PIPE_WRITER,        w,  write,      out err
          PIPE_WRITER,        rw, read write, out err
          FULL_PIPE_WRITER,   r,  read,       err
          FULL_PIPE_WRITER,   w,  write,      err
          FULL_PIPE_WRITER,   rw, read write, err
          TCP_SHUT,           r,  read,       in hup
          TCP_SHUT,           w,  write,      out hup
          TCP_SHUT,           rw, read write, in out hup
          TCP_RESET,          r,  read,       in err hup
          TCP_RESET,          w,  write,      out err hup
          TCP_RESET,          rw, read write, in out err hup
          UNIX_PEER_CLOSED,   r,  read,       in hup
          UNIX_PEER_CLOSED,   w,  write,      out hup
          UNIX_PEER_CLOSED,   rw, read write, in out hup
          UDP_ERROR,          r,  read,       err
          UDP_ERROR,          w,  write,      out err
          UDP_ERROR,          rw, read write, out err
          TCP_FRESH,          r,  read,       hup
          TCP_FRESH,          w,  write,      out hup
          TCP_FRESH,          rw, read write, out hup
          UNIX_FRESH,         r,  read,       hup
          UNIX_FRESH,         w,  write,      out hup
          UNIX_FRESH,         rw, read write, out hup
          LISTENER,           r,  '',         ''
          """)
  void epollSaysWhatCpythonIsTold(State state, String wants, String select, String poll)
      throws IOException {
    open("epoll");
    AsyncSocket socket = state.make(this);
    await(poll, true, socket, asked(wants, true));
    await(select, false, socket, asked(wants, false));
    await(poll, true, socket, asked(wants, true));
    await(select, false, socket, asked(wants, false));
  }

  /** But for a pipe's writer that is not to be written: docs/differences.md#nio-broken-pipe. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          PIPE_READER,        r,  read
          PIPE_READER,        w,  ''
          PIPE_READER,        rw, read
          PIPE_WRITER,        w,  write
          PIPE_WRITER,        rw, read write
          FULL_PIPE_WRITER,   w,  write
          FULL_PIPE_WRITER,   rw, read write
          TCP_SHUT,           r,  read
          TCP_SHUT,           w,  write
          TCP_SHUT,           rw, read write
          TCP_RESET,          r,  read
          TCP_RESET,          w,  write
          TCP_RESET,          rw, read write
          UNIX_PEER_CLOSED,   r,  read
          UNIX_PEER_CLOSED,   w,  write
          UNIX_PEER_CLOSED,   rw, read write
          UDP_ERROR,          r,  read
          UDP_ERROR,          w,  write
          UDP_ERROR,          rw, read write
          TCP_FRESH,          r,  read
          TCP_FRESH,          w,  write
          TCP_FRESH,          rw, read write
          UNIX_FRESH,         r,  read
          UNIX_FRESH,         w,  write
          UNIX_FRESH,         rw, read write
          LISTENER,           r,  ''
          """)
  void nioSaysWhatSelectDoes(State state, String wants, String select) throws IOException {
    open("nio");
    AsyncSocket socket = state.make(this);
    await(select, false, socket, asked(wants, false));
    say(true, socket, asked(wants, true)); // Asks for more, of which select is to tell nothing.
    await(select, false, socket, asked(wants, false));
  }
}
