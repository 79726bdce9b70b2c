package org.asyncore.examples.cookbook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.util.List;
import org.asyncore.FileWrapper;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.asynchat.IncomingLimitException;
import org.asyncore.transport.Pipe;
import org.asyncore.transport.PipeEnd;
import org.asyncore.transport.Transport;

/**
 * A process whose lines and exit come as callbacks of a loop. To be made on the loop's thread, as
 * all is called there.
 */
public final class WatchedProcess {
  private static final int LONGEST_LINE = 64 << 10;

  /** Who hears of it. */
  public interface Watcher {
    /** A line, without its end; the last one may have none. */
    void line(String stream, String line);

    /** All lines have come, and the process is over. */
    void exited(int status);
  }

  private final Watcher watcher;
  private final Process process;

  /** The two streams, and the process. */
  private int open = 3;

  public WatchedProcess(List<String> command, Watcher watcher, SocketMap map) throws IOException {
    this.watcher = watcher;
    ProcessBuilder builder = new ProcessBuilder(command);
    boolean areDescriptors = map.transport().name().equals("epoll");
    process = areDescriptors ? startOver(builder, map) : startWithThreads(builder, map);
    process.getOutputStream().close(); // It has nothing to read.
    process.onExit().thenRunAsync(this::ended, map);
  }

  /** The process, to signal or to end it. */
  public Process process() {
    return process;
  }

  /** The process writes into pipes of the loop's, which it has open under their descriptors. */
  private Process startOver(ProcessBuilder builder, SocketMap map) throws IOException {
    Pipe out = map.transport().pipe();
    Pipe err = map.transport().pipe();
    try (PipeEnd outWriter = out.writer();
        PipeEnd errWriter = err.writer();
        PipeEnd outReader = out.reader();
        PipeEnd errReader = err.reader()) {
      builder.redirectOutput(fileOf(outWriter)).redirectError(fileOf(errWriter));
      Process started = builder.start();
      new Lines("stdout", outReader, map);
      new Lines("stderr", errReader, map);
      return started;
    }
  }

  private static File fileOf(PipeEnd end) {
    return new File("/proc/self/fd/" + end.fileno());
  }

  /** Where numbers are no descriptors: threads copy into pipes. */
  private Process startWithThreads(ProcessBuilder builder, SocketMap map) throws IOException {
    Process started = builder.start();
    Transport transport = map.transport();
    try (PipeEnd out = BlockingStreams.reading(started.getInputStream(), transport).reader();
        PipeEnd err = BlockingStreams.reading(started.getErrorStream(), transport).reader()) {
      new Lines("stdout", out, map);
      new Lines("stderr", err, map);
    }
    return started;
  }

  private void ended() {
    if (--open == 0) watcher.exited(process.exitValue());
  }

  /** One of the two streams: an AsyncChat over a file. */
  private final class Lines extends AsyncChat {
    private final String stream;
    private boolean draining;

    Lines(String stream, PipeEnd pipe, SocketMap map) {
      super(map);
      this.stream = stream;
      connected(true);
      setSocket(new FileWrapper(pipe.fileno(), map)); // On a copy, as dup makes it.
      setTerminator(new byte[] {'\n'});
      maxIncoming(LONGEST_LINE);
    }

    @Override
    public void collectIncomingData(byte[] data) {
      appendIncomingData(data);
    }

    @Override
    public void foundTerminator() {
      watcher.line(stream, new String(takeIncomingData(), UTF_8));
    }

    /** A line that is too long is not told; those behind it are. */
    @Override
    public void handleError(Throwable thrown) {
      if (!(thrown instanceof IncomingLimitException)) {
        super.handleError(thrown); // Which closes.
        return;
      }
      watcher.line(stream, "(" + thrown.getMessage() + ")");
      takeIncomingData();
    }

    /**
     * In poll's order a hang-up is told beside bytes that wait: they are read first, and recv, at
     * their end, comes here again.
     */
    @Override
    public void handleClose() {
      if (!draining) {
        draining = true;
        while (fileno() >= 0) handleRead();
        return;
      }
      close();
      if (incomingSize() > 0) foundTerminator();
      ended();
    }
  }
}
