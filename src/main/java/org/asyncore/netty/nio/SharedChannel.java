package org.asyncore.netty.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.WritableByteChannel;
import java.util.HashMap;
import java.util.Map;
import org.asyncore.netty.kernel.DescriptorNumbers;
import org.asyncore.netty.kernel.ErrnoMapping;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;

/**
 * An open file where descriptors are hidden: a channel of the JDK under as many numbers as it has
 * duplicates, closed with the last of them.
 *
 * <p>Safe from any thread; the numbers are one table for the process, as descriptors are.
 */
final class SharedChannel {
  private static final Map<Integer, SharedChannel> BY_NUMBER = new HashMap<>();

  private final SelectableChannel channel;

  /** The other end of a pipe made here; null for others. */
  private SharedChannel otherEnd;

  private int duplicates;

  /** The file that a loop watches: a selector knows a channel once only. */
  private NioFile watcher;

  SharedChannel(SelectableChannel channel) {
    this.channel = channel;
    try {
      channel.configureBlocking(false);
    } catch (IOException failed) {
      throw ErrnoMapping.osException(failed);
    }
  }

  /** Both ends of a new pipe: the one to read first. */
  static SharedChannel[] pipe() {
    try {
      Pipe pipe = Pipe.open();
      SharedChannel reader = new SharedChannel(pipe.source());
      SharedChannel writer = new SharedChannel(pipe.sink());
      reader.otherEnd = writer;
      writer.otherEnd = reader;
      return new SharedChannel[] {reader, writer};
    } catch (IOException failed) {
      throw ErrnoMapping.osException(failed);
    }
  }

  /** What is open under a number. */
  static SharedChannel of(int number) {
    synchronized (BY_NUMBER) {
      SharedChannel shared = BY_NUMBER.get(number);
      if (shared != null) return shared;
      throw new OsException(
          Errno.EBADF,
          "no file of NIO: " + number + " (docs/differences.md#no-descriptors-on-nio)");
    }
  }

  /** Opens it under one more number. */
  int open() {
    synchronized (BY_NUMBER) {
      int number = DescriptorNumbers.deal();
      BY_NUMBER.put(number, this);
      duplicates++;
      return number;
    }
  }

  /** Closes what {@link #open} opened; the caller gives the number back. */
  void close(int number) {
    NioFile waiting;
    synchronized (BY_NUMBER) {
      BY_NUMBER.remove(number, this); // Or the number is another's already.
      if (--duplicates > 0) return;
      waiting = otherEnd == null ? null : otherEnd.watcher;
    }
    if (waiting != null) waiting.otherEndCloses();
    try {
      channel.close();
    } catch (IOException failed) {
      throw ErrnoMapping.osException(failed);
    }
  }

  /** Makes this file the one that a loop watches. */
  void watch(NioFile file) {
    synchronized (BY_NUMBER) {
      if (watcher != null && watcher != file) {
        throw new OsException(
            Errno.EBUSY, "two files over one channel (docs/differences.md#one-loop-for-a-channel)");
      }
      watcher = file;
    }
  }

  void unwatch(NioFile file) {
    synchronized (BY_NUMBER) {
      if (watcher == file) watcher = null;
    }
  }

  /** Whether this is a pipe's end and all duplicates of the other are closed. */
  boolean isOtherEndClosed() {
    synchronized (BY_NUMBER) {
      return otherEnd != null && otherEnd.duplicates == 0;
    }
  }

  boolean isReader() {
    return channel instanceof ReadableByteChannel;
  }

  SelectableChannel channel() {
    return channel;
  }

  /** {@code os.read}; -1 is the end, 0 that there is nothing now. */
  int read(ByteBuffer target) {
    if (!(channel instanceof ReadableByteChannel readable)) throw new OsException(Errno.EBADF);
    try {
      return readable.read(target);
    } catch (IOException failed) {
      throw ErrnoMapping.osException(failed);
    }
  }

  /** {@code os.write}; 0 is that there is no room now. */
  int write(ByteBuffer data) {
    if (!(channel instanceof WritableByteChannel writable)) throw new OsException(Errno.EBADF);
    try {
      return writable.write(data);
    } catch (IOException failed) {
      throw ErrnoMapping.osException(failed);
    }
  }
}
