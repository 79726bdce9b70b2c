package org.asyncore.faults;

import java.util.Arrays;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.faults.Lifecycle.Event;
import org.asyncore.faults.Meddling.Moment;
import org.asyncore.transport.AsyncSocket;

/** A dispatcher of lines, or of counted messages. */
final class ChatSubject extends AsyncChat implements Subject {
  private static final long COUNT = 7;

  private final Conduct conduct;

  ChatSubject(AsyncSocket socket, SocketMap map, Conduct conduct) {
    super(socket, map);
    this.conduct = conduct;
    if (conduct.plan.seed() % 2 == 0) setTerminator(new byte[] {'\n'});
    else setTerminator(COUNT);
  }

  @Override
  public Conduct conduct() {
    return conduct;
  }

  @Override
  public void greet() {
    int step = conduct.plan.sendSize();
    byte[] all = conduct.all();
    for (int from = 0; from < all.length; from += step) {
      push(Arrays.copyOfRange(all, from, Math.min(all.length, from + step)));
    }
    if (conduct.plan.ending() == Plan.Ending.WHEN_SENT) closeWhenDone();
  }

  @Override
  public boolean writable() {
    return conduct.plan.isEager() || super.writable();
  }

  private void proceed() {
    conduct.life.within(super::handleWrite); // The mark of closeWhenDone calls handleClose.
  }

  @Override
  public void collectIncomingData(byte[] data) {
    conduct.came(data);
  }

  @Override
  public void foundTerminator() {
    if (conduct.plan.seed() % 2 == 0) conduct.came(new byte[] {'\n'});
    else setTerminator(COUNT);
  }

  @Override
  public int send(byte[] data, int offset, int byteCount) {
    int taken = conduct.calls(Moment.SEND, () -> super.send(data, offset, byteCount));
    conduct.sent += taken;
    return taken;
  }

  @Override
  public byte[] recv(int bufferSize) {
    return conduct.calls(Moment.RECV, () -> super.recv(bufferSize));
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
    if (!conduct.disturb("handleRead", this)) super.handleRead();
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
