package org.asyncore.transport;

import org.jspecify.annotations.Nullable;

/**
 * A socket that knows who holds it. A socket with a holder is somebody's: one without, such as one
 * that was just accepted, is nobody's yet.
 *
 * <p>A number belongs to a socket until its owner closes it. The descriptor behind it may be gone
 * earlier, because the transport or a handler has closed the channel, and the system may give it to
 * another socket at once. Then this one takes a number that no descriptor has, from {@link
 * #BEYOND_DESCRIPTORS} on, and its holder is told.
 */
public interface Held {
  /** The lowest number of sockets whose descriptors are gone. */
  int BEYOND_DESCRIPTORS = 1 << 30;

  /** Sets who is told of a new number from now on, in place of the one before; null for nobody. */
  void holder(@Nullable Holder holder);

  /** Who holds it; null for nobody. */
  @Nullable Holder holder();

  /** Whoever has put a socket into a map under its number. */
  @FunctionalInterface
  interface Holder {
    /**
     * The socket's {@code fileno()} has changed. Called under the transport's turn, on whatever
     * thread has it: calls back nobody.
     */
    void numberChanged(int before, int now);
  }
}
