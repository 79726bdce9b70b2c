package org.asyncore.testkit;

import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;

/**
 * What a stream has received and nobody has read: bytes, and where among them the urgent one is,
 * which {@code recv} leaves out, as TCP does without SO_OOBINLINE.
 */
final class Incoming {
  private enum Urgent {
    NONE,
    UNREAD,
    READ
  }

  private final ByteQueue bytes = new ByteQueue();

  /** How many bytes of the stream have come, and were taken. */
  private long received;

  private long taken;

  private Urgent urgent = Urgent.NONE;

  /** Where in the stream the urgent byte is. */
  private long urgentAt;

  private byte urgentByte;

  int size() {
    return bytes.size();
  }

  boolean isEmpty() {
    return bytes.isEmpty();
  }

  void moveFrom(ByteQueue source, int byteCount) {
    source.moveTo(bytes, byteCount);
    received += byteCount;
  }

  /** The sender has said that the byte at this place is urgent. */
  void urgent(long at, byte value) {
    urgent = Urgent.UNREAD;
    urgentAt = at;
    urgentByte = value;
  }

  boolean hasUrgent() {
    return urgent == Urgent.UNREAD && urgentAt < received;
  }

  private boolean isAtUrgent() {
    return urgent != Urgent.NONE && urgentAt == taken && !bytes.isEmpty();
  }

  /** Whether there is a byte to read that is not the urgent one. */
  boolean isReadable() {
    return bytes.size() > (isAtUrgent() ? 1 : 0);
  }

  /** How many bytes one read may find: they end in front of the urgent one. */
  int available() {
    if (isAtUrgent()) return bytes.size() - 1;
    boolean isAhead = urgent != Urgent.NONE && urgentAt > taken && urgentAt < received;
    return isAhead ? (int) (urgentAt - taken) : bytes.size();
  }

  byte[] take(int byteCount) {
    skipUrgent();
    byte[] data = bytes.take(byteCount);
    taken += data.length;
    return data;
  }

  /** A read leaves the urgent byte behind, also one that finds nothing else. */
  void skipUrgent() {
    if (!isAtUrgent()) return;
    bytes.skip(1);
    taken++;
    urgent = Urgent.NONE;
  }

  byte[] takeUrgent() {
    if (urgent != Urgent.UNREAD) throw new OsException(Errno.EINVAL);
    urgent = Urgent.READ;
    return new byte[] {urgentByte};
  }
}
