package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.asyncore.transport.Held;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowTableTest {
  private static final int CHANGES = 100_000;

  private final SocketMap map = new SocketMap();
  private final Dispatcher dispatcher = new Dispatcher(map);
  private final RowTable table = new RowTable();

  private Entry row(int number) {
    return new Entry(map, number, dispatcher);
  }

  /** Numbers as the system deals them, far apart, and such as have the same low bits. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64, 1000, 1 << 16})
  void itIsAMapWhateverTheNumbers(int apart) {
    Random random = new Random(apart);
    Map<Integer, Entry> model = new HashMap<>();
    for (int i = 0; i < CHANGES; i++) {
      int number = random.nextInt(200) * apart;
      if (random.nextInt(5) == 0) number += Held.BEYOND_DESCRIPTORS;
      if (random.nextBoolean()) {
        Entry row = row(number);
        table.put(row);
        model.put(number, row);
      } else {
        table.remove(number);
        model.remove(number);
      }
      int asked = random.nextInt(200) * apart;
      assertSame(model.get(asked), table.get(asked));
    }
    for (int i = 0; i < 200; i++) assertSame(model.get(i * apart), table.get(i * apart));
    table.clear();
    for (int number : model.keySet()) assertNull(table.get(number));
  }

  @Test
  void whatIsNoNumberIsNobodys() {
    table.put(row(0));
    assertNull(table.get(-1));
    assertNull(table.get(Integer.MIN_VALUE));
    table.remove(-1);
    assertEquals(0, table.get(0).number);
  }

  /** A map for each of 10,000 connections, or 1,000,000, is the same to each of them. */
  @ParameterizedTest
  @ValueSource(ints = {1 << 24, Held.BEYOND_DESCRIPTORS + (1 << 24)})
  void aRowCostsTheSameUnderAnyNumber(int number) {
    Entry row = row(number);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    RowTable one = new RowTable();
    one.put(row);
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertSame(row, one.get(number));
    assertTrue(bytes < 10_000, () -> bytes + " bytes for a row");
  }

  /** Whoever comes and goes under other numbers each time leaves nothing behind. */
  @Test
  void itIsAsLongAsItsRowsWhoeverWasThere() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    table.put(row(0));
    List<Entry> guests = new ArrayList<>();
    for (int number = 1; number <= CHANGES; number++) guests.add(row(number));
    long before = threads.getCurrentThreadAllocatedBytes();
    for (Entry guest : guests) {
      table.put(guest);
      table.remove(guest.number);
    }
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(bytes < 100L * CHANGES, () -> bytes + " bytes for " + CHANGES + " guests");
  }
}
