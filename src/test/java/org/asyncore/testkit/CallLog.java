package org.asyncore.testkit;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import org.asyncore.Asyncore;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Transport;

/**
 * The callbacks of a test in their order, which is the contract; compare it as the list it is.
 *
 * <pre>
 * CallLog calls = CallLog.of(new ScriptedSocket().refuseConnect());
 * calls.dispatcher().connect(PEER);
 * calls.pass();
 * assertEquals(List.of("handleError ECONNREFUSED", "handleClose"), calls);
 * </pre>
 */
public final class CallLog extends AbstractList<String> {
  private final List<String> lines = new ArrayList<>();
  private final SocketMap map;
  private RecordingDispatcher dispatcher;

  /** An empty log, with a map on this transport. */
  public CallLog(Transport transport) {
    map = new SocketMap(transport);
  }

  /** A log with one recording dispatcher, over this socket. */
  public static CallLog of(ScriptedSocket socket) {
    CallLog calls = new CallLog(socket.transport());
    calls.dispatcher = new RecordingDispatcher(calls, "", socket, calls.map);
    return calls;
  }

  /** One more dispatcher in the map, whose lines begin with its name. */
  public RecordingDispatcher dispatcher(String name, AsyncSocket socket) {
    return new RecordingDispatcher(this, name + " ", socket, map);
  }

  /** The dispatcher of {@link #of}. */
  public RecordingDispatcher dispatcher() {
    return dispatcher;
  }

  public SocketMap map() {
    return map;
  }

  /** One pass in select's order, which does not wait. */
  public void pass() {
    pass(false);
  }

  /** One pass in poll's order, which does not wait. */
  public void pollPass() {
    pass(true);
  }

  private void pass(boolean usePoll) {
    try {
      Asyncore.loop(0, usePoll, map, 1);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted in a pass; calls so far: " + lines, e);
    }
  }

  @Override
  public boolean add(String line) {
    return lines.add(line);
  }

  /** The lines so far, and a fresh start. */
  public List<String> take() {
    List<String> taken = List.copyOf(lines);
    lines.clear();
    return taken;
  }

  /** How an exception is written: its errno, or its class. */
  public static String nameOf(Throwable thrown) {
    return thrown instanceof OsException error
        ? error.errno().name()
        : thrown.getClass().getSimpleName();
  }

  @Override
  public String get(int index) {
    return lines.get(index);
  }

  @Override
  public int size() {
    return lines.size();
  }
}
