package org.asyncore.netty.loop;

import io.netty.buffer.ByteBuf;

/**
 * A buffer into which channels are read by turns, each behind what the ones before have read: what
 * they did not take yet stays. When all is taken it begins anew.
 *
 * <p>Its parts are made once and used again, so that a read costs no object. As safe as its {@link
 * LoopBuffers}.
 */
final class ReadBlock {
  /** Parts begin at multiples of so many bytes. */
  private static final int STEP = 1024;

  private final ByteBuf whole;
  private final ByteBuf[] parts;

  /** Which part was given last. */
  private int last;

  /** Owns a buffer from now on. */
  ReadBlock(ByteBuf whole) {
    this.whole = whole;
    parts = new ByteBuf[whole.capacity() / STEP];
  }

  /** An empty part, to be released; null if less is left than it is to have at least. */
  ByteBuf lend(int capacity, int least) {
    int part = isInUse() ? behindLast() : 0;
    int given = Math.min(capacity, whole.capacity() - part * STEP);
    if (given < least) return null;
    if (parts[part] == null || parts[part].capacity() != given) {
      parts[part] = whole.slice(part * STEP, given);
    }
    last = part;
    return parts[part].clear().retain();
  }

  private int behindLast() {
    return last + (parts[last].writerIndex() + STEP - 1) / STEP;
  }

  boolean isInUse() {
    return whole.refCnt() != 1;
  }

  /** Whether nobody knows yet how much of the last part is left. */
  boolean awaitsRead() {
    return isInUse() && parts[last].writerIndex() == 0;
  }

  @SuppressWarnings("ReferenceEquality") // Equal bytes would not do.
  boolean isPart(ByteBuf buffer) {
    return buffer.unwrap() == whole;
  }

  void release() {
    whole.release();
  }
}
