package org.asyncore.transport;

import java.net.SocketAddress;
import java.util.Arrays;

/**
 * The name of a Unix domain socket that is no path to Java: one in Linux's abstract namespace,
 * whose first byte is 0, or one that is no text in the charset of file names. A peer chooses its
 * own name, so any may come. Names that are paths, and the missing name of most clients, are {@link
 * java.net.UnixDomainSocketAddress}es.
 *
 * <p>On epoll one may bind an abstract name, connect to it and send datagrams to it, if its bytes
 * are UTF-8.
 *
 * <pre>{@code
 * SocketAddress door = UnixName.of("\0door".getBytes(UTF_8));
 * }</pre>
 *
 * <p>Immutable.
 */
public final class UnixName extends SocketAddress {
  /** The most bytes of a name: Linux's {@code sun_path}. */
  private static final int LONGEST = 108;

  private static final long serialVersionUID = 1;

  private final byte[] bytes;

  private UnixName(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The name of these bytes, as they stand in the system's address.
   *
   * @param bytes 1 to 108 of them; copied
   */
  public static UnixName of(byte[] bytes) {
    if (bytes.length == 0 || bytes.length > LONGEST) {
      throw new IllegalArgumentException("not 1 to " + LONGEST + " bytes: " + bytes.length);
    }
    return new UnixName(bytes.clone());
  }

  /** A copy of the name's bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Whether the name is in Linux's abstract namespace, where there are no files. */
  public boolean isAbstract() {
    return bytes[0] == 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UnixName name && Arrays.equals(bytes, name.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** As Python writes the bytes, {@code b'\x00door'}: always one line. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("b");
    char quote = has('\'') && !has('"') ? '"' : '\'';
    text.append(quote);
    for (byte each : bytes) append(text, each & 0xff, quote);
    return text.append(quote).toString();
  }

  private boolean has(char wanted) {
    for (byte each : bytes) if (each == wanted) return true;
    return false;
  }

  private static void append(StringBuilder text, int value, char quote) {
    switch (value) {
      case '\n' -> text.append("\\n");
      case '\r' -> text.append("\\r");
      case '\t' -> text.append("\\t");
      default -> {
        if (value < ' ' || value > '~') text.append(String.format("\\x%02x", value));
        else if (value == '\\' || value == quote) text.append('\\').append((char) value);
        else text.append((char) value);
      }
    }
  }
}
