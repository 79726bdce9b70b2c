package org.asyncore.python;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.asynchat.Producer;
import org.asyncore.asynchat.ProducerFifo;
import org.asyncore.asynchat.Terminator;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.AsyncSocket;
import org.graalvm.polyglot.Value;

/**
 * What a Python dispatcher is to this library: each method that Python can override calls Python's,
 * and the {@code base…} methods are what Python's own base classes call. So a callback takes the
 * way that it takes in Python: the loop, the Python method, perhaps the base class, and what that
 * calls on {@code self}.
 *
 * <p>Python's {@code async_chat} is a {@code dispatcher}, and Java has one superclass: this is an
 * {@link AsyncChat} for both, and a plain dispatcher leaves that part alone.
 *
 * <p>Bytes cross as texts in Latin-1, which GraalPy carries fifty times as fast as arrays.
 */
public final class PythonDispatcher extends AsyncChat {
  private final Crossing crossing;
  private final Value python;

  /** Whether Python puts it into its map by itself. */
  private boolean isTaking;

  /** Whether a terminator is asked of Python, message by message. */
  private boolean asksTerminator;

  /**
   * @param python the dispatcher
   */
  public PythonDispatcher(Crossing crossing, Value python, SocketMap map) {
    super(map);
    this.crossing = crossing;
    this.python = python;
  }

  /** The Python dispatcher. */
  public Value python() {
    return python;
  }

  private void call(String method) {
    crossing.invoke(python, method);
  }

  private boolean ask(String method) {
    Value answer = crossing.invoke(python, method);
    return answer.isBoolean() ? answer.asBoolean() : crossing.call("_truth", answer).asBoolean();
  }

  // --- from the loop to Python ---

  @Override
  public boolean readable() {
    return ask("readable");
  }

  @Override
  public boolean writable() {
    return ask("writable");
  }

  @Override
  public void handleReadEvent() {
    call("handle_read_event");
  }

  @Override
  public void handleWriteEvent() {
    call("handle_write_event");
  }

  @Override
  public void handleExptEvent() {
    call("handle_expt_event");
  }

  @Override
  public void handleConnectEvent() {
    call("handle_connect_event");
  }

  @Override
  public void handleAccept() {
    call("handle_accept");
  }

  @Override
  public void handleConnect() {
    call("handle_connect");
  }

  @Override
  public void handleRead() {
    call("handle_read");
  }

  @Override
  public void handleWrite() {
    call("handle_write");
  }

  @Override
  public void handleExpt() {
    call("handle_expt");
  }

  @Override
  public void handleClose() {
    call("handle_close");
  }

  @Override
  public void close() {
    call("close");
  }

  @Override
  public void handleError(Throwable thrown) {
    crossing.call("_handle_error", python, crossing.exceptionOf(thrown));
  }

  @Override
  public void logInfo(String message, String type) {
    crossing.invoke(python, "log_info", message, type);
  }

  @Override
  public byte[] recv(int bufferSize) {
    return crossing.call("_recv", python, bufferSize).asString().getBytes(ISO_8859_1);
  }

  @Override
  public int send(byte[] data, int offset, int byteCount) {
    String text = new String(data, offset, byteCount, ISO_8859_1);
    return crossing.call("_send", python, text).asInt();
  }

  @Override
  public int send(ByteBuffer data) {
    byte[] bytes = new byte[data.remaining()];
    data.duplicate().get(bytes);
    int taken = send(bytes, 0, bytes.length);
    data.position(data.position() + taken);
    return taken;
  }

  @Override
  public void setSocket(AsyncSocket socket, SocketMap map) {
    crossing.call("_set_socket", python, socket);
  }

  @Override
  public void addChannel(SocketMap map) {
    if (!isTaking) call("add_channel");
  }

  @Override
  public void delChannel(SocketMap map) {
    call("del_channel");
  }

  @Override
  public void collectIncomingData(byte[] data) {
    crossing.call("_collect", python, new String(data, ISO_8859_1));
  }

  @Override
  public void foundTerminator() {
    call("found_terminator");
  }

  @Override
  public Terminator getTerminator() {
    if (!asksTerminator) return super.getTerminator();
    Value answer = crossing.call("_terminator", python);
    if (answer.isNull()) return new Terminator.None();
    if (answer.isNumber()) return new Terminator.Count(answer.asLong());
    return new Terminator.Bytes(answer.asString().getBytes(ISO_8859_1));
  }

  @Override
  public void initiateSend() {
    call("initiate_send");
  }

  @Override
  public void handleUserEvent(Object event) {
    crossing.invoke(python, "handle_user_event", event);
  }

  @Override
  public void handleStop() {
    crossing.call("_handle_stop", python);
  }

  @Override
  public String toString() {
    return crossing.call("_repr", python).asString();
  }

  // --- from Python's base classes to ours ---

  @Override
  public void connected(boolean connected) {
    super.connected(connected);
  }

  @Override
  public void accepting(boolean accepting) {
    super.accepting(accepting);
  }

  @Override
  public void connecting(boolean connecting) {
    super.connecting(connecting);
  }

  @Override
  public void closing(boolean closing) {
    super.closing(closing);
  }

  public void baseHandleReadEvent() {
    crossing.fromPython(super::handleReadEvent);
  }

  public void baseHandleWriteEvent() {
    crossing.fromPython(super::handleWriteEvent);
  }

  public void baseHandleExptEvent() {
    crossing.fromPython(super::handleExptEvent);
  }

  public void baseHandleConnectEvent() {
    crossing.fromPython(super::handleConnectEvent);
  }

  public void baseHandleStop() {
    crossing.fromPython(super::handleStop);
  }

  public void baseListen(int backlog) {
    crossing.fromPython(() -> super.listen(backlog));
  }

  public void baseBind(SocketAddress address) {
    crossing.fromPython(() -> super.bind(address));
  }

  public void baseBind(String host, int port) {
    crossing.fromPython(() -> super.bind(host, port));
  }

  public void baseConnect(SocketAddress address) {
    crossing.fromPython(() -> super.connect(address));
  }

  public void baseConnect(String host, int port) {
    crossing.fromPython(() -> super.connect(host, port));
  }

  /** Null if no connection waits. */
  public Accepted baseAccept() {
    return crossing.fromPython(() -> super.accept());
  }

  public String baseRecv(int bufferSize) {
    return crossing.fromPython(() -> new String(super.recv(bufferSize), ISO_8859_1));
  }

  public int baseSend(String data) {
    byte[] bytes = data.getBytes(ISO_8859_1);
    return crossing.fromPython(() -> super.send(bytes, 0, bytes.length));
  }

  public void baseClose() {
    crossing.fromPython(super::close);
  }

  /** Takes the socket; Python's {@code set_socket} calls its {@code add_channel} afterwards. */
  public void baseSetSocket(AsyncSocket socket) {
    crossing.fromPython(
        () -> {
          isTaking = true;
          try {
            super.setSocket(socket, null);
          } finally {
            isTaking = false;
          }
        });
  }

  public void baseAddChannel(SocketMap map) {
    crossing.fromPython(() -> super.addChannel(map));
  }

  public void baseDelChannel(SocketMap map) {
    crossing.fromPython(() -> super.delChannel(map));
  }

  /** {@link Dispatcher#setReuseAddr()}. */
  public void baseSetReuseAddr() {
    crossing.fromPython(super::setReuseAddr);
  }

  // --- from Python's async_chat to ours ---

  /**
   * Reads and delivers.
   *
   * @param asksTerminator whether Python has a {@code get_terminator} of its own to ask
   */
  public void baseHandleRead(int bufferSize, boolean asksTerminator) {
    this.asksTerminator = asksTerminator;
    crossing.fromPython(
        () -> {
          acInBufferSize(bufferSize);
          super.handleRead();
        });
  }

  public boolean baseWritable() {
    return crossing.fromPython(() -> super.writable());
  }

  public void baseInitiateSend(int bufferSize) {
    crossing.fromPython(
        () -> {
          acOutBufferSize(bufferSize);
          super.initiateSend();
        });
  }

  public void basePush(String data, int bufferSize) {
    crossing.fromPython(
        () -> {
          acOutBufferSize(bufferSize);
          super.push(data.getBytes(ISO_8859_1));
        });
  }

  /** The bytes of {@link #acInBuffer()}. */
  public String baseAcInBuffer() {
    return new String(acInBuffer(), ISO_8859_1);
  }

  /** Sets the bytes of {@link #acInBuffer()}. */
  public void baseAcInBuffer(String data) {
    acInBuffer(data.getBytes(ISO_8859_1));
  }

  public void terminateBy(String bytes) {
    crossing.fromPython(() -> setTerminator(bytes == null ? null : bytes.getBytes(ISO_8859_1)));
  }

  public void terminateAfter(long byteCount) {
    crossing.fromPython(() -> setTerminator(new Terminator.Count(byteCount)));
  }

  /** How many bytes are left to come; -1 if the terminator is no count, or was never set. */
  public long countdown() {
    return crossing.fromPython(
        () -> super.getTerminator() instanceof Terminator.Count count ? count.remaining() : -1L);
  }

  /**
   * What a queue of Python's takes.
   *
   * @param thing bytes as a text, or what has {@code more}; null for the channel's end
   */
  public ProducerFifo.Entry entry(Value thing) {
    if (thing.isNull()) return ProducerFifo.Entry.close();
    if (thing.isString()) return ProducerFifo.Entry.of(thing.asString().getBytes(ISO_8859_1));
    return ProducerFifo.Entry.of(new PythonProducer(thing));
  }

  /** Python's thing in an entry: bytes as a text, the producer, or null. */
  public Object thing(ProducerFifo.Entry entry) {
    if (entry instanceof ProducerFifo.Piece piece) return new String(piece.bytes(), ISO_8859_1);
    if (!(entry instanceof ProducerFifo.Source source)) return null;
    return source.producer() instanceof PythonProducer mine ? mine.producer : source.producer();
  }

  /** Asks a Python object for more. */
  private final class PythonProducer implements Producer {
    private final Value producer;

    PythonProducer(Value producer) {
      this.producer = producer;
    }

    @Override
    public byte[] more() {
      return crossing.call("_more", python, producer).asString().getBytes(ISO_8859_1);
    }
  }
}
