package org.asyncore.netty.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Direct buffers that a loop uses again for each read and each send: bytes stay in them only until
 * they are copied out, or the kernel has them.
 *
 * <p>Owned by the loop, and outside Netty's leak detection: they end with it. Confined to the
 * holder of the turn.
 */
public final class LoopBuffers {
  public static final int SIZE = 65536;

  /**
   * As many as are in use at once where one dispatcher sends on its own and some other channels.
   */
  private static final int MOST_FOR_SENDING = 16;

  /** As much as is in use at once where some channels are read before their bytes are taken. */
  private static final int MOST_FOR_RECEIVING = 8;

  private static final ByteBufAllocator UNTRACKED = new UnpooledByteBufAllocator(true, true);

  /** Of the threads of others' event loops, each of which releases its own when it ends. */
  private static final FastThreadLocal<LoopBuffers> OF_THREAD =
      new FastThreadLocal<>() {
        @Override
        protected LoopBuffers initialValue() {
          return new LoopBuffers();
        }

        @Override
        protected void onRemoval(LoopBuffers buffers) {
          buffers.release();
        }
      };

  private final List<ReadBlock> receiving = new ArrayList<>(1);

  /** Of which a read was given a part last. */
  private ReadBlock last;

  private final ArrayDeque<ByteBuf> spare = new ArrayDeque<>(MOST_FOR_SENDING);
  private int forSending;

  /** Those of the event loop that calls; null if its thread would not release them at its end. */
  public static LoopBuffers ofThread() {
    return FastThreadLocalThread.currentThreadWillCleanupFastThreadLocals()
        ? OF_THREAD.get()
        : null;
  }

  /**
   * An empty buffer for one read, to be released: its own until then. What others have read and not
   * taken stays where it is.
   *
   * @param capacity how large it is to be
   * @param least how large it has to be at least
   * @return null if it is too large, if all are in use, or if nothing was read yet into what was
   *     given last
   */
  public ByteBuf forReceiving(int capacity, int least) {
    if (capacity > SIZE || (last != null && last.awaitsRead())) return null;
    for (ReadBlock block : receiving) {
      ByteBuf part = block.lend(capacity, least);
      if (part == null) continue;
      last = block;
      return part;
    }
    ByteBuf made = receiving.size() < MOST_FOR_RECEIVING ? newBuffer() : null;
    if (made == null) return null;
    last = new ReadBlock(made);
    receiving.add(last);
    return last.lend(capacity, least);
  }

  /** Whether anything that {@link #forReceiving} gave is in use. */
  public boolean isLending() {
    for (ReadBlock block : receiving) {
      if (block.isInUse()) return true;
    }
    return false;
  }

  /** Whether this is what {@link #forReceiving} gave. */
  public boolean isLent(ByteBuf buffer) {
    for (ReadBlock block : receiving) {
      if (block.isPart(buffer)) return true;
    }
    return false;
  }

  /** An empty buffer of {@link #SIZE} bytes, for {@link #giveBack}; null if all are in use. */
  public ByteBuf forSending() {
    ByteBuf buffer = spare.poll();
    if (buffer != null || forSending == MOST_FOR_SENDING) return buffer;
    ByteBuf made = newBuffer();
    if (made != null) forSending++;
    return made;
  }

  /** Null if there is no memory: then whoever asks looks for some of his own. */
  private static ByteBuf newBuffer() {
    try {
      return UNTRACKED.directBuffer(SIZE, SIZE);
    } catch (OutOfMemoryError none) {
      return null;
    }
  }

  /** Takes back what {@link #forSending} gave, unless a channel has it still. */
  public void giveBack(ByteBuf buffer) {
    if (buffer.refCnt() == 1) {
      spare.push(buffer.clear());
    } else {
      forSending--;
      buffer.release();
    }
  }

  public void release() {
    for (ReadBlock block : receiving) block.release();
    for (ByteBuf buffer; (buffer = spare.poll()) != null; ) buffer.release();
  }
}
