package org.asyncore.internal;

import java.nio.channels.SelectableChannel;
import org.asyncore.transport.AsyncFile;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.asyncore.transport.Pipe;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.Transport;

/**
 * A loop's way to use a transport that knows nothing of loops. Its turn is nobody's, as one thread
 * uses it; its waits end in time for what is due, but not for what another thread asks for.
 */
record PlainTransport(Transport given) implements LoopTransport {
  @Override
  public String name() {
    return given.name();
  }

  @Override
  public String reason() {
    return given.reason();
  }

  @Override
  public AsyncSocket socket(Family family, SocketType type) {
    return given.socket(family, type);
  }

  @Override
  public AsyncSocket socket(int descriptor) {
    return given.socket(descriptor);
  }

  @Override
  public AsyncFile file(int descriptor) {
    return given.file(descriptor);
  }

  @Override
  public AsyncFile file(SelectableChannel channel) {
    return given.file(channel);
  }

  @Override
  public Pipe pipe() {
    return given.pipe();
  }

  @Override
  public LoopPollster pollster() {
    return new PlainPollster(given.pollster());
  }

  @Override
  public long nanoTime() {
    return given.nanoTime();
  }
}
