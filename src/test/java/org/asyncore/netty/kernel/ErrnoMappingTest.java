package org.asyncore.netty.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.ChannelException;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.handler.timeout.ReadTimeoutException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.stream.Stream;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What Netty and the JDK throw, and the errno behind it. */
class ErrnoMappingTest {
  static Stream<Arguments> table() {
    return Stream.of(
        Arguments.of(new NotYetConnectedException(), Errno.ENOTCONN),
        Arguments.of(new AlreadyConnectedException(), Errno.EISCONN),
        Arguments.of(new ConnectionPendingException(), Errno.EALREADY),
        Arguments.of(new AlreadyBoundException(), Errno.EINVAL),
        Arguments.of(new UnresolvedAddressException(), Errno.EAI_NONAME),
        Arguments.of(new UnknownHostException("no.such.host"), Errno.EAI_NONAME),
        Arguments.of(new UnsupportedAddressTypeException(), Errno.EAFNOSUPPORT),
        Arguments.of(new PortUnreachableException(), Errno.ECONNREFUSED),
        Arguments.of(new ConnectTimeoutException("timed out"), Errno.ETIMEDOUT),
        Arguments.of(ReadTimeoutException.INSTANCE, Errno.ETIMEDOUT),
        Arguments.of(new FileNotFoundException("some/socket"), Errno.ENOENT),
        Arguments.of(new NoRouteToHostException(), Errno.ENETUNREACH),
        Arguments.of(new NoRouteToHostException("No route to host"), Errno.EHOSTUNREACH),
        Arguments.of(new ConnectException("Connection refused"), Errno.ECONNREFUSED),
        Arguments.of(new ConnectException("Connection refused: /127.0.0.1:1"), Errno.ECONNREFUSED),
        Arguments.of(new ConnectException("Connection timed out"), Errno.ETIMEDOUT),
        Arguments.of(new SocketException("Connection reset"), Errno.ECONNRESET),
        Arguments.of(new IOException("Connection reset by peer"), Errno.ECONNRESET),
        Arguments.of(new IOException("Broken pipe"), Errno.EPIPE),
        Arguments.of(new BindException("Address already in use"), Errno.EADDRINUSE),
        Arguments.of(new BindException("Cannot assign requested address"), Errno.EADDRNOTAVAIL),
        Arguments.of(new SocketException("Permission denied"), Errno.EACCES),
        Arguments.of(new SocketException("Network is unreachable"), Errno.ENETUNREACH),
        Arguments.of(new IOException("Too many open files"), Errno.EMFILE),
        Arguments.of(new IOException("Too many open files in system"), Errno.ENFILE),
        Arguments.of(
            new IOException("connect(..) failed with error(-113): No route"), Errno.EHOSTUNREACH),
        Arguments.of(new ClosedChannelException(), Errno.EBADF),
        Arguments.of(new ChannelException(new ClosedChannelException()), Errno.EBADF),
        Arguments.of(new IOException("something new"), Errno.UNKNOWN),
        Arguments.of(new IOException(), Errno.UNKNOWN),
        Arguments.of(new OsException(Errno.EPIPE), Errno.EPIPE),
        Arguments.of(new ChannelException(new IOException("Broken pipe")), Errno.EPIPE),
        Arguments.of(
            new ChannelException("outer", new IOException("x", new AlreadyBoundException())),
            Errno.EINVAL));
  }

  @ParameterizedTest
  @MethodSource("table")
  void everyCauseHasItsErrno(Throwable cause, Errno errno) {
    assertEquals(errno, ErrnoMapping.errno(cause));
    assertEquals(errno, ErrnoMapping.osException(cause).errno());
  }

  @Test
  void nativeExceptionsCarryTheirNumber() {
    assumeTrue(Epoll.isAvailable(), "Netty's native library is not here");
    assertEquals(Errno.ECONNRESET, ErrnoMapping.errno(new NativeIoException("recv", -104)));
    assertEquals(Errno.EADDRINUSE, ErrnoMapping.errno(new NativeIoException("bind", -98)));
    assertEquals(Errno.UNKNOWN, ErrnoMapping.errno(new NativeIoException("strange", -9999)));
  }

  @ParameterizedTest
  @EnumSource
  void everyTextOfTheSystemLeadsToItsErrno(Errno errno) {
    if (errno == Errno.OK || errno == Errno.UNKNOWN) return; // No errors of the system.
    assertEquals(errno, ErrnoMapping.errno(new IOException(errno.text())));
  }

  @Test
  void anOsExceptionStaysWhatItIs() {
    OsException known = new OsException(Errno.EPIPE);
    assertSame(known, ErrnoMapping.osException(known));
  }

  @Test
  void theCauseIsKeptAndAnUnknownOnesMessageTold() {
    IOException cause = new IOException("something new");
    OsException mapped = ErrnoMapping.osException(cause);
    assertSame(cause, mapped.getCause());
    assertTrue(mapped.getMessage().contains("something new"), mapped.getMessage());
    assertEquals(
        "[Errno 104] ECONNRESET: Connection reset by peer",
        ErrnoMapping.osException(new IOException("Connection reset")).getMessage());
  }
}
