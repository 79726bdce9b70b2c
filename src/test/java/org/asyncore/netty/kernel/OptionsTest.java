package org.asyncore.netty.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.StandardSocketOptions;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OptionsTest {
  private final Channel channel = new NioSocketChannel();

  @AfterEach
  void close() {
    channel.unsafe().closeForcibly();
  }

  @Test
  void optionsGoByTheJdksNames() {
    Options.set(channel, StandardSocketOptions.TCP_NODELAY, false);
    assertEquals(false, Options.get(channel, StandardSocketOptions.TCP_NODELAY));
    Options.set(channel, StandardSocketOptions.TCP_NODELAY, true);
    assertEquals(true, Options.get(channel, StandardSocketOptions.TCP_NODELAY));
    Options.set(channel, StandardSocketOptions.SO_REUSEADDR, true);
    assertEquals(true, Options.get(channel, StandardSocketOptions.SO_REUSEADDR));
    Options.set(channel, StandardSocketOptions.SO_LINGER, 3);
    assertEquals(3, Options.get(channel, StandardSocketOptions.SO_LINGER));
    Options.set(channel, StandardSocketOptions.SO_RCVBUF, 70_000);
    assertTrue(Options.get(channel, StandardSocketOptions.SO_RCVBUF) >= 70_000);
  }

  @Test
  void anOptionThatAChannelDoesNotHaveIsEnoprotoopt() {
    EmbeddedChannel embedded = new EmbeddedChannel();
    for (Runnable call :
        new Runnable[] {
          () -> Options.get(embedded, StandardSocketOptions.TCP_NODELAY),
          () -> Options.set(embedded, StandardSocketOptions.TCP_NODELAY, true),
          () -> Options.get(channel, StandardSocketOptions.IP_MULTICAST_LOOP)
        }) {
      OsException refused = assertThrows(OsException.class, call::run);
      assertEquals(Errno.ENOPROTOOPT, refused.errno());
      assertTrue(refused.getMessage().contains("no option of this socket: "));
    }
  }

  @Test
  void noValueIsRefusedByTheOptionsName() {
    NullPointerException refused =
        assertThrows(
            NullPointerException.class,
            () -> Options.set(channel, StandardSocketOptions.TCP_NODELAY, null));
    assertEquals("TCP_NODELAY is null", refused.getMessage());
  }

  @Test
  void optionsOfAClosedChannelAreAnOsException() {
    channel.unsafe().closeForcibly();
    assertEquals(
        Errno.EBADF,
        assertThrows(
                OsException.class, () -> Options.get(channel, StandardSocketOptions.TCP_NODELAY))
            .errno());
  }

  @Test
  void halfClosureAndResetAreSetWhereThereIsSuchAThing() {
    Options.allowHalfClosure(channel.config());
    Options.resetOnClose(channel);
    assertEquals(0, Options.get(channel, StandardSocketOptions.SO_LINGER));
    EmbeddedChannel embedded = new EmbeddedChannel();
    Options.allowHalfClosure(embedded.config()); // No such option, and no harm.
    Options.resetOnClose(embedded);
  }

  @Test
  void nothingIsAskedOfAChannelThatIsClosed() {
    channel.unsafe().closeForcibly();
    Options.resetOnClose(channel);
    assertFalse(Options.closeWithoutWaiting(channel));
  }

  @Test
  void whatWouldHaveCloseWaitIsTakenBackAndAResetIsNot() {
    assertFalse(Options.closeWithoutWaiting(channel));
    assertEquals(-1, Options.get(channel, StandardSocketOptions.SO_LINGER));
    Options.set(channel, StandardSocketOptions.SO_LINGER, 3);
    assertFalse(Options.closeWithoutWaiting(channel));
    assertEquals(-1, Options.get(channel, StandardSocketOptions.SO_LINGER));
    Options.resetOnClose(channel);
    assertTrue(Options.closeWithoutWaiting(channel));
    assertEquals(0, Options.get(channel, StandardSocketOptions.SO_LINGER));
  }
}
