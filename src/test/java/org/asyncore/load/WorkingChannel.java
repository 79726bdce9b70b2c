package org.asyncore.load;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.asyncore.Dispatcher;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.OsException;

/**
 * Does what the channel of waitress, a well-known server in Python, does with its locks: the loop
 * reads requests, worker threads serve them and send themselves, under a lock that the predicates
 * and {@code handleClose} take, too; what is left is the loop's to send, which they wake. Here a
 * request is whatever was read, and its answer the same.
 */
final class WorkingChannel extends Dispatcher {
  private static final int RECEIVE_BYTES = 8192;
  private static final int PIECE = 18_000;

  /** Above it a worker waits for the loop to have sent some. */
  private static final int HIGH_WATERMARK = 40_000;

  private final EchoServer server;
  private final Executor workers;
  private final ReentrantLock outLock = new ReentrantLock();
  private final Condition hasRoom = outLock.newCondition();
  private final ReentrantLock requestsLock = new ReentrantLock();

  /** Guarded by its lock. */
  private final Deque<byte[]> requests = new ArrayDeque<>();

  /** Guarded by its lock, as is the next one. */
  private byte[] unsent = {};

  private boolean isConnected = true;

  WorkingChannel(EchoServer server, AsyncSocket socket, Executor workers) {
    super(socket, server.map());
    this.server = server;
    this.workers = workers;
  }

  // --- on the loop's thread ---

  @Override
  public boolean readable() {
    outLock.lock();
    try {
      return unsent.length == 0;
    } finally {
      outLock.unlock();
    }
  }

  @Override
  public boolean writable() {
    outLock.lock();
    try {
      return unsent.length > 0;
    } finally {
      outLock.unlock();
    }
  }

  @Override
  public void handleRead() {
    byte[] data = recv(RECEIVE_BYTES);
    if (data.length == 0) return;
    requestsLock.lock();
    try {
      requests.add(data);
      if (requests.size() == 1) workers.execute(this::service);
    } finally {
      requestsLock.unlock();
    }
  }

  @Override
  public void handleWrite() {
    if (!outLock.tryLock()) return; // A worker is at it.
    try {
      sendSome();
      if (unsent.length < HIGH_WATERMARK) hasRoom.signal();
    } finally {
      outLock.unlock();
    }
  }

  @Override
  public void handleClose() {
    outLock.lock();
    try {
      if (isConnected) server.ended(); // In poll's order a reset is told twice.
      isConnected = false;
      unsent = new byte[0];
      hasRoom.signalAll();
    } finally {
      outLock.unlock();
    }
    close();
  }

  @Override
  public void handleError(Throwable thrown) {
    server.failed(thrown);
  }

  // --- on a worker's thread ---

  private void service() {
    byte[] request;
    requestsLock.lock();
    try {
      request = requests.peek();
    } finally {
      requestsLock.unlock();
    }
    for (int from = 0; from < request.length; from += PIECE) {
      writeSoon(Arrays.copyOfRange(request, from, Math.min(from + PIECE, request.length)));
    }
    requestsLock.lock();
    try {
      requests.remove();
      if (!requests.isEmpty()) workers.execute(this::service);
    } finally {
      requestsLock.unlock();
    }
    map().wakeup();
  }

  private void writeSoon(byte[] data) {
    outLock.lock();
    try {
      while (isConnected && unsent.length > HIGH_WATERMARK) {
        map().wakeup();
        hasRoom.awaitUninterruptibly();
      }
      if (!isConnected) return;
      unsent = joined(unsent, data);
      sendSome();
      if (unsent.length > 0) map().wakeup();
    } catch (OsException broken) {
      map().wakeup(); // The loop finds out.
    } finally {
      outLock.unlock();
    }
  }

  private static byte[] joined(byte[] one, byte[] other) {
    ByteArrayOutputStream both = new ByteArrayOutputStream(one.length + other.length);
    both.writeBytes(one);
    both.writeBytes(other);
    return both.toByteArray();
  }

  /** Whoever has the lock. */
  private void sendSome() {
    while (unsent.length > 0) {
      int sent = send(unsent);
      if (sent == 0) return;
      unsent = Arrays.copyOfRange(unsent, Math.min(sent, unsent.length), unsent.length);
    }
  }
}
