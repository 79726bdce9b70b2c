package org.asyncore.netty.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

/** How often, and how much, a channel reads. */
class OneReadTest {
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final ChannelConfig config = channel.config();
  private final OneRead oneRead = new OneRead(null); // Reads nothing, so needs no socket.

  @Test
  void itIsItsOwnHandle() {
    assertSame(oneRead, oneRead.newHandle());
  }

  @Test
  void itReadsAsMuchAsRecvAskedForAndOnce() {
    oneRead.byteCount(8192);
    oneRead.reset(config);
    assertEquals(8192, oneRead.guess());
    read(8192);
    assertFalse(oneRead.continueReading(), "though there may be more");
    assertFalse(oneRead.continueReading(() -> true));
    oneRead.readComplete();
    assertEquals(8192, oneRead.guess(), "nothing is learnt");
  }

  @Test
  void anOpenGatesChannelReadsWhileReadsAreFullButNotForEver() {
    oneRead.readFreely();
    oneRead.reset(config);
    int reads = 0;
    do {
      read(oneRead.guess());
      reads++;
    } while (oneRead.continueReading() && reads < 100);
    assertEquals(16, reads);
    oneRead.reset(config);
    read(oneRead.guess() - 1);
    assertFalse(oneRead.continueReading(), "the kernel has no more");
    oneRead.reset(config);
    read(oneRead.guess());
    config.setAutoRead(false);
    assertFalse(oneRead.continueReading(), "nobody wants more");
  }

  @Test
  void anOpenGatesChannelAllocatesWhatItReads() {
    oneRead.readFreely();
    ByteBuf bytes = oneRead.allocate(UnpooledByteBufAllocator.DEFAULT);
    assertEquals(oneRead.guess(), bytes.capacity());
    bytes.release();
  }

  @Test
  void freeReadsGrowWhileTheyAreFullAndShrinkWhenTheyAreNot() {
    oneRead.readFreely();
    for (int i = 0; i < 20; i++) {
      oneRead.reset(config);
      read(oneRead.guess());
      read(oneRead.guess());
      oneRead.readComplete();
    }
    assertEquals(65536, oneRead.guess());
    for (int i = 0; i < 20; i++) {
      oneRead.reset(config);
      read(10);
      oneRead.readComplete();
    }
    assertEquals(1024, oneRead.guess());
  }

  private void read(int byteCount) {
    oneRead.attemptedBytesRead(oneRead.guess());
    oneRead.lastBytesRead(byteCount);
    oneRead.incMessagesRead(1);
    assertEquals(byteCount, oneRead.lastBytesRead());
    assertTrue(oneRead.attemptedBytesRead() >= byteCount);
  }
}
