package org.asyncore.python;

import java.net.SocketAddress;
import org.graalvm.polyglot.Value;

/** An address that only a Python object understands. */
public final class PythonAddress extends SocketAddress {
  private static final long serialVersionUID = 1L;

  private final transient Value value;

  public PythonAddress(Value value) {
    this.value = value;
  }

  /** What Python calls an address. */
  public Value value() {
    return value;
  }

  @Override
  public String toString() {
    return String.valueOf(value);
  }
}
