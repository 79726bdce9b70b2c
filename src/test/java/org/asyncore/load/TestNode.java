package org.asyncore.load;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.transport.OsException;

/**
 * Does what the connection of Bitcoin's test node does with its lock, one for all connections:
 * {@code writable} and {@code handleWrite} take it, a test's thread sends under it if nothing
 * waits, and incoming bytes are looked at under it. The other end gives back what it gets.
 */
final class TestNode extends Dispatcher {
  static final ReentrantLock LOCK = new ReentrantLock();
  private static final int RECEIVE_BYTES = 8192;

  private final long offset;
  private boolean isConnecting = true;

  /** Guarded by the lock, as are the next ones. */
  private byte[] unsent = {};

  private boolean isOpen = true;
  private long given;
  private long received;
  private String fault;

  TestNode(SocketMap map, SocketAddress address, long offset) {
    super(map);
    this.offset = offset;
    createSocket();
    connect(address);
  }

  // --- on the network's thread ---

  @Override
  public boolean writable() {
    LOCK.lock();
    try {
      return isConnecting || unsent.length > 0;
    } finally {
      LOCK.unlock();
    }
  }

  @Override
  public void handleConnect() {
    // At the first write.
  }

  @Override
  public void handleWrite() {
    LOCK.lock();
    try {
      isConnecting = false;
      if (!writable()) return;
      int sent = send(unsent);
      unsent = Arrays.copyOfRange(unsent, Math.min(sent, unsent.length), unsent.length);
    } catch (OsException broken) {
      handleClose();
    } finally {
      LOCK.unlock();
    }
  }

  @Override
  public void handleRead() {
    byte[] data = recv(RECEIVE_BYTES);
    if (data.length == 0) return;
    LOCK.lock();
    try {
      int wrong = Text.at(offset + received, data.length).mismatch(ByteBuffer.wrap(data));
      if (wrong >= 0 && fault == null) fault = "a wrong byte, number " + (received + wrong);
      received += data.length;
    } finally {
      LOCK.unlock();
    }
  }

  @Override
  public void handleClose() {
    LOCK.lock();
    try {
      isOpen = false;
      unsent = new byte[0];
    } finally {
      LOCK.unlock();
    }
    close();
  }

  @Override
  public void handleError(Throwable thrown) {
    handleClose();
  }

  // --- on a test's thread ---

  /** Sends the next bytes of the text, or leaves them for the network's thread. */
  void sendMessage(int byteCount) {
    byte[] message = new byte[byteCount];
    Text.at(offset + given, byteCount).get(message);
    LOCK.lock();
    try {
      if (!isOpen) return;
      given += byteCount;
      if (unsent.length > 0 || isConnecting) {
        byte[] longer = Arrays.copyOf(unsent, unsent.length + byteCount);
        System.arraycopy(message, 0, longer, unsent.length, byteCount);
        unsent = longer;
      } else {
        int sent = send(message);
        unsent = Arrays.copyOfRange(message, sent, byteCount);
      }
    } catch (OsException broken) {
      unsent = new byte[0]; // The network's thread finds out.
    } finally {
      LOCK.unlock();
    }
  }

  /** Whether all came back, or the connection is over. */
  boolean isDone() {
    LOCK.lock();
    try {
      return !isOpen || received >= given;
    } finally {
      LOCK.unlock();
    }
  }

  /** Null if all is right so far. */
  String fault() {
    LOCK.lock();
    try {
      if (fault == null && received > given)
        return received + " bytes came, " + given + " were sent";
      return fault;
    } finally {
      LOCK.unlock();
    }
  }

  /** Whether it was not broken by the other end. */
  boolean isOpen() {
    LOCK.lock();
    try {
      return isOpen;
    } finally {
      LOCK.unlock();
    }
  }
}
