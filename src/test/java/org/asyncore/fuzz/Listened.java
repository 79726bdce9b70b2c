package org.asyncore.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.asynchat.IncomingLimitException;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.ScriptedSocket;

/**
 * An {@link AsyncChat} that goes through a list of terminators, again and again, and keeps what it
 * hears.
 */
final class Listened extends AsyncChat {
  final List<String> messages = new ArrayList<>();
  int tooLong;

  /** The most that was ever kept of one message. */
  int mostKept;

  private final ScriptedSocket wire;
  private final CallLog passes;
  private final List<Ending> endings;
  private int next;

  private Listened(ScriptedSocket wire, CallLog passes, List<Ending> endings) {
    super(wire, passes.map());
    this.wire = wire;
    this.passes = passes;
    this.endings = endings;
    setTerminator(endings.get(0).terminator());
  }

  static Listened to(List<Ending> endings) {
    ScriptedSocket wire = ScriptedSocket.connected();
    return new Listened(wire, new CallLog(wire.transport()), endings);
  }

  /** Lets the stream come in pieces of these sizes, again and again. */
  Listened hear(String stream, List<Integer> cuts) {
    for (int from = 0, i = 0; from < stream.length(); i++) {
      int to = Math.min(stream.length(), from + cuts.get(i % cuts.size()));
      wire.feed(stream.substring(from, to));
      passes.pass();
      from = to;
    }
    return this;
  }

  /** What has come of a message that has not ended. */
  String rest() {
    return new String(takeIncomingData(), ISO_8859_1) + new String(acInBuffer(), ISO_8859_1);
  }

  @Override
  public void collectIncomingData(byte[] data) {
    appendIncomingData(data);
    mostKept = Math.max(mostKept, incomingSize());
  }

  @Override
  public void foundTerminator() {
    messages.add(new String(takeIncomingData(), ISO_8859_1));
    next = (next + 1) % endings.size();
    setTerminator(endings.get(next).terminator());
  }

  @Override
  public void handleError(Throwable thrown) {
    if (!(thrown instanceof IncomingLimitException))
      throw new AssertionError("not a limit", thrown);
    tooLong++;
    takeIncomingData();
  }
}
