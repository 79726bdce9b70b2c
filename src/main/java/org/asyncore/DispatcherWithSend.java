package org.asyncore;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.asyncore.transport.AsyncSocket;
import org.jspecify.annotations.Nullable;

/**
 * A dispatcher whose {@link #send} takes everything and sends it as the socket has room: {@code
 * asyncore.dispatcher_with_send}. Useful for simple clients; {@link
 * org.asyncore.asynchat.AsyncChat} does more.
 *
 * <pre>{@code
 * static class EchoHandler extends DispatcherWithSend {
 *   EchoHandler(AsyncSocket socket, SocketMap map) {
 *     super(socket, map);
 *   }
 *
 *   @Override
 *   public void handleRead() {
 *     byte[] data = recv(8192);
 *     if (data.length > 0) send(data); // What there is no room for goes out later.
 *   }
 * }
 * }</pre>
 *
 * <p>The buffer has no limit, unless {@link #maxOutBuffer(long)} sets one: what a peer that never
 * reads may cost. Confined to the thread that loops its map.
 */
public class DispatcherWithSend extends Dispatcher {
  /** {@link #maxOutBuffer()} unless set. */
  public static final long NO_LIMIT = Long.MAX_VALUE;

  private static final int PIECE = 65536;

  private static final int SMALL = 512;

  /** An array of more bytes than this is not kept when it is empty. */
  private static final int KEPT = 65536;

  /** Bytes taken and not yet sent, from {@code start} to {@code end}. */
  private byte[] outBuffer = new byte[SMALL];

  private int start;
  private int end;
  private long maxOutBuffer = NO_LIMIT;

  /** As {@link Dispatcher#Dispatcher()}. */
  public DispatcherWithSend() {
    this(null, null);
  }

  /** As {@link Dispatcher#Dispatcher(AsyncSocket)}. */
  public DispatcherWithSend(AsyncSocket socket) {
    this(socket, null);
  }

  /** As {@link Dispatcher#Dispatcher(SocketMap)}. */
  public DispatcherWithSend(SocketMap map) {
    this(null, map);
  }

  /** As {@link Dispatcher#Dispatcher(AsyncSocket, SocketMap)}. */
  public DispatcherWithSend(@Nullable AsyncSocket socket, @Nullable SocketMap map) {
    super(socket, map);
  }

  /** A copy of what was taken and not yet sent: {@code self.out_buffer}. */
  public byte[] outBuffer() {
    return Arrays.copyOfRange(outBuffer, start, end);
  }

  /** How many bytes were taken and not yet sent. */
  public int outBufferSize() {
    return end - start;
  }

  @Override
  public long queuedBytes() {
    return Math.max(
        0, outBufferSize()); // Another thread may see the one end moved and the other not.
  }

  /** How many bytes may be taken and not yet sent; ours alone. */
  public long maxOutBuffer() {
    return maxOutBuffer;
  }

  /**
   * Sets {@link #maxOutBuffer()}. A send over it takes nothing, gives 0, and calls {@link
   * #handleError} with an {@link OutBufferLimitException}, whose default closes. It counts all of
   * the bytes, also those that the socket would have had room for.
   *
   * @param byteCount from 1 on; {@link #NO_LIMIT} for any number
   */
  public void maxOutBuffer(long byteCount) {
    if (byteCount < 1) throw new IllegalArgumentException("maxOutBuffer < 1: " + byteCount);
    maxOutBuffer = byteCount;
  }

  private boolean mayTake(int byteCount) {
    long total = (long) outBufferSize() + byteCount;
    if (total <= maxOutBuffer) return true;
    Callbacks.found(this, new OutBufferLimitException(total, maxOutBuffer));
    return false;
  }

  /** Sends at most 64 KiB of the buffer: {@code initiate_send}. */
  public void initiateSend() {
    // As initiate_send: dispatcher.send itself, not an override of it.
    int byteCount = super.send(outBuffer, start, Math.min(PIECE, end - start));
    start += byteCount;
    if (start == end) emptied();
    interestTouched();
    queueChanged();
  }

  /** One long answer is not to cost its size for the rest of the connection. */
  private void emptied() {
    start = end = 0;
    if (outBuffer.length > KEPT) outBuffer = new byte[SMALL];
  }

  /** How many bytes there is room for without another array. */
  int outBufferCapacity() {
    return outBuffer.length;
  }

  @Override
  public void handleWrite() {
    initiateSend();
  }

  /**
   * True until it is connected, so that it learns of its connection, and while something is left to
   * send.
   */
  @Override
  public boolean writable() {
    return !connected() || start != end;
  }

  /**
   * Takes all of it, and sends what the socket has room for.
   *
   * @return {@code byteCount}, or 0 over {@link #maxOutBuffer()}; Python's returns nothing
   */
  @Override
  public int send(byte[] data, int offset, int byteCount) {
    Objects.checkFromIndexSize(offset, byteCount, needData(data).length);
    if (debug()) logInfo("sending " + BytesText.repr(ByteBuffer.wrap(data, offset, byteCount)));
    if (!mayTake(byteCount)) return 0;
    makeRoom(byteCount);
    System.arraycopy(data, offset, outBuffer, end, byteCount);
    end += byteCount;
    interestTouched();
    initiateSend();
    return byteCount;
  }

  @Override
  public int send(ByteBuffer data) {
    int byteCount = needData(data).remaining();
    if (debug()) logInfo("sending " + BytesText.repr(data));
    if (!mayTake(byteCount)) return 0;
    makeRoom(byteCount);
    data.get(outBuffer, end, byteCount);
    end += byteCount;
    interestTouched();
    initiateSend();
    return byteCount;
  }

  private void makeRoom(int byteCount) {
    if (outBuffer.length - end >= byteCount) return;
    int needed = Math.addExact(end - start, byteCount);
    int spare = start == end ? 0 : needed / 2; // Who sends piece by piece keeps one of that size.
    byte[] target =
        needed > outBuffer.length / 2 ? new byte[Math.addExact(needed, spare)] : outBuffer;
    System.arraycopy(outBuffer, start, target, 0, end - start);
    end -= start;
    start = 0;
    outBuffer = target;
  }
}
