package org.asyncore.netty.pipeline;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AutoReadTest {
  private final EmbeddedChannel channel = new EmbeddedChannel();

  /** A channel that was given away with this in front of its handlers, and taken back. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aChannelThatHasComeBackIsGuardedAnew(boolean byItsEnd) {
    putInFront(byItsEnd);
    AutoRead.of(channel).release();
    assertNull(channel.pipeline().get(AutoRead.class));
    assertTrue(channel.config().isAutoRead());
    AutoRead.of(channel).takeOver();
    putInFront(byItsEnd);
    assertTrue(channel.isOpen());
  }

  private void putInFront(boolean byItsEnd) {
    AutoRead autoRead = AutoRead.of(channel);
    if (byItsEnd) autoRead.ended();
    else autoRead.breached();
    assertNotNull(channel.pipeline().first());
    assertSame(autoRead, channel.pipeline().first());
  }
}
