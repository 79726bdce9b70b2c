package org.asyncore.testkit.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.limits.Timeouts;
import org.asyncore.migrate.Certificates;
import org.asyncore.migrate.DispatcherHandler;
import org.asyncore.migrate.Tls;
import org.asyncore.testkit.Peer;
import org.asyncore.testkit.Schedules;
import org.asyncore.testkit.TestLoop;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A hosted dispatcher and its peer, in memory and on the loop's clock. */
class TestPipelineTest {
  private final TestLoop loop = new TestLoop();

  @AfterEach
  void close() {
    loop.close();
  }

  /** Echoes, and closes who says nothing for five minutes. */
  private static final class PatientEcho extends DispatcherWithSend {
    PatientEcho(AsyncSocket socket, SocketMap map) {
      super(socket, map);
      Timeouts.of(this).idle(Duration.ofMinutes(5), late -> close());
    }

    @Override
    public void handleRead() {
      byte[] data = recv(8192);
      if (data.length > 0) send(data);
    }

    @Override
    public void handleClose() {
      close();
    }
  }

  @Test
  void aHostedDispatcherAnswers() {
    TestPipeline hosted = new TestPipeline(loop, new DispatcherHandler(PatientEcho::new));
    hosted.peer().send("hello").expect("hello").inPieces(1).send("bye").expect("bye");
    hosted.peer().close();
    loop.settle();
    assertFalse(hosted.channel().isOpen());
  }

  @Test
  void itsTimeoutsFollowTheClock() {
    TestPipeline hosted = new TestPipeline(loop, new DispatcherHandler(PatientEcho::new));
    hosted.peer().expectSilence(Duration.ofMinutes(4)).send("still here").expect("still here");
    hosted.peer().expectSilence(Duration.ofMinutes(5).minusNanos(1));
    loop.advance(Duration.ofNanos(1));
    hosted.peer().expectEnd();
    assertEquals(Duration.ofMinutes(9), loop.clock().elapsed());
  }

  @Test
  void soDoThoseOfHandlersInFront() {
    TestPipeline hosted =
        new TestPipeline(
            loop,
            new ReadTimeoutHandler(30, TimeUnit.SECONDS),
            new DispatcherHandler(PatientEcho::new));
    hosted.peer().send("x").expect("x").expectSilence(Duration.ofSeconds(29));
    loop.advance(Duration.ofSeconds(1));
    hosted.peer().expectEnd();
  }

  @Test
  void aDecoderInFrontCutsLines() {
    TestPipeline hosted =
        new TestPipeline(
            loop, new LineBasedFrameDecoder(100), new DispatcherHandler(PatientEcho::new));
    hosted.peer().inPieces(2).send("one\ntwo\n").expect("onetwo");
  }

  @Test
  void tlsIsBetweenThem() throws SSLException {
    SslHandler server =
        Certificates.LOCALHOST.server().build().newHandler(ByteBufAllocator.DEFAULT);
    SslHandler client =
        Certificates.client().build().newHandler(ByteBufAllocator.DEFAULT, "localhost", 1);
    TestPipeline hosted =
        new TestPipeline(
            loop,
            new ChannelHandler[] {server, new DispatcherHandler(PatientEcho::new)},
            new ChannelHandler[] {client});
    hosted.peer().send("in secret").expect("in secret").inPieces(3).send("cut").expect("cut");
    hosted.peer().close();
    loop.settle();
  }

  @Test
  void aHostedDispatcherMayStartTls() throws SSLException {
    SslContext context = Certificates.LOCALHOST.server().build();
    SslHandler client =
        Certificates.client().build().newHandler(ByteBufAllocator.DEFAULT, "localhost", 1);
    DispatcherHandler secured =
        new DispatcherHandler(
            (socket, map) -> {
              PatientEcho echo = new PatientEcho(socket, map);
              Tls.start(echo, context);
              return echo;
            });
    TestPipeline hosted =
        new TestPipeline(loop, new ChannelHandler[] {secured}, new ChannelHandler[] {client});
    hosted.peer().send("in secret").expect("in secret");
    hosted.peer().expectSilence(Duration.ofMinutes(5).minusNanos(1));
    loop.advance(Duration.ofNanos(1));
    hosted.peer().expectEnd();
  }

  @Test
  void inEveryOrder() {
    Schedules.of(200)
        .run(
            schedule -> {
              TestLoop ours = schedule.loop();
              Peer peer = new TestPipeline(ours, new DispatcherHandler(PatientEcho::new)).peer();
              peer.send("hello, ").send("world").expect("hello, world");
            });
  }
}
