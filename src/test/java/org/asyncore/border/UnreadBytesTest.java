package org.asyncore.border;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.ByteArrayOutputStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.migrate.Tls;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bytes on our side of the kernel, read ahead or waiting in a pipeline, are unread bytes to
 * everyone who asks.
 */
class UnreadBytesTest {
  private static final int FIRST = 10;
  private static final int MORE = 90;

  private static Set<Mode> plain() {
    return EnumSet.complementOf(EnumSet.of(Mode.TLS, Mode.HOSTED_TLS));
  }

  static Stream<Row> plainRows() {
    return Sample.of(Row.of(plain(), List.of(Kind.values())), 12);
  }

  static Stream<Row> allRows() {
    return Sample.of(Row.of(List.of(Mode.values()), List.of(Kind.PLAIN)), 10);
  }

  /** A guest that has read a little, and could read more; the rest is anywhere. */
  private static Site.Met begun(Site site) {
    Site.Met met = site.meet("guest");
    met.script()
        .on(
            "handleRead",
            me -> {
              me.script().came(me.dispatcher().recv(FIRST));
              me.script().reads = false;
            });
    met.remote().send(Bytes.of(0, FIRST + MORE));
    site.until(() -> met.script().received().length > 0, "first bytes");
    met.script().usually("handleRead");
    site.passes(3);
    return met;
  }

  /** What the peer said before the handshake is no word of the secure connection. */
  @ParameterizedTest
  @MethodSource("plainRows")
  void textBeforeTlsIsNeverTakenForSecure(Row row) {
    try (Site site = new Site(row)) {
      Site.Met met = begun(site);
      Script script = met.script();
      site.task(() -> startTls(met));
      site.until(() -> script.told != null || script.isClosed, "refusal of the text");
      assertEquals(
          FIRST,
          script.received().length,
          () -> "text from before the handshake was given out; " + site.watch);
      site.judge();
    }
  }

  private static void startTls(Site.Met met) {
    met.script().reads = true;
    try {
      Tls.start(met.dispatcher(), Site.secrets());
      met.dispatcher().interestChanged();
    } catch (IllegalStateException refused) {
      met.script().reads = false; // What is unread then is no secret, and nobody's business here.
      met.script().told = refused;
    }
  }

  /** As closing a socket with unread bytes does for any program. */
  @ParameterizedTest
  @MethodSource("allRows")
  void closingWithUnreadBytesResetsThePeer(Row row) {
    try (Site site = new Site(row)) {
      Site.Met met = begun(site);
      site.task(met.dispatcher()::close);
      site.until(() -> met.remote().end() != null, "end of the peer's connection");
      if (!row.mode().isTls()) {
        assertEquals("reset", met.remote().end(), () -> row + ": " + site.watch);
      }
      assertEquals(FIRST, met.script().received().length, site.watch::toString);
      site.judge();
    }
  }

  static Stream<Row> loopRows() {
    Set<Mode> looped =
        EnumSet.of(Mode.LOOP, Mode.IN_FRONT, Mode.READ_AHEAD, Mode.ADOPTED, Mode.MOVED);
    return Sample.of(Row.of(looped, List.of(Kind.values())), 12);
  }

  /** A program may close its last dispatcher, and never loop again. */
  @ParameterizedTest
  @MethodSource("loopRows")
  void thePeerHearsOfTheEndThoughNobodyLoopsAnyMore(Row row) {
    try (Site site = new Site(row)) {
      Site.Met met = begun(site);
      met.dispatcher().close();
      assertEquals("reset", met.remote().awaitEnd(), () -> row + ": " + site.watch);
      site.judge();
    }
  }

  @ParameterizedTest
  @MethodSource("allRows")
  void unreadBytesGoToTheHandlersThatTakeOver(Row row) {
    try (Site site = new Site(row)) {
      Site.Met met = begun(site);
      ByteArrayOutputStream taken = new ByteArrayOutputStream();
      site.task(() -> DispatcherChannels.migrateTo(met.dispatcher(), new Taking(taken)));
      met.remote().send(Bytes.of(FIRST + MORE, FIRST));
      site.until(() -> taken.size() == MORE + FIRST, "bytes at the new handlers");
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(met.script().received());
      all.writeBytes(taken.toByteArray());
      assertEquals(null, Bytes.fault(all.toByteArray(), FIRST + MORE + FIRST));
      site.judge();
    }
  }

  private static final class Taking extends SimpleChannelInboundHandler<ByteBuf> {
    private final ByteArrayOutputStream taken;

    Taking(ByteArrayOutputStream taken) {
      this.taken = taken;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
      taken.writeBytes(ByteBufUtil.getBytes(bytes));
    }
  }

  @ParameterizedTest
  @MethodSource("allRows")
  void whoWantsToReadAgainIsCalledThoughNothingMoreComes(Row row) {
    try (Site site = new Site(row)) {
      Site.Met met = begun(site);
      site.task(
          () -> {
            met.script().reads = true;
            met.dispatcher().interestChanged();
          });
      site.until(() -> met.script().received().length == FIRST + MORE, "the rest");
      assertTrue(met.script().count("handleError") == 0, site.watch::toString);
      assertEquals(null, Bytes.fault(met.script().received(), FIRST + MORE));
      site.judge();
    }
  }
}
