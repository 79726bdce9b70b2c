package org.asyncore.faults;

import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.asyncore.Dispatcher;
import org.asyncore.ExitNow;
import org.asyncore.faults.Meddling.Moment;
import org.asyncore.faults.Plan.Deed;
import org.asyncore.faults.Plan.Ending;
import org.asyncore.faults.Plan.Reads;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Shutdown;
import org.asyncore.transport.WouldBlockException;

/** What the dispatcher of a plan does in its callbacks, and what it saw; one for all its forms. */
final class Conduct {
  /** What a plan has a callback throw. */
  static final class Planned extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Planned(String callback) {
      super("planned, in " + callback);
    }
  }

  final Plan plan;
  final Lifecycle life;
  private final Pattern incoming;
  private final Pattern outgoing;
  private final Map<String, Integer> calls = new HashMap<>();

  /** Bytes that send() took. */
  long sent;

  /** Bytes that recv() gave. */
  long received;

  /** It closed for a reason of its own, before the peer had ended. */
  boolean hasGivenUp;

  /** What others do; set before anything is called. */
  Meddler meddler;

  private String corrupted;

  Conduct(Plan plan) {
    this.plan = plan;
    life = new Lifecycle(plan);
    incoming = incoming(plan);
    outgoing = outgoing(plan);
  }

  static Pattern incoming(Plan plan) {
    return new Pattern(plan.seed());
  }

  static Pattern outgoing(Plan plan) {
    return new Pattern(plan.seed() + 101);
  }

  String corrupted() {
    return corrupted;
  }

  // --- sending ---

  boolean hasMore() {
    return sent < plan.outBytes();
  }

  boolean wantsToWrite() {
    return plan.isEager() || hasMore() || closesItself();
  }

  private boolean closesItself() {
    return plan.ending() == Ending.WHEN_SENT && !life.hasClosed();
  }

  /** Everything that is to be sent. */
  byte[] all() {
    return outgoing.bytes(0, plan.outBytes());
  }

  /** The next piece that is to be sent, not yet counted. */
  byte[] piece() {
    return outgoing.bytes(sent, (int) Math.min(plan.sendSize(), plan.outBytes() - sent));
  }

  void closeIfSent(Dispatcher dispatcher, long left) {
    if (left > 0 || !closesItself()) return;
    hasGivenUp = true;
    shutDown(dispatcher);
    dispatcher.close();
  }

  private void shutDown(Dispatcher dispatcher) {
    if (!plan.meddling().shutsDown() || !dispatcher.connected()) return;
    meddler.calling(Moment.SHUTDOWN);
    try {
      life.calling(() -> dispatcher.socket().shutdown(Shutdown.WR));
    } catch (OsException refused) {
      if (!plan.peerBreaks()) throw refused;
    }
  }

  // --- calls, in which others may meddle ---

  <T> T calls(Moment moment, Supplier<T> call) {
    meddler.calling(moment);
    return life.within(call);
  }

  void closes(Runnable close) {
    meddler.calling(Moment.CLOSE);
    life.calling(close);
    life.closed();
  }

  // --- receiving ---

  void receive(Dispatcher dispatcher) {
    do {
      int byteCount;
      try {
        byteCount = receiveOnce(dispatcher);
      } catch (WouldBlockException nothing) {
        if (plan.reads() != Reads.ALL) throw nothing; // Called though there is nothing.
        return;
      }
      if (byteCount == 0) return;
    } while (plan.reads() == Reads.ALL && !life.hasClosed());
  }

  private int receiveOnce(Dispatcher dispatcher) {
    if (plan.reads() != Reads.INTO_A_BUFFER) return came(dispatcher.recv(plan.recvSize()));
    ByteBuffer buffer = ByteBuffer.allocate(plan.recvSize());
    int byteCount = dispatcher.recv(buffer);
    byte[] bytes = new byte[byteCount];
    buffer.flip().get(bytes);
    return came(bytes);
  }

  /** Checks bytes that came. */
  int came(byte[] bytes) {
    int wrong = incoming.firstWrong(received, bytes);
    if (wrong >= 0 && corrupted == null)
      corrupted = "received byte " + (received + wrong) + " is wrong";
    received += bytes.length;
    return bytes.length;
  }

  // --- trouble ---

  /** Does what the plan has for this call of a callback; true if the callback has done enough. */
  boolean disturb(String callback, Dispatcher dispatcher) {
    if (plan.trouble().deed() == Deed.NOTHING || !callback.equals(plan.trouble().callback()))
      return false;
    if (calls.merge(callback, 1, Integer::sum) != plan.trouble().call()) return false;
    life.note(plan.trouble().toString());
    if (plan.trouble().deed() == Deed.CLOSE) {
      hasGivenUp = true;
      shutDown(dispatcher);
      dispatcher.close();
      return true;
    }
    if (callback.equals("handleConnect")) life.connectThrew();
    if (plan.trouble().deed() == Deed.EXIT) throw new ExitNow("planned");
    throw new Planned(callback);
  }

  void error(Dispatcher dispatcher, Throwable thrown) {
    life.error(thrown, isExpected(thrown));
    if (thrown instanceof Planned && plan.trouble().deed() == Deed.THROW_AND_STAY) return;
    hasGivenUp = true;
    life.within(dispatcher::handleClose);
  }

  private boolean isExpected(Throwable thrown) {
    if (thrown instanceof Planned) return true;
    if (plan.meddling().mayBreak())
      return thrown instanceof AssertionError || isOfTheConnection(thrown);
    // Before handleConnect an error of the connection is what handleError is for.
    if (plan.peerBreaks() && thrown instanceof OsException && !life.hasConnected()) return true;
    // Somebody else's host says so: nobody is there any more.
    if (plan.peerBreaks() && plan.wire().isUdp() && thrown instanceof OsException) return true;
    // A peer that is gone in the middle of TLS has cut it off.
    return plan.host().isTls() && plan.peerBreaks() && isOfTheConnection(thrown);
  }

  private static boolean isOfTheConnection(Throwable thrown) {
    return thrown instanceof OsException
        || thrown instanceof IOException
        || thrown instanceof DecoderException;
  }
}
