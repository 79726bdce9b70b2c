package org.asyncore.ends;

import io.netty.handler.ssl.JdkSslContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocket;
import org.asyncore.faults.Pattern;
import org.asyncore.migrate.Certificates;

/** A peer: asks, reads in its manner, and says what came and how it ended. */
final class Caller implements Callable<Caller.Heard>, AutoCloseable {
  private static final int NARROW_BYTES = 4096;
  private static final int SIP_BYTES = 2048;
  private static final long SIP_NANOS = 1_000_000;

  /**
   * What a peer has heard.
   *
   * @param byteCount how many bytes came, each the right one
   * @param end {@code "closed"} for an ordinary end
   */
  record Heard(int byteCount, String end) {
    boolean isOrdinary() {
      return end.equals("closed");
    }
  }

  private final StopPlan plan;
  private final StopPlan.Visit visit;
  private final int number;
  private final Pattern answer;
  private final CountDownLatch over;
  private final SocketChannel channel;
  private final SocketAddress address;
  private int received;

  /**
   * @param over when the server has come to its end
   */
  Caller(StopPlan plan, int number, SocketAddress address, CountDownLatch over) throws IOException {
    this.plan = plan;
    this.number = number;
    this.address = address;
    this.over = over;
    visit = plan.visits().get(number);
    answer = Answerer.answer(plan, number);
    channel = address instanceof InetSocketAddress ? SocketChannel.open() : unix();
    if (plan.narrow() && !plan.isUnix()) {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, NARROW_BYTES);
    }
  }

  private static SocketChannel unix() throws IOException {
    return SocketChannel.open(java.net.StandardProtocolFamily.UNIX);
  }

  @Override
  public Heard call() throws Exception {
    try {
      channel.connect(address);
      if (plan.isUnix()) {
        talk(
            Channels.newInputStream(channel),
            Channels.newOutputStream(channel),
            channel::shutdownOutput);
      } else {
        Socket socket =
            plan.front() == StopPlan.Front.TLS ? secure(channel.socket()) : channel.socket();
        talk(socket.getInputStream(), socket.getOutputStream(), socket::shutdownOutput);
      }
      return new Heard(received, "closed");
    } catch (IOException told) {
      return new Heard(received, "told: " + told.getMessage());
    }
  }

  private static Socket secure(Socket plain) throws IOException {
    JdkSslContext context = (JdkSslContext) Certificates.client().build();
    SSLSocket tls =
        (SSLSocket)
            context.context().getSocketFactory().createSocket(plain, "localhost", 443, true);
    tls.startHandshake();
    return tls;
  }

  private interface Ending {
    void end() throws IOException;
  }

  private void talk(InputStream in, OutputStream out, Ending ending) throws Exception {
    out.write(ByteBuffer.allocate(Answerer.QUESTION_BYTES).putInt(number).array());
    out.flush();
    if (visit.halfCloses()) ending.end();
    if (visit.manner() == StopPlan.Manner.DEAD) over.await();
    byte[] piece = new byte[65_536];
    for (int n; (n = in.read(piece, 0, isSlow() ? SIP_BYTES : piece.length)) >= 0; ) {
      check(Arrays.copyOf(piece, n));
      if (isSlow()) LockSupport.parkNanos(SIP_NANOS);
    }
  }

  private boolean isSlow() {
    return visit.manner() == StopPlan.Manner.SLOW && over.getCount() > 0;
  }

  private void check(byte[] came) {
    int wrong = answer.firstWrong(received, came);
    if (wrong >= 0) throw new AssertionError("a wrong byte, number " + (received + wrong));
    received += came.length;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
