package org.asyncore.examples.cookbook;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Random;
import org.asyncore.SocketMap;

/** A recipe that is laid, for guests. */
interface Table extends AutoCloseable {
  /** What one guest says, and what it has to hear. */
  interface Talk {
    void with(Guest guest) throws Exception;
  }

  /** A place for one guest. */
  record Seat(Wire wire, Talk talk) {}

  /**
   * Something that no client should say.
   *
   * @param input what is said
   * @param answer a pattern of what is heard, with {@code <end>} for an end or a reset
   */
  record Bad(String input, String answer) {}

  /** A connection, made by whichever side makes them in this recipe. Any thread. */
  Seat seat(boolean isSlow, Random random) throws Exception;

  /** The same, for one who says what it should not. */
  default Seat badSeat(Random random) throws Exception {
    return seat(false, random);
  }

  /** Whether nothing is left of guests who have gone. Any thread. */
  boolean isClean();

  default List<Bad> bad() {
    return List.of();
  }

  /** Where guests come in; null where there is no such door. */
  default InetSocketAddress door() {
    return null;
  }

  @Override
  default void close() {
    // What is in the kitchen's map goes with the kitchen.
  }

  /** A table with something of its own: all else is another one's. */
  interface Around extends Table {
    Table table();

    @Override
    default Seat seat(boolean isSlow, Random random) throws Exception {
      return table().seat(isSlow, random);
    }

    @Override
    default boolean isClean() {
      return table().isClean();
    }

    @Override
    default List<Bad> bad() {
      return table().bad();
    }

    @Override
    default InetSocketAddress door() {
      return table().door();
    }
  }

  /** A server in a map, in which nothing else is. */
  record Server(SocketMap map, int size, InetSocketAddress address, Talk talk, List<Bad> bad)
      implements Table {
    @Override
    public InetSocketAddress door() {
      return address;
    }

    static Server in(Kitchen kitchen, InetSocketAddress address, Talk talk, Bad... bad) {
      return new Server(kitchen.map(), kitchen.map().size(), address, talk, List.of(bad));
    }

    @Override
    public Seat seat(boolean isSlow, Random random) throws Exception {
      return new Seat(Wire.to(address, isSlow), talk);
    }

    @Override
    public boolean isClean() {
      return map.size() == size;
    }
  }
}
