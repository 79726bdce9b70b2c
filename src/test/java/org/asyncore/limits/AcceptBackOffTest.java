package org.asyncore.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.Logged;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.ScriptedTransport;
import org.asyncore.transport.Errno;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A listener whose accept fails, by a scripted socket and a clock of the test's. */
class AcceptBackOffTest {
  private long nanos = Long.MAX_VALUE - 1000; // A clock may turn over.
  private final ScriptedTransport transport = new ScriptedTransport().clock(() -> nanos);
  private final ScriptedSocket socket = new ScriptedSocket(transport);
  private final CallLog calls = CallLog.of(socket);
  private final RecordingDispatcher listener = calls.dispatcher();
  private final Logged logged = new Logged();

  @AfterEach
  void stopLogging() {
    logged.close();
  }

  private void withLimits() {
    AcceptLimits.of(listener);
    listener.listen(5);
  }

  private void afterMillis(long millis) {
    nanos += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void withoutLimitsAnExhaustedAcceptClosesTheListenerAsInAsyncore(boolean usePoll) {
    listener.listen(5);
    socket.failAccept(Errno.EMFILE).offer(ScriptedSocket.connected(transport));
    if (usePoll) calls.pollPass();
    else calls.pass();
    assertEquals(List.of("handleError EMFILE", "handleClose"), calls);
    assertTrue(socket.isClosed());
    assertEquals(List.of(), logged.lines());
  }

  @ParameterizedTest
  @EnumSource(names = {"EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "ENETDOWN", "UNKNOWN"})
  void aFailedAcceptWaitsAndTakesTheConnectionLater(Errno errno) {
    withLimits();
    socket.failAccept(errno).offer(ScriptedSocket.connected(transport));
    calls.pass();
    calls.pollPass();
    calls.pass();
    assertEquals(1, socket.acceptCalls());
    assertEquals(List.of(), calls);
    afterMillis(5);
    calls.pass();
    assertEquals(List.of("handleAccepted"), calls);
    assertFalse(socket.isClosed());
  }

  @Test
  void theWaitDoublesUpToASecondAndBeginsAnewWithAConnection() {
    withLimits();
    List<Long> waits = new ArrayList<>();
    for (int failure = 0; failure < 10; failure++) waits.add(failureToRetryMillis());
    assertEquals(List.of(5L, 10L, 20L, 40L, 80L, 160L, 320L, 640L, 1000L, 1000L), waits);
    socket.offer(ScriptedSocket.connected(transport));
    calls.pass();
    assertEquals(List.of("handleAccepted"), calls.take());
    assertEquals(5L, failureToRetryMillis());
  }

  private long failureToRetryMillis() {
    socket.failAccept(Errno.EMFILE);
    calls.pass();
    int tries = socket.acceptCalls();
    long millis = 0;
    for (; !listener.acceptPolicy().accepts(); millis++) {
      calls.pass();
      assertEquals(tries, socket.acceptCalls());
      afterMillis(1);
    }
    return millis;
  }

  @Test
  void anEpisodeHasOneLineThoughConnectionsComeNowAndThen() {
    withLimits();
    for (int failure = 0; failure < 8; failure++) {
      failureToRetryMillis();
      socket.offer(ScriptedSocket.connected(transport));
      calls.pass();
    }
    assertEquals(1, logged.lines().size(), () -> logged.lines().toString());
    String line = logged.lines().get(0);
    assertTrue(line.startsWith("WARNING: accept of <"), line);
    assertTrue(line.endsWith("[Errno 24] EMFILE: Too many open files"), line);
    afterMillis(2000);
    failureToRetryMillis();
    assertEquals(2, logged.lines().size());
  }

  @Test
  void aLoggerThatHasNoDescriptorEitherIsAskedAgain() {
    withLimits();
    logged.failing(1);
    failureToRetryMillis();
    assertEquals(List.of(), logged.lines());
    failureToRetryMillis();
    failureToRetryMillis();
    assertEquals(1, logged.lines().size());
    assertEquals(List.of(), calls);
  }

  @ParameterizedTest
  @EnumSource(names = {"EAGAIN", "ECONNABORTED"})
  void aConnectionThatIsGoneIsNoReasonToWait(Errno errno) {
    withLimits();
    socket.failAccept(errno).offer(ScriptedSocket.connected(transport));
    calls.pass();
    calls.pass();
    assertEquals(List.of("handleAccepted"), calls);
    assertEquals(List.of(), logged.lines());
  }

  @ParameterizedTest
  @EnumSource(names = {"EBADF", "EINVAL", "ENOTSOCK", "EFAULT"})
  void anErrorOfTheCallIsNotWaitedFor(Errno errno) {
    withLimits();
    socket.failAccept(errno);
    calls.pass();
    assertEquals(List.of("handleError " + errno, "handleClose"), calls);
  }

  @Test
  void aPassTakesAsManyAsItMayAndNoMoreThanWait() {
    withLimits();
    AcceptLimits.of(listener).acceptsPerPass(3);
    for (int i = 0; i < 4; i++) socket.offer(ScriptedSocket.connected(transport));
    calls.pass();
    assertEquals(3, calls.take().size());
    calls.pass();
    assertEquals(1, calls.take().size());
    assertEquals(5, socket.acceptCalls()); // The last one found that nobody waits.
  }

  @Test
  void aListenerClosedByAConnectionTakesNoOther() {
    withLimits();
    AcceptLimits.of(listener).acceptsPerPass(3);
    listener.on("handleAccepted", it -> it.close());
    for (int i = 0; i < 2; i++) socket.offer(ScriptedSocket.connected(transport));
    calls.pass();
    assertEquals(List.of("handleAccepted"), calls);
  }

  @Test
  void whoCallsAcceptHimselfGetsNullWhileItIsWaited() {
    withLimits();
    socket.failAccept(Errno.ENOBUFS).offer(ScriptedSocket.connected(transport));
    assertNull(listener.accept());
    assertNull(listener.accept());
    assertEquals(1, socket.acceptCalls());
  }
}
