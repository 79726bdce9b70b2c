package org.asyncore.faults;

import java.nio.ByteBuffer;
import org.asyncore.FileDispatcher;
import org.asyncore.SocketMap;
import org.asyncore.faults.Lifecycle.Event;

/** A dispatcher over an end of a pipe. */
final class FileSubject extends FileDispatcher implements Subject {
  private final Conduct conduct;

  FileSubject(int descriptor, SocketMap map, Conduct conduct) {
    super(descriptor, map);
    this.conduct = conduct;
  }

  @Override
  public Conduct conduct() {
    return conduct;
  }

  @Override
  public boolean readable() {
    return conduct.plan.wire() == Plan.Wire.PIPE_IN;
  }

  @Override
  public boolean writable() {
    return conduct.plan.wire() == Plan.Wire.PIPE_OUT;
  }

  @Override
  public void greet() {
    // Nothing: it sends when it is told that there is room.
  }

  private void proceed() {
    if (conduct.hasMore()) conduct.sent += send(conduct.piece());
    if (!conduct.hasMore()) conduct.closeIfSent(this, 0);
  }

  @Override
  public int send(byte[] data) {
    return conduct.life.within(() -> super.send(data));
  }

  @Override
  public byte[] recv(int bufferSize) {
    return conduct.life.within(() -> super.recv(bufferSize));
  }

  @Override
  public int recv(ByteBuffer target) {
    return conduct.life.within(() -> super.recv(target));
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
  public void handleError(Throwable thrown) {
    conduct.error(this, thrown);
  }

  @Override
  public void close() {
    conduct.closes(super::close);
  }
}
