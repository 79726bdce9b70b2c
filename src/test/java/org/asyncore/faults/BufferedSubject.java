package org.asyncore.faults;

import java.nio.ByteBuffer;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.faults.Lifecycle.Event;
import org.asyncore.faults.Meddling.Moment;
import org.asyncore.transport.AsyncSocket;

/** A dispatcher that has everything sent for it. */
final class BufferedSubject extends DispatcherWithSend implements Subject {
  private final Conduct conduct;

  /** Bytes handed to send(); what is not in the buffer was taken. */
  private long given;

  BufferedSubject(AsyncSocket socket, SocketMap map, Conduct conduct) {
    super(socket, map);
    this.conduct = conduct;
  }

  @Override
  public Conduct conduct() {
    return conduct;
  }

  @Override
  public void greet() {
    given += conduct.plan.outBytes();
    send(conduct.all());
    settle();
  }

  @Override
  public boolean writable() {
    return conduct.plan.isEager() || super.writable();
  }

  private void proceed() {
    conduct.life.within(super::handleWrite);
    settle();
  }

  private void settle() {
    conduct.sent = given - outBufferSize();
    if (given > 0 || conduct.plan.outBytes() == 0) conduct.closeIfSent(this, outBufferSize());
  }

  @Override
  public int send(byte[] data, int offset, int byteCount) {
    return conduct.calls(Moment.SEND, () -> super.send(data, offset, byteCount));
  }

  @Override
  public byte[] recv(int bufferSize) {
    return conduct.calls(Moment.RECV, () -> super.recv(bufferSize));
  }

  @Override
  public int recv(ByteBuffer target) {
    return conduct.calls(Moment.RECV, () -> super.recv(target));
  }

  @Override
  public void handleReadEvent() {
    conduct.life.event(Event.READ, super::handleReadEvent);
  }

  @Override
  public void handleWriteEvent() {
    conduct.life.event(Event.WRITE, super::handleWriteEvent);
  }

  @Override
  public void handleExptEvent() {
    conduct.life.event(Event.URGENT, () -> conduct.life.within(super::handleExptEvent));
  }

  @Override
  public void handleConnect() {
    conduct.life.connect(this);
    if (!conduct.disturb("handleConnect", this)) greet();
  }

  @Override
  public void handleRead() {
    conduct.life.read(this);
    if (!conduct.disturb("handleRead", this)) conduct.receive(this);
  }

  @Override
  public void handleWrite() {
    conduct.life.write(this);
    if (!conduct.disturb("handleWrite", this)) proceed();
  }

  @Override
  public void handleExpt() {
    conduct.life.urgent(this);
  }

  @Override
  public void handleClose() {
    conduct.life.close();
    conduct.disturb("handleClose", this);
    close();
  }

  @Override
  public void handleUserEvent(Object event) {
    conduct.life.userEvent();
  }

  @Override
  public void handleError(Throwable thrown) {
    conduct.error(this, thrown);
  }

  @Override
  public void close() {
    conduct.closes(super::close);
  }
}
