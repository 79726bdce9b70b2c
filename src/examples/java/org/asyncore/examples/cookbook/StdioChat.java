package org.asyncore.examples.cookbook;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.asyncore.Asyncore;
import org.asyncore.FileDispatcher;
import org.asyncore.FileWrapper;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.transport.PipeEnd;
import org.asyncore.transport.Transport;

/**
 * An AsyncChat over two files, one to read and one to write, such as standard input and output:
 * what Python writes as {@code class X(async_chat, file_dispatcher)}. This one answers each line by
 * its length, and {@code quit} by its end.
 */
public class StdioChat extends AsyncChat {
  private static final int LONGEST_LINE = 4096;

  private final Output output;
  private boolean draining;
  private boolean inputEnded;

  /** Over copies of two files; the ones given stay the caller's. */
  public StdioChat(int input, int out, SocketMap map) {
    super(map);
    connected(true);
    setSocket(new FileWrapper(input, map));
    output = new Output(out, map);
    setTerminator(new byte[] {'\n'});
    maxIncoming(LONGEST_LINE);
  }

  @Override
  public void collectIncomingData(byte[] data) {
    if (!inputEnded) appendIncomingData(data);
  }

  @Override
  public void foundTerminator() {
    String line = new String(takeIncomingData(), UTF_8);
    if (line.equals("quit")) endInput();
    else push((line.length() + "\n").getBytes(UTF_8));
  }

  @Override
  public boolean readable() {
    return !inputEnded;
  }

  /** Not this file: the other one. */
  @Override
  public boolean writable() {
    return false;
  }

  /** What {@code push} has queued, and {@code initiateSend} sends. */
  @Override
  public int send(byte[] data, int offset, int byteCount) {
    return output.send(data, offset, byteCount);
  }

  /**
   * The end of the input, and then, when all is written, that of both. In poll's order a hang-up is
   * told beside bytes that wait: they are read first, and recv, at their end, comes here again.
   */
  @Override
  public void handleClose() {
    if (inputEnded) {
      close();
    } else if (draining) {
      endInput();
    } else {
      draining = true;
      while (!inputEnded) handleRead();
    }
  }

  private void endInput() {
    inputEnded = true;
    setTerminator(null); // What was read behind a quit is nobody's.
    maxIncoming(NO_LIMIT);
    closeWhenDone();
  }

  /** Of a line that is too long, above all. */
  @Override
  public void handleError(Throwable thrown) {
    takeIncomingData();
    push(("error: " + thrown.getMessage() + "\n").getBytes(UTF_8));
    if (!inputEnded) endInput();
  }

  @Override
  public void close() {
    super.close();
    output.close();
  }

  private final class Output extends FileDispatcher {
    Output(int file, SocketMap map) {
      super(file, map);
    }

    @Override
    public boolean readable() {
      return false;
    }

    @Override
    public boolean writable() {
      return StdioChat.this.hasQueued();
    }

    @Override
    public void handleWrite() {
      StdioChat.this.initiateSend();
    }

    /** Nobody reads any more. */
    @Override
    public void handleClose() {
      StdioChat.this.close();
    }
  }

  public static void main(String[] args) throws InterruptedException {
    SocketMap map = new SocketMap();
    Transport transport = map.transport();
    boolean areDescriptors = transport.name().equals("epoll");
    if (areDescriptors) {
      new StdioChat(0, 1, map);
    } else {
      try (PipeEnd input = BlockingStreams.reading(System.in, transport).reader();
          PipeEnd output = BlockingStreams.writing(System.out, transport).writer()) {
        new StdioChat(input.fileno(), output.fileno(), map);
      }
    }
    Asyncore.loop(map);
  }
}
