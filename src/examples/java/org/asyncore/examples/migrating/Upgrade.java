package org.asyncore.examples.migrating;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.channel.ChannelHandler;
import java.io.ByteArrayOutputStream;
import java.util.function.Supplier;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.transport.AsyncSocket;

/**
 * Answers lines, until one says UPGRADE: then the connection is a native handler's, with nothing
 * lost of what is queued, collected, unparsed or unread.
 */
public final class Upgrade extends AsyncChat {
  private final Supplier<ChannelHandler> successor;
  private boolean upgrading;

  public Upgrade(AsyncSocket socket, SocketMap map, Supplier<ChannelHandler> successor) {
    super(socket, map);
    this.successor = successor;
    setTerminator(new byte[] {'\n'});
  }

  @Override
  public void collectIncomingData(byte[] data) {
    appendIncomingData(data);
  }

  @Override
  public void foundTerminator() {
    String line = new String(takeIncomingData(), US_ASCII);
    push(("old " + line + "\n").getBytes(US_ASCII));
    if (!line.equals("UPGRADE")) return;
    upgrading = true;
    setTerminator(null); // What follows is not ours to parse: it is only kept.
    whenSent(this::handOver);
  }

  /** What comes from now on may stay in the kernel. */
  @Override
  public boolean readable() {
    return !upgrading;
  }

  /** All that was queued has left. */
  private void handOver() {
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    received.writeBytes(takeIncomingData());
    received.writeBytes(acInBuffer());
    DispatcherChannels.migrateTo(this, successor.get(), received.toByteArray());
  }
}
