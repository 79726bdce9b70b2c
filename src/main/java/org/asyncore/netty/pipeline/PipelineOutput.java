package org.asyncore.netty.pipeline;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.asyncore.netty.kernel.Kernel;
import org.asyncore.netty.kernel.Memory;
import org.asyncore.netty.kernel.UnsentReset;
import org.asyncore.netty.loop.LoopBuffers;
import org.asyncore.netty.socket.HeldSends;
import org.asyncore.netty.socket.NettyPollster;
import org.asyncore.transport.Activity;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.WouldBlockException;

/**
 * What is sent into a pipeline. Bytes are copied into one buffer until they are flushed: however
 * many sends there were, the channel has one write.
 *
 * <p>What a callback sends after its first send may leave after it, where the watch of {@link
 * HeldSends} can have it leave before, past the channel: nobody stands in front, and the channel
 * has nothing to write; and where a flush would leave after it as well. Else each send leaves at
 * once.
 *
 * <p>Is itself the promise of its writes. Owns that buffer until it is written; a channel of its
 * own, with nobody in front, gets one of {@link LoopBuffers}, which comes back. Bounded: no more is
 * taken than the channel's high water mark allows.
 *
 * <p>For the channel's event loop, but for the watch, against which it is guarded by itself where
 * what was collected is moved. To collect needs no lock: the watch looks no further than to where
 * the last send ended.
 */
final class PipelineOutput extends SharedWritePromise implements HeldSends.Sender {
  private static final int PIECE = LoopBuffers.SIZE;
  private static final int SMALLEST_BUFFER = 256;

  private final PipelineDriver driver;
  private final Function<Throwable, RuntimeException> ofCaller;
  private final UnsentReset reset;

  /**
   * What was sent and not written yet; null for nothing. Set to null, and grows, under the lock.
   */
  private ByteBuf collected;

  /** Where the last send ended in {@link #collected}: before that the watch may take bytes. */
  private final AtomicInteger collectedEnd = new AtomicInteger();

  /** How many of the bytes in {@link #collected} the watch has sent. Guarded by this. */
  private int sentPast;

  /** Gets {@link #collected} back; null for a buffer of the channel's allocator. */
  private LoopBuffers owner;

  /** How much was collected last. */
  private int expectedBytes = SMALLEST_BUFFER;

  private boolean unflushed;

  /** A write has failed: bytes are lost, and none may follow. */
  private volatile boolean broken;

  /** The peer's stream has ended. */
  private boolean inputEnded;

  /** Whether the loop was asked to keep the registration in spite of that. */
  private boolean isSteady;

  /** It is about to, and nothing is flushed until then. */
  private boolean waitsForLoop;

  private final HeldSends.Pace pace = new HeldSends.Pace();

  /** {@link HeldSends} has it, and sees to it that what was taken leaves. */
  private boolean isHeld;

  /** What sends past the channel; null where nothing can. */
  private final Kernel past;

  /** Whether a flush leaves no sooner than when the callbacks are over. */
  private final boolean leavesLater;

  /** How many writes are not in the kernel yet. */
  private int pending;

  /** Null if nobody asks for it. */
  private Activity activity;

  private volatile RuntimeException failure;
  private boolean ended;
  private int sends;

  /**
   * @param driver hears that a write has failed, in the middle of whatever call
   * @param ofCaller makes what send throws of what a write has failed by
   */
  PipelineOutput(
      ChannelHandlerContext context,
      PipelineDriver driver,
      Function<Throwable, RuntimeException> ofCaller) {
    super(context);
    this.driver = driver;
    this.ofCaller = ofCaller;
    past = driver.past(context.channel());
    leavesLater = driver.completesLater(context.channel());
    reset = new UnsentReset(context.channel());
  }

  /** What others who close the channel tell the peer. */
  UnsentReset reset() {
    return reset;
  }

  void activity(Activity activity) {
    this.activity = activity;
  }

  @Override
  void writeEnded() {
    pending--;
    if (activity != null) activity.took(pending > 0);
    if (reset.isSet()) reset.update();
  }

  @Override
  void writeFailed(Throwable cause) {
    broken = true;
    failed(ofCaller.apply(cause));
    driver.changed();
  }

  /** Whether something that was taken did not get out. */
  boolean hasFailed() {
    return broken;
  }

  /** What the next send throws; the first one counts. */
  void failed(RuntimeException cause) {
    if (failure == null) failure = cause;
  }

  /** Whether there is an error that nobody was told of. */
  boolean hasNews() {
    return failure != null;
  }

  /** The error that nobody was told of, told now; null for none. */
  RuntimeException takeFailure() {
    RuntimeException taken = failure;
    failure = null;
    return taken;
  }

  /** Whether send has room, or an error to tell. */
  boolean canSend() {
    return channel().isWritable() || failure != null || broken;
  }

  /** How often something was sent: whether a callback got anywhere. */
  int sends() {
    return sends;
  }

  // --- sending ---

  /** Takes what there is room for; the caller flushes, at once or at the end of a dispatch. */
  int send(byte[] data, int offset, int byteCount) {
    needOutput();
    int taken = 0;
    for (int piece; taken < byteCount && (piece = collect(byteCount - taken)) > 0; taken += piece) {
      collected.writeBytes(data, offset + taken, piece);
    }
    showCollected();
    return told(taken, byteCount);
  }

  /** As {@link #send(byte[], int, int)}; the position moves behind what was taken. */
  int send(ByteBuffer data) {
    needOutput();
    int byteCount = data.remaining();
    int limit = data.limit();
    for (int piece; data.hasRemaining() && (piece = collect(data.remaining())) > 0; ) {
      collected.writeBytes(data.limit(data.position() + piece));
      data.limit(limit);
    }
    showCollected();
    return told(byteCount - data.remaining(), byteCount);
  }

  /** A send has ended: the watch may look at its bytes. */
  private void showCollected() {
    ByteBuf now = collected;
    if (now != null) collectedEnd.lazySet(now.writerIndex());
  }

  private int told(int taken, int byteCount) {
    if (taken == 0 && byteCount > 0) throw WouldBlockException.INSTANCE;
    if (taken > 0) sends++;
    return taken;
  }

  /** As {@link #send(ByteBuffer)}, without a copy: what is taken is a slice, which is released. */
  synchronized int send(ByteBuf data) {
    needOutput();
    int taken = Math.min(data.readableBytes(), room(Integer.MAX_VALUE));
    int told = told(taken, data.readableBytes());
    if (taken > 0) write(data.readRetainedSlice(taken));
    return told;
  }

  /** Takes the buffer itself, which is released, if there is room for any of it. */
  synchronized boolean offer(ByteBuf data) {
    needOutput();
    if (room(Integer.MAX_VALUE) == 0) return false;
    if (data.isReadable()) sends++;
    write(data);
    return true;
  }

  /** Takes bytes that were promised to be sent, whatever room there is; they are released. */
  synchronized void append(ByteBuf data) {
    sends++;
    write(data);
  }

  private void needOutput() {
    if (failure != null) {
      sends++;
      throw takeFailure();
    }
    if (ended || broken) throw new OsException(Errno.EPIPE);
    if (!channel().isActive()) throw new OsException(Errno.ENOTCONN);
  }

  /**
   * How many bytes may be taken, of so many; if there is no room, tries whether a flush makes it.
   */
  private int room(int most) {
    int room = roomLeft(most);
    if (room > 0 || !unflushed) return room;
    flush();
    return roomLeft(most);
  }

  private int roomLeft(int most) {
    if (broken) return 0;
    int taken = collected == null ? 0 : collected.readableBytes();
    return (int) Math.max(0, Math.min(most, channel().bytesBeforeUnwritable()) - taken);
  }

  /** Says how many of so many bytes may be written to {@link #collected}, which is there then. */
  private int collect(int byteCount) {
    int piece = Math.min(byteCount, room(PIECE));
    if (piece == 0) return 0;
    if (collected == null) collected = buffer(Math.max(piece, expectedBytes));
    else if (collected.writableBytes() < piece) grow(piece);
    unflushed = true;
    return piece;
  }

  /** Its memory may be another one then, and the watch might be looking at it. */
  private synchronized void grow(int piece) {
    collected.ensureWritable(piece);
  }

  /** What was collected and the watch has not sent, the caller's own; null for nothing. */
  private ByteBuf takeCollected() {
    ByteBuf taken = collected;
    if (taken == null) return null;
    collected = null;
    collectedEnd.lazySet(0);
    taken.skipBytes(sentPast);
    sentPast = 0;
    return taken;
  }

  private ByteBuf buffer(int capacity) {
    owner = isBare() && !leavesLater ? driver.buffers() : null;
    ByteBuf reused = owner == null ? null : owner.forSending();
    if (reused != null) return reused;
    owner = null;
    return Memory.io(context.alloc(), capacity);
  }

  /**
   * Whether what is written now is the channel's at once, and will soon be the kernel's. Somebody
   * in front could keep many small pieces, which must not be large buffers.
   */
  boolean isBare() {
    return channel().pipeline().firstContext() == context
        && context.executor() == channel().eventLoop();
  }

  private ChannelPromise promiseOfWrite() {
    pending++;
    if (activity != null) activity.sent(true);
    return isBare() ? this : single();
  }

  // --- flushing ---

  private void write(ByteBuf bytes) {
    writeCollected();
    if (broken) {
      bytes.release();
      return;
    }
    unflushed = true;
    context.write(bytes, promiseOfWrite());
  }

  /** Without a flush, which comes soon; a reused buffer is then the channel's for good. */
  private void writeCollected() {
    ByteBuf bytes = takeCollected();
    if (bytes == null) return;
    expectedBytes = bytes.readableBytes();
    if (expectedBytes == 0) { // The watch was here.
      drop(bytes);
      return;
    }
    if (owner != null) bytes.retain();
    context.write(bytes, promiseOfWrite());
    if (owner != null) owner.giveBack(bytes);
  }

  /** Has what was just sent in a callback leave at once, or after the callbacks of this pass. */
  void sent(int pass, HeldSends held, boolean waits) {
    boolean atOnce = pace.leavesAtOnce(pass) && !waits;
    if (isHeld && collected != null) return; // With what is held already.
    if (!leavesLater && (atOnce || !canLeavePast())) {
      flush();
    } else if (!isHeld) {
      isHeld = true;
      held.add(this);
    }
  }

  @Override
  public boolean holdsBack(NettyPollster pass) {
    return driver.holdsBack(pass);
  }

  @Override
  public void leave() {
    isHeld = false;
    flush();
  }

  synchronized void flush() {
    if (!unflushed) return;
    if (waitsForLoop()) {
      reset.expect();
      return;
    }
    unflushed = false;
    ByteBuf bytes = takeCollected();
    if (bytes == null) {
      flushChannel();
      return;
    }
    if (broken || !bytes.isReadable()) { // The watch was here.
      drop(bytes);
      return;
    }
    expectedBytes = Math.max(SMALLEST_BUFFER, bytes.readableBytes());
    LoopBuffers returnTo = owner;
    if (returnTo != null) bytes.retain();
    try {
      context.writeAndFlush(bytes, promiseOfWrite());
    } finally {
      if (returnTo != null) returnTo.giveBack(bytes);
    }
    reset.update();
  }

  private void flushChannel() {
    context.flush();
    reset.update();
  }

  /** Releases what is not written; of a channel that is closed, or whose event loop has ended. */
  synchronized void drop() {
    unflushed = false;
    ByteBuf bytes = takeCollected();
    if (bytes != null) drop(bytes);
  }

  private void drop(ByteBuf bytes) {
    if (owner == null || channel().eventLoop().isShutdown()) bytes.release();
    else owner.giveBack(bytes);
  }

  /** Whether all that was taken and is not in the kernel is collected here. */
  private boolean canLeavePast() {
    if (past == null || !isBare()) return false;
    ChannelOutboundBuffer pending = channel().unsafe().outboundBuffer();
    return pending != null && pending.totalPendingWriteBytes() == 0;
  }

  @Override
  public synchronized void flushOverdue() {
    int end = collectedEnd.get();
    if (sentPast == end || !canLeavePast()) return;
    try {
      sentPast += past.sendNow(channel(), collected.nioBuffer(sentPast, end - sentPast));
    } catch (WouldBlockException full) {
      // What waits leaves when the callback has ended.
    } catch (OsException lost) {
      sentPast = end; // As if the flush had failed.
      broken = true;
      failed(lost);
      context.executor().execute(driver::changed);
    }
  }

  /** The peer's stream has ended; what is sent from now on must not meet a loop that forgets it. */
  void inputEnded() {
    inputEnded = true;
  }

  /** Asked once, when there is something to send. */
  private boolean waitsForLoop() {
    if (inputEnded && !isSteady) {
      isSteady = true;
      waitsForLoop = driver.keepsRegistration(this::loopIsSteady);
    }
    if (waitsForLoop) flushOverdue(); // The callback may wait for what its peer makes of it.
    return waitsForLoop;
  }

  private void loopIsSteady() {
    waitsForLoop = false;
    flush();
    driver.writable(); // The channel may have taken all at once: nothing else tells that.
  }

  // --- ending ---

  /** Refuses what is sent from now on. */
  void end() {
    ended = true;
  }

  /** Has all that was taken sent; done when it is out. */
  synchronized ChannelFuture finish() {
    writeCollected();
    ChannelFuture last = context.write(Unpooled.EMPTY_BUFFER);
    if (unflushed) flush();
    else flushChannel(); // No bytes, which need no registration.
    return last;
  }

  boolean hasEnded() {
    return ended;
  }
}
