package org.asyncore.migrate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;

/** Tells a {@link TlsWorld} what it is told, keeps what it reads, and answers as a test says. */
final class Talker extends DispatcherWithSend {
  private final TlsWorld world;
  private final String name;

  /** All that was read, as Latin-1; guarded by itself. */
  private final StringBuilder got = new StringBuilder();

  private BiConsumer<Talker, String> reading = (talker, all) -> {};
  private Runnable closing = this::close;

  Talker(
      TlsWorld world,
      String name,
      AsyncSocket socket,
      SocketMap map,
      Consumer<Talker> prepareIfThereIsASocket) {
    super(socket, map);
    this.world = world;
    this.name = name;
    if (socket != null) prepareIfThereIsASocket.accept(this);
  }

  /** What is done after each read, with all that was read so far. */
  Talker onRead(BiConsumer<Talker, String> reading) {
    this.reading = reading;
    return this;
  }

  /** What is done at the end of the stream, instead of closing. */
  Talker onClose(Runnable closing) {
    this.closing = closing;
    return this;
  }

  String got() {
    synchronized (got) {
      return got.toString();
    }
  }

  void say(String text) {
    send(text.getBytes(ISO_8859_1));
  }

  @Override
  public void handleConnect() {
    world.told(name + " handleConnect");
  }

  @Override
  public void handleRead() {
    byte[] data = recv(50_000);
    if (data.length == 0) return;
    synchronized (got) {
      got.append(new String(data, ISO_8859_1));
    }
    reading.accept(this, got());
  }

  @Override
  public void handleUserEvent(Object event) {
    if (event instanceof SslHandshakeCompletionEvent done) {
      world.told(name + " handshake " + done.isSuccess());
    } else if (event instanceof SslCloseCompletionEvent done) {
      world.told(name + " TLS closed " + done.isSuccess());
    }
  }

  @Override
  public void handleError(Throwable thrown) {
    world.told(name + " handleError " + thrown.getMessage());
    close();
  }

  @Override
  public void handleClose() {
    world.told(name + " handleClose");
    closing.run();
  }
}
