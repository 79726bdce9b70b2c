package org.asyncore.examples.migrating;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.channel.ChannelHandler;
import java.io.ByteArrayOutputStream;
import java.util.function.Supplier;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.asynchat.IncomingLimitException;
import org.asyncore.examples.cookbook.Farewell;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.transport.AsyncSocket;

/**
 * Answers lines, until one says UPGRADE: then the connection is a native handler's, with nothing
 * lost of what is queued, collected, unparsed or unread.
 */
public final class Upgrade extends AsyncChat {
  private static final int LONGEST_LINE = 1024;

  private final Supplier<ChannelHandler> successor;
  private boolean upgrading;

  /** A line was too long: what else comes is dropped. */
  private boolean leaving;

  public Upgrade(AsyncSocket socket, SocketMap map, Supplier<ChannelHandler> successor) {
    super(socket, map);
    this.successor = successor;
    setTerminator(new byte[] {'\n'});
    maxIncoming(LONGEST_LINE);
  }

  @Override
  public void collectIncomingData(byte[] data) {
    if (!leaving) appendIncomingData(data);
  }

  @Override
  public void foundTerminator() {
    String line = new String(takeIncomingData(), US_ASCII);
    push(("old " + line + "\n").getBytes(US_ASCII));
    if (!line.equals("UPGRADE")) return;
    upgrading = true;
    setTerminator(null); // What follows is not ours to parse: it is only kept.
    maxIncoming(NO_LIMIT);
    whenSent(this::handOver);
  }

  /** A line that is too long is the end: ours first, and then the client's. */
  @Override
  public void handleError(Throwable thrown) {
    if (!(thrown instanceof IncomingLimitException)) {
      super.handleError(thrown);
      return;
    }
    push("error: line too long\n".getBytes(US_ASCII));
    leaving = true;
    Farewell.stopParsing(this);
    Farewell.endWhenSent(this);
  }

  /** What comes from now on may stay in the kernel; of a client that has reset, its end comes. */
  @Override
  public boolean readable() {
    return !upgrading || !connected();
  }

  /** All that was queued has left. */
  private void handOver() {
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    received.writeBytes(takeIncomingData());
    received.writeBytes(acInBuffer());
    DispatcherChannels.migrateTo(this, successor.get(), received.toByteArray());
  }
}
