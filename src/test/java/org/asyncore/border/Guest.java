package org.asyncore.border;

import java.nio.ByteBuffer;
import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.transport.AsyncSocket;

/** A dispatcher of a program, of each kind: it watches all calls, its own and the library's. */
interface Guest {
  Script script();

  /** Sends all of it, if its kind keeps what the socket does not take. */
  int give(byte[] bytes);

  default Dispatcher dispatcher() {
    return (Dispatcher) this;
  }

  static Guest of(Kind kind, String name, Watch watch, AsyncSocket socket, SocketMap map) {
    return switch (kind) {
      case PLAIN -> new Plain(name, watch, socket, map);
      case WITH_SEND -> new WithSend(name, watch, socket, map);
      case CHAT -> new Chat(name, watch, socket, map);
    };
  }

  /** Keeps nothing. */
  final class Plain extends Dispatcher implements Guest {
    private final Script script;

    Plain(String name, Watch watch, AsyncSocket socket, SocketMap map) {
      super(socket, map);
      script = new Script(name, watch, this);
    }

    @Override
    public Script script() {
      return script;
    }

    @Override
    public int give(byte[] bytes) {
      return send(bytes);
    }

    @Override
    public int send(byte[] data, int offset, int byteCount) {
      return script.call("send", () -> super.send(data, offset, byteCount));
    }

    @Override
    public int send(ByteBuffer data) {
      return script.call("send", () -> super.send(data));
    }

    @Override
    public byte[] recv(int bufferSize) {
      return script.call("recv", () -> super.recv(bufferSize));
    }

    @Override
    public void close() {
      script.closes(super::close);
    }

    @Override
    public boolean readable() {
      return script.asked("readable", script.reads);
    }

    @Override
    public boolean writable() {
      return script.asked("writable", script.writes);
    }

    @Override
    public void handleRead() {
      script.callback("handleRead", script::read);
    }

    @Override
    public void handleWrite() {
      script.callback("handleWrite", () -> {});
    }

    @Override
    public void handleConnect() {
      script.callback("handleConnect", () -> {});
    }

    @Override
    public void handleClose() {
      script.callback("handleClose", this::close);
    }

    @Override
    public void handleUserEvent(Object event) {
      script.callback("handleUserEvent", () -> {});
    }

    @Override
    public void handleError(Throwable thrown) {
      script.error(thrown);
    }
  }

  /** Keeps what it was given. */
  final class WithSend extends DispatcherWithSend implements Guest {
    private final Script script;

    WithSend(String name, Watch watch, AsyncSocket socket, SocketMap map) {
      super(socket, map);
      script = new Script(name, watch, this);
    }

    @Override
    public Script script() {
      return script;
    }

    @Override
    public int give(byte[] bytes) {
      return send(bytes);
    }

    @Override
    public int send(byte[] data, int offset, int byteCount) {
      return script.call("send", () -> super.send(data, offset, byteCount));
    }

    @Override
    public byte[] recv(int bufferSize) {
      return script.call("recv", () -> super.recv(bufferSize));
    }

    @Override
    public void close() {
      script.closes(super::close);
    }

    @Override
    public boolean readable() {
      return script.asked("readable", script.reads);
    }

    @Override
    public boolean writable() {
      return script.asked("writable", script.writes || super.writable());
    }

    @Override
    public void handleRead() {
      script.callback("handleRead", script::read);
    }

    @Override
    public void handleWrite() {
      script.callback("handleWrite", super::handleWrite);
    }

    @Override
    public void handleConnect() {
      script.callback("handleConnect", () -> {});
    }

    @Override
    public void handleClose() {
      script.callback("handleClose", this::close);
    }

    @Override
    public void handleUserEvent(Object event) {
      script.callback("handleUserEvent", () -> {});
    }

    @Override
    public void handleError(Throwable thrown) {
      script.error(thrown);
    }
  }

  /** Queues what it was given; without a terminator, so that it tells bytes as they come. */
  final class Chat extends AsyncChat implements Guest {
    private final Script script;

    Chat(String name, Watch watch, AsyncSocket socket, SocketMap map) {
      super(socket, map);
      setTerminator(null);
      script = new Script(name, watch, this);
    }

    @Override
    public Script script() {
      return script;
    }

    @Override
    public int give(byte[] bytes) {
      push(bytes);
      return bytes.length;
    }

    @Override
    public void push(byte[] data) {
      script.call(
          "push",
          () -> {
            super.push(data);
            return null;
          });
    }

    @Override
    public int send(byte[] data, int offset, int byteCount) {
      return script.call("send", () -> super.send(data, offset, byteCount));
    }

    @Override
    public byte[] recv(int bufferSize) {
      return script.call("recv", () -> super.recv(bufferSize));
    }

    @Override
    public void closeWhenDone() {
      script.call(
          "closeWhenDone",
          () -> {
            super.closeWhenDone();
            return null;
          });
    }

    @Override
    public void close() {
      script.closes(super::close);
    }

    @Override
    public boolean readable() {
      return script.asked("readable", script.reads);
    }

    @Override
    public boolean writable() {
      return script.asked("writable", script.writes || super.writable());
    }

    @Override
    public void collectIncomingData(byte[] data) {
      script.came(data);
    }

    @Override
    public void handleRead() {
      script.callback("handleRead", super::handleRead);
    }

    @Override
    public void handleWrite() {
      script.callback("handleWrite", super::handleWrite);
    }

    @Override
    public void handleConnect() {
      script.callback("handleConnect", () -> {});
    }

    @Override
    public void handleClose() {
      script.callback("handleClose", super::handleClose);
    }

    @Override
    public void handleUserEvent(Object event) {
      script.callback("handleUserEvent", () -> {});
    }

    @Override
    public void handleError(Throwable thrown) {
      script.error(thrown);
    }
  }
}
