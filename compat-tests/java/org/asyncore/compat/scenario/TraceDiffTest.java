package org.asyncore.compat.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TraceDiffTest {
  private static final String FIRST = "{\"s\": 1, \"enter\": \"handle_read\"}";
  private static final String SECOND = "{\"s\": 1, \"enter\": \"handle_write\"}";

  @Test
  void equalTracesDoNotDiffer() {
    assertTrue(new TraceDiff(List.of(), List.of()).isEmpty());
    assertTrue(
        new TraceDiff(List.of(FIRST), List.of("{\"enter\":\"handle_read\",\"s\":1}")).isEmpty());
  }

  @Test
  void theFirstDifferenceIsMarked() {
    TraceDiff diff = new TraceDiff(List.of(FIRST, FIRST), List.of(FIRST, SECOND));
    assertFalse(diff.isEmpty());
    assertEquals(FIRST, diff.expectedLine());
    assertEquals(SECOND, diff.gotLine());
    assertTrue(diff.toString().contains("first difference in line 2"), diff::toString);
    assertTrue(diff.toString().contains("\n>> " + FIRST), diff::toString);
  }

  @Test
  void aTraceThatEndsTooEarlyOrTooLateDiffers() {
    assertEquals("", new TraceDiff(List.of(FIRST, SECOND), List.of(FIRST)).gotLine());
    assertEquals("", new TraceDiff(List.of(FIRST), List.of(FIRST, SECOND)).expectedLine());
  }
}
