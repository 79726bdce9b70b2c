package org.asyncore.border;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.stream.Stream;
import org.asyncore.fixture.Arrival;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.transport.Family;
import org.asyncore.transport.Shutdown;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.WouldBlockException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Between two lines of a program nothing happens: whatever a program calls, and from wherever,
 * nobody is called back on the stack of that call. Later each is told, and each byte travels once.
 */
class NoCallbackInsideACallTest {
  private static final int ROWS = 120;
  private static final int UNREAD = 100;
  private static final int SMALL = 10;

  /** More than a channel takes at once. */
  private static final int LARGE = 200_000;

  /** Where the program makes its call. */
  enum Caller {
    OTHERS_CALLBACK,
    OWN_CALLBACK,
    TIMER,
    TASK,
    NATIVE_HANDLER,
    /** A listener of a promise, which a close() fulfils. */
    PROMISE,
    /** Nowhere inside of anything. */
    OUTSIDE
  }

  /** What the program calls. */
  enum Deed {
    SEND,
    SEND_MUCH,
    SEND_TWICE,
    RECV,
    CLOSE,
    /** Of a datagram socket in the same map. */
    CLOSE_ANOTHER,
    SHUTDOWN,
    FLUSH,
    READ,
    CHANNEL_CLOSE,
    USER_EVENT,
    INTEREST_CHANGED,
    AUTO_READ,
    HANDLER_IN_FRONT;

    /** Whether nothing can be sent any more. */
    boolean ends() {
      return this == CLOSE || this == CHANNEL_CLOSE || this == SHUTDOWN;
    }
  }

  record Case(Row row, Caller caller, Deed deed) {
    /** A hosted dispatcher is for its event loop, which a map's is only within a pass. */
    boolean isAllowed() {
      if (deed == Deed.CLOSE_ANOTHER && row.mode().isForeign()) return false; // There is no map.
      return caller != Caller.OUTSIDE || row.mode() != Mode.OWN_GROUP;
    }

    @Override
    public String toString() {
      return row + ", " + deed + " in " + caller;
    }
  }

  static Stream<Case> cases() {
    Stream<Case> all =
        Row.all()
            .flatMap(
                row ->
                    Stream.of(Caller.values())
                        .flatMap(
                            caller ->
                                Stream.of(Deed.values()).map(deed -> new Case(row, caller, deed))));
    return Sample.of(all.filter(Case::isAllowed), ROWS);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void nobodyIsCalledOnTheStackOfACall(Case tried) {
    try (Site site = new Site(tried.row)) {
      new Play(site, tried).play();
      site.judge();
    }
  }

  private static final class Play {
    private final Site site;
    private final Case tried;
    private final Site.Met speaker;
    private final Site.Met target;

    /** Has news at the time of the call. */
    private final Site.Met bystander;

    /** Null where there is no map. */
    private final Guest another;

    private boolean isDone;
    private int sent;

    Play(Site site, Case tried) {
      this.site = site;
      this.tried = tried;
      speaker = site.meet("speaker");
      target = site.meet("target", guest -> guest.script().reads = false);
      bystander = site.meet("bystander");
      another = site.map() == null ? null : another();
    }

    private Guest another() {
      Guest made = Guest.of(Kind.PLAIN, "another", site.watch, null, site.map());
      made.dispatcher().createSocket(Family.INET, SocketType.DGRAM);
      return made;
    }

    void play() {
      boolean isRead = !tried.deed.ends();
      if (isRead) target.remote().send(Bytes.of(0, UNREAD)); // What a dispatch would begin with.
      site.passes(5);
      provoke();
      site.until(() -> isDone, "call");
      if (isRead) site.until(() -> target.script().received().length >= UNREAD, "unread bytes");
      end();
      site.until(() -> bystander.script().received().length == SMALL, "the bystander's bytes");
      assertEquals(null, Bytes.fault(target.remote().received(), sent), site.watch::toString);
      if (!isRead) return;
      assertEquals(null, Bytes.fault(target.script().received(), UNREAD), site.watch::toString);
    }

    private void provoke() {
      switch (tried.caller) {
        case OTHERS_CALLBACK -> {
          speaker
              .script()
              .on("handleRead", guest -> once(guest, "handleRead", guest.script()::read));
          speaker.remote().send(Bytes.of(0, 1));
        }
        case OWN_CALLBACK -> {
          target
              .script()
              .on("handleWrite", me -> once(me, "handleWrite", () -> me.script().writes = false));
          target.script().writes = true;
          target.dispatcher().interestChanged();
        }
        case TIMER -> site.timer(this::act);
        case TASK -> site.task(this::act);
        case NATIVE_HANDLER -> fromANativeHandler();
        case PROMISE -> {
          speaker.channel().closeFuture().addListener(closed -> act());
          site.task(() -> speaker.dispatcher().close());
        }
        case OUTSIDE -> act();
      }
    }

    private void once(Guest guest, String callback, Runnable first) {
      guest.script().usually(callback);
      first.run();
      act();
    }

    private void fromANativeHandler() {
      Channel channel =
          new Bootstrap()
              .group(site.eventLoop())
              .channel(datagramChannelClass())
              .handler(
                  new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext context, Object message) {
                      ReferenceCountUtil.release(message);
                      act();
                      context.executor().execute(context::close); // Netty reads on after this.
                    }
                  })
              .bind(InetAddress.getLoopbackAddress(), 0)
              .channel();
      site.until(() -> channel.localAddress() != null, "native channel");
      try (DatagramSocket socket = new DatagramSocket()) {
        InetSocketAddress to = (InetSocketAddress) channel.localAddress();
        socket.send(
            new DatagramPacket(new byte[1], 1, InetAddress.getLoopbackAddress(), to.getPort()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private Class<? extends DatagramChannel> datagramChannelClass() {
      return tried.row.io().datagramChannel();
    }

    private void act() {
      target.script().reads = true;
      bystander.remote().send(Bytes.of(0, SMALL));
      Arrival.await(bystander.remote().address(), site.address());
      String what = tried.deed.ends() || isSend() ? "" : tried.deed.toString();
      if (what.isEmpty()) doIt(); // The guest watches that itself.
      else site.watch.call("target", what, this::doIt);
      if (!tried.deed.ends()) changeInterest(); // Nobody could know of it else.
      isDone = true;
    }

    private void changeInterest() {
      site.watch.call("target", "interestChanged", () -> target.dispatcher().interestChanged());
    }

    private boolean isSend() {
      return switch (tried.deed) {
        case SEND, SEND_MUCH, SEND_TWICE, RECV -> true;
        default -> false;
      };
    }

    private void doIt() {
      switch (tried.deed) {
        case SEND -> give(SMALL);
        case SEND_MUCH -> give(LARGE);
        case SEND_TWICE -> {
          give(SMALL);
          give(SMALL);
        }
        case RECV -> receive();
        case CLOSE -> target.dispatcher().close();
        case CLOSE_ANOTHER -> another.dispatcher().close();
        case SHUTDOWN ->
            site.watch.call(
                "target", "shutdown", () -> target.dispatcher().socket().shutdown(Shutdown.WR));
        case FLUSH -> target.channel().flush();
        case READ -> target.channel().read();
        case CHANNEL_CLOSE -> site.watch.call("target", "channel.close", closing());
        case USER_EVENT -> target.channel().pipeline().fireUserEventTriggered("an event");
        case INTEREST_CHANGED -> target.dispatcher().interestChanged();
        case AUTO_READ -> target.channel().config().setAutoRead(true);
        case HANDLER_IN_FRONT -> inFront();
      }
    }

    private Runnable closing() {
      Channel channel = target.channel();
      return channel::close;
    }

    private void inFront() {
      if (tried.row.mode().isHosted()) target.channel().pipeline().addFirst(new Nothing());
      else DispatcherChannels.pipeline(target.dispatcher()).addFirst(new Nothing());
    }

    private void give(int byteCount) {
      sent += target.guest().give(Bytes.of(sent, byteCount));
    }

    private void receive() {
      try {
        target.script().came(target.dispatcher().recv(UNREAD));
      } catch (WouldBlockException nothing) {
        // It has not come up the pipeline yet.
      }
    }

    private void end() {
      if (tried.deed == Deed.CHANNEL_CLOSE) {
        site.until(() -> target.script().isClosed, "end told to the target");
      } else {
        site.until(() -> target.dispatcher().queuedBytes() == 0, "queue to empty");
        target.dispatcher().close();
      }
      site.until(() -> target.remote().end() != null, "end of the target's connection");
    }
  }

  private static final class Nothing extends ChannelInboundHandlerAdapter {}
}
