package org.asyncore.testkit;

import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;

/**
 * Writes each callback into a {@link CallLog}, then does what the test told it to.
 *
 * <p>Left alone, handleError calls handleClose, handleClose calls close, handleAccepted keeps the
 * connection open, and the others do nothing.
 */
public final class RecordingDispatcher extends Dispatcher {
  private final CallLog log;
  private final String prefix;
  private final Map<String, Consumer<RecordingDispatcher>> actions = new HashMap<>();
  private boolean readable = true;
  private boolean writable = true;
  private AsyncSocket accepted;

  RecordingDispatcher(CallLog log, String prefix, AsyncSocket socket, SocketMap map) {
    super(socket, map);
    this.log = log;
    this.prefix = prefix;
    on("handleError", Dispatcher::handleClose);
    on("handleClose", Dispatcher::close);
  }

  /** What a callback does from now on, instead of what it did; its name is as in the log. */
  public RecordingDispatcher on(String callback, Consumer<RecordingDispatcher> action) {
    actions.put(callback, action);
    return this;
  }

  /** What the predicates answer from now on; both true at first, as asyncore's are. */
  public RecordingDispatcher wants(boolean readable, boolean writable) {
    this.readable = readable;
    this.writable = writable;
    return this;
  }

  /** The connection that handleAccepted got last. */
  public AsyncSocket accepted() {
    return accepted;
  }

  private void record(String callback, String detail) {
    log.add(prefix + callback + detail);
    Consumer<RecordingDispatcher> action = actions.get(callback);
    if (action != null) action.accept(this);
  }

  @Override
  public boolean readable() {
    return readable;
  }

  @Override
  public boolean writable() {
    return writable;
  }

  @Override
  public void handleRead() {
    record("handleRead", "");
  }

  @Override
  public void handleWrite() {
    record("handleWrite", "");
  }

  @Override
  public void handleExpt() {
    record("handleExpt", "");
  }

  @Override
  public void handleConnect() {
    record("handleConnect", "");
  }

  @Override
  public void handleAccepted(AsyncSocket socket, SocketAddress address) {
    accepted = socket;
    record("handleAccepted", "");
  }

  @Override
  public void handleClose() {
    record("handleClose", "");
  }

  @Override
  public void handleError(Throwable thrown) {
    record("handleError", " " + CallLog.nameOf(thrown));
  }
}
