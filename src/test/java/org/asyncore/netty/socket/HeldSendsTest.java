package org.asyncore.netty.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The list of those whose sends are held back, by senders that only take notes. */
class HeldSendsTest {
  private final HeldSends held = new HeldSends();
  private final List<String> left = new ArrayList<>();
  private int asked;

  private final class Noted implements HeldSends.Sender {
    private final String name;
    private boolean holdsBack;

    Noted(String name, boolean holdsBack) {
      this.name = name;
      this.holdsBack = holdsBack;
      held.add(this);
    }

    @Override
    public void leave() {
      left.add(name);
    }

    @Override
    public void flushOverdue() {
      // The watch's thread: noted nowhere.
    }

    @Override
    public boolean holdsBack(NettyPollster pass) {
      asked++;
      return holdsBack;
    }
  }

  @Test
  void whoHoldsNothingBackLeavesAfterItsCallbacks() {
    new Noted("kept", true);
    new Noted("gone", false);
    held.flushNew(null);
    assertEquals(List.of("gone"), left);
    assertEquals(1, held.count());
  }

  @Test
  void whoWasKeptLeavesWhenThePassLooksAtAll() {
    Noted kept = new Noted("kept", true);
    held.flushNew(null);
    kept.holdsBack = false;
    held.flushNew(null);
    assertEquals(List.of(), left);
    held.flush(null);
    assertEquals(List.of("kept"), left);
    assertTrue(held.isEmpty());
  }

  @Test
  void oneThatLeftMayComeAgain() {
    new Noted("one", false);
    held.flush(null);
    new Noted("one", false);
    held.flushNew(null);
    assertEquals(List.of("one", "one"), left);
  }

  /**
   * A thousand dispatchers that are called in one pass: each is looked at once, and again at its
   * end.
   */
  @Test
  void manyThatAreKeptCostEachOtherNothing() {
    int many = 1000;
    for (int i = 0; i < many; i++) {
      new Noted("kept", true);
      held.flushNew(null);
    }
    held.flush(null);
    assertEquals(2 * many, asked);
    assertEquals(many, held.count());
  }
}
