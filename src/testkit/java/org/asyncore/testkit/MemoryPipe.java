package org.asyncore.testkit;

import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.asyncore.transport.AsyncFile;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Pipe;
import org.asyncore.transport.PipeEnd;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.Transport;
import org.asyncore.transport.WouldBlockException;
import org.jspecify.annotations.Nullable;

/**
 * A pipe in memory: 64 KiB, writes of up to 4 KiB whole or not at all. Each end may be open several
 * times, once for each number. Guarded by its network.
 */
final class MemoryPipe {
  private static final int CAPACITY = 65_536;

  /** PIPE_BUF. */
  private static final int ATOMIC = 4096;

  private final MemoryNetwork network;
  private final Transport transport;
  private final ByteQueue bytes = new ByteQueue();
  private int readers;
  private int writers;

  MemoryPipe(MemoryNetwork network, Transport transport) {
    this.network = network;
    this.transport = transport;
  }

  Pipe open() {
    return new Pipe(new End(true), new End(false));
  }

  /** What is read and written: no bytes at the end, null if nothing can be done now. */
  private byte @Nullable [] read(int byteCount) {
    if (bytes.isEmpty()) return writers == 0 ? new byte[0] : null;
    network.changed();
    return bytes.take(network.chance().upTo("recv", Math.min(byteCount, bytes.size())));
  }

  private int write(byte[] data, int offset, int byteCount) {
    if (readers == 0) throw new OsException(Errno.EPIPE);
    int room = CAPACITY - bytes.size();
    int taken = byteCount <= ATOMIC && room < byteCount ? 0 : Math.min(room, byteCount);
    bytes.add(data, offset, taken);
    network.changed();
    return taken;
  }

  private int readiness(boolean reads) {
    if (!reads) {
      int room = CAPACITY - bytes.size() >= ATOMIC ? Readiness.OUT : 0;
      return readers == 0 ? room | Readiness.ERR : room;
    }
    int found = bytes.isEmpty() ? 0 : Readiness.IN;
    return writers == 0 ? found | Readiness.HUP : found;
  }

  private void opened(boolean reads) {
    if (reads) readers++;
    else writers++;
  }

  private void closed(boolean reads) {
    if (reads) readers--;
    else writers--;
    network.changed();
  }

  /** One number of one end. */
  private final class Open {
    private final boolean reads;
    private int fileno;

    Open(boolean reads) {
      this.reads = reads;
      opened(reads);
      fileno = network.deal();
    }

    byte @Nullable [] read(int byteCount) {
      if (fileno < 0 || !reads) throw new OsException(Errno.EBADF);
      return MemoryPipe.this.read(byteCount);
    }

    int write(byte[] data, int offset, int byteCount) {
      if (fileno < 0 || reads) throw new OsException(Errno.EBADF);
      return MemoryPipe.this.write(data, offset, byteCount);
    }

    boolean close() {
      if (fileno < 0) return false;
      closed(reads);
      network.takeBack(fileno);
      fileno = -1;
      return true;
    }
  }

  /** A plain end. */
  private final class End implements PipeEnd, Descriptor {
    private final Open open;

    End(boolean reads) {
      open = new Open(reads);
      network.open(open.fileno, this);
    }

    @Override
    public AsyncFile duplicate(Transport by) {
      return new Duplicate(open.reads, by);
    }

    @Override
    public int fileno() {
      return open.fileno;
    }

    @Override
    public int read(ByteBuffer target) {
      synchronized (network) {
        byte[] data = open.read(target.remaining());
        if (data == null) return 0;
        if (data.length == 0) return -1;
        target.put(data);
        return data.length;
      }
    }

    @Override
    public int write(ByteBuffer data) {
      synchronized (network) {
        byte[] offered = new byte[data.remaining()];
        data.duplicate().get(offered);
        int taken = open.write(offered, 0, offered.length);
        data.position(data.position() + taken);
        return taken;
      }
    }

    @Override
    public int read(ByteBuffer target, long waitNanos) throws InterruptedException {
      return waited(() -> readiness(true) != 0, waitNanos) ? read(target) : 0;
    }

    @Override
    public int write(ByteBuffer data, long waitNanos) throws InterruptedException {
      return waited(() -> readiness(false) != 0, waitNanos) ? write(data) : 0;
    }

    private boolean waited(BooleanSupplier ready, long waitNanos) throws InterruptedException {
      synchronized (network) {
        return network.await(ready, waitNanos);
      }
    }

    @Override
    public void close() {
      synchronized (network) {
        open.close();
      }
    }
  }

  /** What {@code dup} makes of a number. */
  interface Descriptor {
    AsyncFile duplicate(Transport by);
  }

  /** A file over a copy of an end, for dispatchers. */
  private final class Duplicate implements MemoryFile, Descriptor {
    private final Open open;
    private final Transport by;

    Duplicate(boolean reads, Transport by) {
      this.by = by;
      open = new Open(reads);
      network.open(open.fileno, this);
    }

    @Override
    public AsyncFile duplicate(Transport other) {
      return new Duplicate(open.reads, other);
    }

    @Override
    public int readiness() {
      return open.fileno < 0 ? Readiness.NVAL : MemoryPipe.this.readiness(open.reads);
    }

    @Override
    public AsyncSocket polled() {
      return this;
    }

    @Override
    public int fileno() {
      return open.fileno;
    }

    @Override
    public int send(byte[] data, int offset, int byteCount) {
      synchronized (network) {
        int taken = open.write(data, offset, byteCount);
        if (taken == 0 && byteCount > 0) throw WouldBlockException.INSTANCE;
        return taken;
      }
    }

    @Override
    public byte[] recv(int byteCount) {
      synchronized (network) {
        byte[] data = open.read(byteCount);
        if (data == null) throw WouldBlockException.INSTANCE;
        return data;
      }
    }

    @Override
    public Transport transport() {
      return by;
    }

    @Override
    public void close() {
      synchronized (network) {
        open.close();
      }
    }
  }

  /** A file that a pollster of this network can look at. */
  interface MemoryFile extends AsyncFile {
    int readiness();
  }

  @Override
  public String toString() {
    return transport.name() + " pipe";
  }
}
