package org.asyncore.border;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.asyncore.Dispatcher;
import org.asyncore.fixture.Entry;
import org.asyncore.fixture.Provoker;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A write that fails in the middle of a callback leaves no hole: nothing follows what is lost. */
class FailedWriteTest {
  private static final int BEFORE = 100;

  /** More than a pipeline takes at once. */
  private static final int LONG = 300_000;

  private static final int SHORT = 1000;

  /** How the dispatcher sends on. */
  enum Way {
    A_LONG_ARRAY,
    A_LONG_BUFFER,
    A_LONG_BYTE_BUF,
    A_LONG_BYTE_BUF_OF_ITS_OWN,
    SHORT_ARRAYS,
    A_BYTE_BUF_BEHIND_AN_ARRAY,
    ONE_OF_ITS_OWN_BEHIND_AN_ARRAY;

    /** Sends what follows the first {@link #BEFORE} bytes. */
    void send(Dispatcher dispatcher) {
      byte[] bytes = Bytes.of(BEFORE, LONG);
      switch (this) {
        case A_LONG_ARRAY -> dispatcher.send(bytes);
        case A_LONG_BUFFER -> dispatcher.send(ByteBuffer.wrap(bytes));
        case A_LONG_BYTE_BUF -> sendByteBuf(dispatcher, bytes);
        case A_LONG_BYTE_BUF_OF_ITS_OWN -> offer(dispatcher, bytes);
        case SHORT_ARRAYS -> {
          for (int i = 0; i < LONG; i += SHORT) dispatcher.send(Bytes.of(BEFORE + i, SHORT));
        }
        case A_BYTE_BUF_BEHIND_AN_ARRAY -> {
          dispatcher.send(Bytes.of(BEFORE, SHORT));
          sendByteBuf(dispatcher, Bytes.of(BEFORE + SHORT, SHORT));
        }
        case ONE_OF_ITS_OWN_BEHIND_AN_ARRAY -> {
          dispatcher.send(Bytes.of(BEFORE, SHORT));
          offer(dispatcher, Bytes.of(BEFORE + SHORT, SHORT));
        }
      }
    }

    private static void sendByteBuf(Dispatcher dispatcher, byte[] bytes) {
      ByteBuf whole = Unpooled.wrappedBuffer(bytes);
      try {
        while (whole.isReadable() && DispatcherChannels.send(dispatcher, whole) > 0) {
          // The next part.
        }
      } finally {
        whole.release();
      }
    }

    private static void offer(Dispatcher dispatcher, byte[] bytes) {
      ByteBuf own = Unpooled.wrappedBuffer(bytes);
      boolean taken = false;
      try {
        taken = DispatcherChannels.offer(dispatcher, own);
      } finally {
        if (!taken) own.release();
      }
    }
  }

  record Case(Row row, Way way) {
    @Override
    public String toString() {
      return row + ", " + way;
    }
  }

  private static final Set<Mode> IN_A_PIPELINE =
      EnumSet.complementOf(EnumSet.of(Mode.LOOP, Mode.READ_AHEAD, Mode.MOVED));

  static Stream<Case> cases() {
    return Sample.of(
        Row.of(IN_A_PIPELINE, List.of(Kind.PLAIN))
            .flatMap(row -> Stream.of(Way.values()).map(way -> new Case(row, way))),
        40);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void nothingFollowsWhatIsLost(Case tried) {
    try (Site site = new Site(tried.row)) {
      Site.Met met = site.meet("guest");
      Provoker provoker =
          new Provoker(site.watch::note, met.remote()::close, met.remote()::reset, false)
              .standBefore(met.channel());
      Script script = met.script();
      script.on(
          "handleRead",
          guest -> {
            script.usually("handleRead");
            guest.dispatcher().recv(10);
            guest.dispatcher().send(Bytes.of(0, BEFORE));
            met.remote().awaitBytes(BEFORE);
            provoker.arm(Entry.PROMISE_FAILS);
            sendOn(guest.dispatcher(), tried.way, script);
          });
      met.remote().send(new byte[] {1});
      site.until(() -> script.told != null, "news of the failed write");
      refusesToGoOn(site, met);
      site.until(() -> met.remote().end() != null, "end of the connection");
      assertNull(Bytes.fault(met.remote().received(), BEFORE), site.watch::toString);
      assertNotNull(script.told);
      site.judge();
    }
  }

  /** As the kernel: the error once, and EPIPE from then on. */
  private static void refusesToGoOn(Site site, Site.Met met) {
    List<Errno> refused = new ArrayList<>();
    site.task(
        () -> {
          for (int i = 0; i < 2 && !met.script().isClosed; i++) refused.add(sendsOneMore(met));
          met.dispatcher().close();
        });
    site.until(() -> met.dispatcher().socket().fileno() < 0, "end of the task");
    for (Errno each : refused) assertEquals(Errno.EPIPE, each);
  }

  private static Errno sendsOneMore(Site.Met met) {
    try {
      met.dispatcher().socket().send(new byte[] {1}, 0, 1);
      return Errno.OK;
    } catch (OsException refused) {
      return refused.errno();
    }
  }

  /** As a program does that knows of no errors but from its next call on. */
  private static void sendOn(Dispatcher dispatcher, Way way, Script script) {
    try {
      way.send(dispatcher);
    } catch (OsException told) {
      script.told = told;
    }
  }
}
