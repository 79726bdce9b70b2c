package org.asyncore.asynchat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.function.Consumer;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.ScriptedSocket;

/** Writes each callback into a {@link CallLog}, then does what the test told it to. */
final class RecordingChat extends AsyncChat {
  final CallLog calls;
  final ScriptedSocket wire;
  private Consumer<String> onData = data -> {};
  private Runnable onFound = () -> {};
  private Consumer<Throwable> onError = thrown -> handleClose();

  private RecordingChat(ScriptedSocket wire, CallLog calls) {
    super(wire, calls.map());
    this.wire = wire;
    this.calls = calls;
  }

  static RecordingChat overConnected() {
    return over(ScriptedSocket.connected());
  }

  static RecordingChat over(ScriptedSocket wire) {
    return new RecordingChat(wire, new CallLog(wire.transport()));
  }

  RecordingChat onData(Consumer<String> action) {
    onData = action;
    return this;
  }

  RecordingChat onFound(Runnable action) {
    onFound = action;
    return this;
  }

  RecordingChat onError(Consumer<Throwable> action) {
    onError = action;
    return this;
  }

  /** Lets these arrive, each in a pass of its own. */
  RecordingChat reads(String... arrivals) {
    for (String arrival : arrivals) {
      wire.feed(arrival);
      calls.pass();
    }
    return this;
  }

  String pending() {
    return new String(acInBuffer(), ISO_8859_1);
  }

  @Override
  public void collectIncomingData(byte[] data) {
    String text = new String(data, ISO_8859_1);
    calls.add("data " + text);
    onData.accept(text);
  }

  @Override
  public void foundTerminator() {
    calls.add("found");
    onFound.run();
  }

  @Override
  public void handleClose() {
    calls.add("handleClose");
    super.handleClose();
  }

  @Override
  public void handleError(Throwable thrown) {
    calls.add("handleError " + CallLog.nameOf(thrown));
    onError.accept(thrown);
  }

  @Override
  public void handleConnect() {
    calls.add("handleConnect");
  }
}
