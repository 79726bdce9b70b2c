package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.asyncore.fixture.Other;
import org.asyncore.fixture.ScriptedTransport;
import org.asyncore.transport.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The map as the dict that asyncore's programs take it for. */
class SocketMapTest {
  private final ScriptedTransport transport = new ScriptedTransport();
  private final SocketMap map = new SocketMap(transport);
  private final Dispatcher a = new Dispatcher(map);
  private final Dispatcher b = new Dispatcher(map);
  private final Dispatcher c = new Dispatcher(map);

  @Test
  void aNewMapIsEmpty() {
    assertTrue(map.isEmpty());
    assertEquals(0, map.size());
    assertNull(map.get(0));
    assertFalse(map.containsKey(0));
    assertEquals(List.of(), map.values());
    assertEquals("[]", map.toString());
  }

  @Test
  void orderIsTheOrderOfComingWhateverTheNumbers() {
    map.put(7, a);
    map.put(3, b);
    map.put(100_000, c);
    assertEquals(List.of(a, b, c), map.values());
    assertSame(a, map.get(7));
    assertSame(b, map.get(3));
    assertSame(c, map.get(100_000));
    assertEquals(3, map.size());
    assertEquals(List.of(a, b, c).toString(), map.toString());
  }

  @Test
  void puttingAgainUnderANumberKeepsItsPlace() {
    map.put(7, a);
    map.put(3, b);
    assertSame(a, map.put(7, c));
    assertEquals(List.of(c, b), map.values());
    assertEquals(2, map.size());
  }

  @Test
  void removingAndPuttingBackGoesToTheEnd() {
    map.put(7, a);
    map.put(3, b);
    assertSame(a, map.remove(7));
    assertNull(map.remove(7));
    assertNull(map.put(7, a));
    assertEquals(List.of(b, a), map.values());
  }

  @Test
  void oneDispatcherMayBeThereTwice() {
    map.put(7, a);
    map.put(3, a);
    assertEquals(List.of(a, a), map.values());
    map.remove(7);
    assertSame(a, map.get(3));
  }

  @Test
  void clearTakesOutAllAndTheMapIsUsableAgain() {
    for (int number = 0; number < 50; number++) map.put(number, a);
    map.clear();
    assertTrue(map.isEmpty());
    assertNull(map.get(7));
    map.put(7, b);
    assertEquals(List.of(b), map.values());
  }

  @Test
  void rowsAndIteratorsAndValuesShowTheirMomentWhateverComesLater() {
    map.put(7, a);
    map.put(3, b);
    Rows rows = map.rows().now();
    Iterator<Dispatcher> iterator = map.iterator();
    List<Dispatcher> values = map.values();
    map.put(7, c);
    map.remove(3);
    map.put(4, c);
    map.put(5, c);
    map.clear();
    map.put(1, c);
    assertEquals(2, rows.count());
    assertSame(a, rows.at(0).dispatcher);
    assertSame(b, rows.at(1).dispatcher);
    assertSame(a, iterator.next());
    assertSame(b, iterator.next());
    assertFalse(iterator.hasNext());
    assertThrows(NoSuchElementException.class, iterator::next);
    assertEquals(List.of(a, b), values);
    values.clear(); // A copy: its owner may do with it what he likes.
    assertEquals(1, map.size());
  }

  @Test
  void rowsAreMadeAnewOnlyAfterAChange() {
    map.put(7, a);
    Rows first = map.rows().now();
    assertSame(first, map.rows().now());
    map.remove(7);
    assertNotSame(first, map.rows().now());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, (1 << 24) + 1})
  void whatIsNoNumberOfADescriptorIsRefusedAndChangesNothing(int number) {
    map.put(7, a);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> map.put(number, b));
    assertEquals("not a descriptor's number: " + number, refused.getMessage());
    assertEquals(List.of(a), map.values());
    assertNull(map.get(number));
    assertNull(map.remove(number));
    assertFalse(map.containsKey(number));
  }

  @Test
  void nullsAreRefusedAndChangeNothing() {
    map.put(7, a);
    assertEquals(
        "dispatcher is null",
        assertThrows(NullPointerException.class, () -> map.put(7, null)).getMessage());
    assertEquals(
        "transportName is null",
        assertThrows(NullPointerException.class, () -> new SocketMap((String) null)).getMessage());
    assertEquals(
        "transport is null",
        assertThrows(NullPointerException.class, () -> new SocketMap((Transport) null))
            .getMessage());
    assertSame(a, map.get(7));
  }

  @Test
  void theTransportIsMadeWhenItIsFirstNeededAndOnce() {
    SocketMap lazy = new SocketMap();
    assertFalse(lazy.hasTransport());
    assertSame(lazy.transport(), lazy.transport());
    assertTrue(lazy.hasTransport());
    assertSame(transport, map.transport());
  }

  @Test
  void itDoesWhatALinkedHashMapDoes() {
    Map<Integer, Dispatcher> model = new LinkedHashMap<>();
    Dispatcher[] dispatchers = {a, b, c};
    Random random = new Random(2024);
    for (int step = 0; step < 20_000; step++) {
      int number = random.nextInt(40);
      Dispatcher dispatcher = dispatchers[random.nextInt(3)];
      switch (random.nextInt(9)) {
        case 0, 1, 2, 3 -> assertSame(model.put(number, dispatcher), map.put(number, dispatcher));
        case 4, 5, 6 -> assertSame(model.remove(number), map.remove(number));
        case 7 -> map.rows().now(); // Shares its rows with the map from then on.
        default -> {
          if (step % 10 == 0) {
            model.clear();
            map.clear();
          }
        }
      }
      assertSame(model.get(number), map.get(number));
      if (step % 16 == 0) assertEquals(new ArrayList<>(model.values()), map.values());
    }
    assertEquals(model.size(), map.size());
  }

  @Test
  void threadsMayChangeItAtTheSameTime() throws InterruptedException {
    int perThread = 2000;
    CountDownLatch start = new CountDownLatch(1);
    List<Other<Void>> writers = new ArrayList<>();
    for (int writer = 0; writer < 3; writer++) {
      int first = writer * perThread;
      writers.add(
          Other.thread(
              "writer",
              () -> {
                start.await();
                for (int i = 0; i < perThread; i++) {
                  map.put(first + i, a);
                  if (i % 2 == 1) map.remove(first + i);
                }
                return null;
              }));
    }
    start.countDown();
    while (!writers.stream().allMatch(Other::isDone)) {
      for (Dispatcher each : map) assertSame(a, each); // Never a hole.
    }
    writers.forEach(Other::result);
    assertEquals(3 * perThread / 2, map.size());
    assertEquals(3 * perThread / 2, map.values().size());
  }
}
