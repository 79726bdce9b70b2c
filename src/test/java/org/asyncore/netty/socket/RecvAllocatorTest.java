package org.asyncore.netty.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.embedded.EmbeddedChannel;
import org.asyncore.netty.loop.LoopBuffers;
import org.junit.jupiter.api.Test;

/** How often, and how much, a channel reads. */
class RecvAllocatorTest {
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final ChannelConfig config = channel.config();
  private final RecvAllocator recvAllocator =
      new RecvAllocator(null); // Reads nothing, so needs no socket.

  private boolean isFull;

  private final RecvAllocator.Taker taker =
      new RecvAllocator.Taker() {
        @Override
        public LoopBuffers lender() {
          return null;
        }

        @Override
        public boolean isFull() {
          return isFull;
        }

        @Override
        public boolean mayEndHalf() {
          return true;
        }
      };

  @Test
  void itIsItsOwnHandle() {
    assertSame(recvAllocator, recvAllocator.newHandle());
  }

  @Test
  void itReadsAsMuchAsRecvAskedForAndOnce() {
    recvAllocator.byteCount(8192);
    recvAllocator.reset(config);
    assertEquals(8192, recvAllocator.guess());
    read(8192);
    assertFalse(recvAllocator.continueReading(), "though there may be more");
    assertFalse(recvAllocator.continueReading(() -> true));
    recvAllocator.readComplete();
    assertEquals(8192, recvAllocator.guess(), "nothing is learnt");
  }

  @Test
  void theEndMayBeKeptFromTheChannel() {
    int[] ends = {0};
    recvAllocator.noteEnd(
        () -> {
          ends[0]++;
          return true;
        });
    recvAllocator.reset(config);
    recvAllocator.lastBytesRead(-1);
    assertEquals(0, recvAllocator.lastBytesRead());
    assertEquals(1, ends[0]);
  }

  @Test
  void anOpenGatesChannelReadsWhileReadsAreFullButNotForEver() {
    recvAllocator.readFreely(channel, taker);
    recvAllocator.reset(config);
    int reads = 0;
    do {
      read(recvAllocator.guess());
      reads++;
    } while (recvAllocator.continueReading() && reads < 100);
    assertEquals(16, reads);
    recvAllocator.reset(config);
    read(recvAllocator.guess() - 1);
    assertFalse(recvAllocator.continueReading(), "the kernel has no more");
    recvAllocator.reset(config);
    read(recvAllocator.guess());
    isFull = true;
    assertFalse(recvAllocator.continueReading(), "too much waits");
    isFull = false;
    config.setAutoRead(false);
    assertFalse(recvAllocator.continueReading(), "nobody wants more");
  }

  @Test
  void anOpenGatesChannelAllocatesWhatItReads() {
    recvAllocator.readFreely(channel, taker);
    ByteBuf bytes = recvAllocator.allocate(UnpooledByteBufAllocator.DEFAULT);
    assertEquals(recvAllocator.guess(), bytes.capacity());
    bytes.release();
  }

  @Test
  void freeReadsGrowWhileTheyAreFullAndShrinkWhenTheyAreNot() {
    recvAllocator.readFreely(channel, taker);
    for (int i = 0; i < 20; i++) {
      recvAllocator.reset(config);
      read(recvAllocator.guess());
      read(recvAllocator.guess());
      recvAllocator.readComplete();
    }
    assertEquals(65536, recvAllocator.guess());
    for (int i = 0; i < 20; i++) {
      recvAllocator.reset(config);
      read(10);
      recvAllocator.readComplete();
    }
    assertEquals(1024, recvAllocator.guess());
  }

  private void read(int byteCount) {
    recvAllocator.attemptedBytesRead(recvAllocator.guess());
    recvAllocator.lastBytesRead(byteCount);
    recvAllocator.incMessagesRead(1);
    assertEquals(byteCount, recvAllocator.lastBytesRead());
    assertTrue(recvAllocator.attemptedBytesRead() >= byteCount);
  }
}
