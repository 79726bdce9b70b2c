package org.asyncore.compat.play;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.AsyncSocket;

/** The kind {@code async_chat}: every call goes through its {@link Script}. */
final class ChatChannel extends AsyncChat implements Scripted {
  private final Script script;

  ChatChannel(Script script, AsyncSocket socket, SocketMap map) {
    super(socket, map);
    this.script = script;
  }

  @Override
  public Script script() {
    return script == null
        ? Script.underConstruction()
        : script; // Null in the library's constructor.
  }

  @Override
  public void collectIncomingData(byte[] data) {
    script().entered("collect_incoming_data", () -> super.collectIncomingData(data), (Object) data);
  }

  @Override
  public void foundTerminator() {
    script().entered("found_terminator", super::foundTerminator);
  }

  @Override
  public void handleRead() {
    script().entered("handle_read", super::handleRead);
  }

  @Override
  public void handleWrite() {
    script().entered("handle_write", super::handleWrite);
  }

  @Override
  public void handleExpt() {
    script().entered("handle_expt", super::handleExpt);
  }

  @Override
  public void handleConnect() {
    script().entered("handle_connect", super::handleConnect);
  }

  @Override
  public void handleAccept() {
    script().entered("handle_accept", super::handleAccept);
  }

  @Override
  public void handleAccepted(AsyncSocket socket, SocketAddress address) {
    script()
        .entered("handle_accepted", () -> super.handleAccepted(socket, address), socket, address);
  }

  @Override
  public void handleClose() {
    script().entered("handle_close", super::handleClose);
  }

  @Override
  public void handleError(Throwable thrown) {
    script().handlesError(thrown, () -> super.handleError(thrown));
  }

  @Override
  public void close() {
    script().entered("close", super::close);
  }

  @Override
  public byte[] recv(int byteCount) {
    return script().returned(byte[].class, "recv", () -> super.recv(byteCount), byteCount);
  }

  @Override
  public int recv(ByteBuffer target) {
    return Transfers.recv(script(), target, super::recv);
  }

  @Override
  public int send(byte[] data, int offset, int byteCount) {
    return Transfers.send(script(), data, offset, byteCount, super::send);
  }

  @Override
  public int send(ByteBuffer data) {
    return Transfers.send(script(), data, super::send);
  }

  @Override
  public Accepted accept() {
    return script().returned(Accepted.class, "accept", super::accept);
  }

  @Override
  public boolean readable() {
    return script().predicate("readable", super::readable);
  }

  @Override
  public boolean writable() {
    return script().predicate("writable", super::writable);
  }

  @Override
  public void handleReadEvent() {
    script().entered("handle_read_event", super::handleReadEvent);
  }

  @Override
  public void handleWriteEvent() {
    script().entered("handle_write_event", super::handleWriteEvent);
  }

  @Override
  public void handleExptEvent() {
    script().entered("handle_expt_event", super::handleExptEvent);
  }

  @Override
  public void handleConnectEvent() {
    script().entered("handle_connect_event", super::handleConnectEvent);
  }

  @Override
  public void addChannel(SocketMap map) {
    script().belongsTo(this);
    script().entered("add_channel", () -> super.addChannel(map));
  }

  @Override
  public void delChannel(SocketMap map) {
    script().entered("del_channel", () -> super.delChannel(map));
  }

  @Override
  public void initiateSend() {
    script().entered("initiate_send", super::initiateSend);
  }

  @Override
  public void log(String message) {
    script().entered("log", () -> super.log(message), message);
  }

  @Override
  public void logInfo(String message, String type) {
    script().entered("log_info", () -> super.logInfo(message, type), message, type);
  }
}
