package org.asyncore.netty.pipeline;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import java.nio.ByteBuffer;
import java.util.function.Function;
import org.asyncore.netty.kernel.Kernel;
import org.asyncore.netty.kernel.Memory;
import org.asyncore.netty.kernel.UnsentReset;
import org.asyncore.netty.loop.LoopBuffers;
import org.asyncore.netty.socket.HeldBytes;
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

  /** What was sent and not written yet. */
  private final HeldBytes collected = new HeldBytes();

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
      collected.add(data, offset + taken, piece);
    }
    collected.sendEnded();
    return told(taken, byteCount);
  }

  /** As {@link #send(byte[], int, int)}; the position moves behind what was taken. */
  int send(ByteBuffer data) {
    needOutput();
    int byteCount = data.remaining();
    for (int piece; data.hasRemaining() && (piece = collect(data.remaining())) > 0; ) {
      collected.add(data, piece);
    }
    collected.sendEnded();
    return told(byteCount - data.remaining(), byteCount);
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
    long room = Math.min(most, channel().bytesBeforeUnwritable());
    return (int) Math.max(0, room - collected.added());
  }

  /** Says how many of so many bytes may be written to {@link #collected}, which is there then. */
  private int collect(int byteCount) {
    int piece = Math.min(byteCount, room(PIECE));
    if (piece == 0) return 0;
    if (collected.isEmpty()) begin(Math.max(piece, expectedBytes));
    else if (!collected.hasRoomFor(piece)) grow(piece);
    unflushed = true;
    return piece;
  }

  private synchronized void grow(int byteCount) {
    collected.grow(byteCount);
  }

  private void begin(int capacity) {
    LoopBuffers buffers = isBare() && !leavesLater ? driver.buffers() : null;
    ByteBuf reused = buffers == null ? null : buffers.forSending();
    if (reused != null) collected.begin(reused, buffers);
    else collected.begin(Memory.io(context.alloc(), capacity), null);
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
    if (collected.isEmpty()) return;
    expectedBytes = collected.handTo(bytes -> context.write(bytes, promiseOfWrite()));
  }

  /** Has what was just sent in a callback leave at once, or after the callbacks of this pass. */
  void sent(int pass, HeldSends held, boolean waits) {
    boolean atOnce = pace.leavesAtOnce(pass) && !waits;
    if (isHeld && !collected.isEmpty()) return; // With what is held already.
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
    if (collected.isEmpty()) {
      flushChannel();
      return;
    }
    if (broken) {
      drop();
      return;
    }
    int byteCount = collected.handTo(bytes -> context.writeAndFlush(bytes, promiseOfWrite()));
    if (byteCount == 0) return; // The watch was here.
    expectedBytes = Math.max(SMALLEST_BUFFER, byteCount);
    reset.update();
  }

  private void flushChannel() {
    context.flush();
    reset.update();
  }

  /** Releases what is not written; of a channel that is closed, or whose event loop has ended. */
  synchronized void drop() {
    unflushed = false;
    if (channel().eventLoop().isShutdown()) collected.release();
    else collected.drop();
  }

  /** Whether all that was taken and is not in the kernel is collected here. */
  private boolean canLeavePast() {
    if (past == null || !isBare()) return false;
    ChannelOutboundBuffer pending = channel().unsafe().outboundBuffer();
    return pending != null && pending.totalPendingWriteBytes() == 0;
  }

  @Override
  public synchronized void flushOverdue() {
    if (collected.left() == 0 || !canLeavePast()) return;
    try {
      collected.sentPast(past.sendNow(channel(), collected.memory()));
    } catch (WouldBlockException full) {
      // What waits leaves when the callback has ended.
    } catch (OsException lost) {
      collected.sentPast(collected.left()); // As if the flush had failed.
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
