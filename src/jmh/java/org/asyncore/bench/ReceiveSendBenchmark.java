package org.asyncore.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One message there and back over loopback, in one thread: a plain peer writes, the echo is served,
 * the peer reads. {@code nobody} serves with the JDK's channel: the kernel's share of the others.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class ReceiveSendBenchmark {
  private static final int LARGEST = 65536;

  /** Bytes of the message. */
  @Param({"64", "65536"})
  public int size;

  /** How the echo is written. */
  @Param({"nobody", "bytes", "buffer", "with-send"})
  public String form;

  private final SocketMap map = new SocketMap();
  private final ByteBuffer shared = ByteBuffer.allocateDirect(LARGEST);
  private SocketChannel peer;
  private SocketChannel plain;
  private ByteBuffer message;
  private ByteBuffer answer;

  /** Connects the peer. */
  @Setup(Level.Trial)
  public void connect() throws IOException, InterruptedException {
    message = ByteBuffer.allocateDirect(size);
    answer = ByteBuffer.allocateDirect(size);
    peer = SocketChannel.open();
    if (form.equals("nobody")) connectPlain();
    else connectShim();
    peer.setOption(StandardSocketOptions.TCP_NODELAY, true);
    peer.configureBlocking(false);
  }

  private void connectPlain() throws IOException {
    try (ServerSocketChannel listening = ServerSocketChannel.open()) {
      listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      peer.connect(listening.getLocalAddress());
      plain = listening.accept();
    }
    plain.configureBlocking(false);
  }

  private void connectShim() throws IOException, InterruptedException {
    Dispatcher listening = new Listener();
    listening.createSocket();
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    listening.listen(1);
    peer.connect(listening.socket().getsockname());
    Asyncore.loop(1, false, map, 1);
    listening.close();
  }

  /** There and back. */
  @Benchmark
  public void roundTrip() throws IOException, InterruptedException {
    message.clear();
    answer.clear();
    while (answer.hasRemaining()) {
      if (message.hasRemaining()) peer.write(message);
      if (plain == null) Asyncore.loop(0, false, map, 1);
      else echoPlain();
      peer.read(answer);
    }
  }

  private void echoPlain() throws IOException {
    if (plain.read(shared.clear()) <= 0) return;
    shared.flip();
    while (shared.hasRemaining()) plain.write(shared);
  }

  /** Ends both. */
  @TearDown(Level.Trial)
  public void close() throws IOException, InterruptedException {
    peer.close();
    if (plain != null) plain.close();
    Asyncore.closeAll(map, true);
  }

  /** Accepts the peer. */
  private final class Listener extends Dispatcher {
    Listener() {
      super(map);
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      Dispatcher accepted =
          switch (form) {
            case "bytes" -> new BytesForm(socket);
            case "buffer" -> new BufferForm(socket);
            case "with-send" -> new WithSendForm(socket);
            default -> throw new IllegalArgumentException(form);
          };
      if (!accepted.connected()) throw new IllegalStateException(accepted + " is not connected");
    }
  }

  private class BytesForm extends Dispatcher {
    BytesForm(AsyncSocket socket) {
      super(socket, map);
    }

    @Override
    public final boolean writable() {
      return false;
    }

    @Override
    public void handleRead() {
      byte[] data = recv(LARGEST);
      needAll(send(data), data.length);
    }

    static void needAll(int taken, int offered) {
      if (taken != offered) throw new IllegalStateException("taken: " + taken + " of " + offered);
    }
  }

  private final class BufferForm extends BytesForm {
    BufferForm(AsyncSocket socket) {
      super(socket);
    }

    @Override
    public void handleRead() {
      int came = recv(shared.clear());
      needAll(send(shared.flip()), came);
    }
  }

  private final class WithSendForm extends DispatcherWithSend {
    WithSendForm(AsyncSocket socket) {
      super(socket, map);
    }

    @Override
    public void handleRead() {
      send(recv(LARGEST));
    }
  }
}
