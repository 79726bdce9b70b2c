package org.asyncore.netty.epoll;

import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandler;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.ThreadAwareExecutor;
import org.asyncore.netty.loop.NoWaitContext;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;

/**
 * {@code poll(2)} of one descriptor, without waiting and without the loop that serves it: an epoll
 * of its own, opened when it is first needed.
 *
 * <p>Safe from any thread.
 */
final class DescriptorPoll {
  private static final int MOST_EVENTS = 4;
  private static IoHandler handler;

  private DescriptorPoll() {}

  /** Which of these events, flags of Readiness, the descriptor has now. */
  static synchronized int at(FileDescriptor descriptor, int events) {
    if (handler == null) handler = newHandler();
    Seen seen = new Seen(descriptor);
    try {
      IoRegistration registration = handler.register(seen);
      try {
        registration.submit(EpollIoOps.valueOf(events));
        handler.run(NoWaitContext.INSTANCE);
      } finally {
        registration.cancel();
      }
    } catch (Exception refused) {
      throw new OsException(Errno.EBADF, "cannot look at " + descriptor, refused);
    }
    return seen.events & events;
  }

  private static IoHandler newHandler() {
    return EpollIoHandler.newFactory(MOST_EVENTS, DefaultSelectStrategyFactory.INSTANCE)
        .newHandler(
            new ThreadAwareExecutor() {
              @Override
              public boolean isExecutorThread(Thread thread) {
                return true; // Whoever is here is alone.
              }

              @Override
              public void execute(Runnable task) {
                task.run();
              }
            });
  }

  private static final class Seen implements EpollIoHandle {
    private final FileDescriptor descriptor;
    private int events;

    Seen(FileDescriptor descriptor) {
      this.descriptor = descriptor;
    }

    @Override
    public FileDescriptor fd() {
      return descriptor;
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
      events |= ((EpollIoEvent) event).ops().value();
    }

    @Override
    public void close() {
      // The descriptor is somebody else's.
    }
  }
}
