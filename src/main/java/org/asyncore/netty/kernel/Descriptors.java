package org.asyncore.netty.kernel;

import io.netty.channel.IoHandle;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import org.asyncore.transport.Pipe;

/** The part of a {@link Kernel} that knows files and pipes. For the holder of the turn. */
public interface Descriptors {
  /** A file on a duplicate of a descriptor. */
  OpenFile open(int descriptor);

  /** A file over a channel of the JDK. */
  OpenFile open(SelectableChannel channel);

  /** A new pipe. */
  Pipe pipe();

  /**
   * An open file as a platform has it, under a number of its own. For the holder of the turn, but
   * for what says otherwise.
   */
  interface OpenFile {
    int number();

    /** What a loop registers. Its events all stay at the gate. */
    IoHandle handle();

    /** Whether what there is to read is partly on our side. */
    boolean readsAhead();

    /**
     * A loop is about to watch it; a platform may refuse a second one.
     *
     * @param news is run, by any thread, when the system will not tell that {@link #known} changes
     */
    void watched(Runnable news);

    /**
     * What events come to beside what is {@link #known}, flags of Readiness.
     *
     * @param hangUps whether they are told apart from the rest
     */
    int digest(int events, boolean hangUps);

    /** Readiness that the system does not tell, because the bytes or the end are here already. */
    int known();

    /** {@code os.read}; -1 is the end, 0 that there is nothing now. */
    int read(ByteBuffer target);

    /** {@code os.write}; 0 is that there is no room now. As reading. */
    int write(ByteBuffer data);

    /** Closes it; no loop watches it any more. */
    void close();
  }
}
