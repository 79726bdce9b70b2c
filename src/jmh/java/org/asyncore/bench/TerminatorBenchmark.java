package org.asyncore.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What AsyncChat costs for each byte of input, without a socket: one call reads and delivers one
 * whole input.
 *
 * <pre>
 * one-line       64 MiB without an end, in reads of 64 KiB, then CRLF
 * short-lines    1 MiB in lines of 20 bytes, in reads of 64 KiB
 * single-bytes   64 KiB in lines of 20 bytes, a byte at a time
 * prefixes       1 MiB of beginnings of a terminator of ten bytes, in reads of 64 KiB
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class TerminatorBenchmark {
  private static final int PIECE = 65536;

  /** What comes in. */
  @Param({"one-line", "short-lines", "single-bytes", "prefixes"})
  public String input;

  private final SocketMap map = new SocketMap();
  private Chat chat;

  /** A chat that is fed from memory, and counts messages. */
  private static final class Chat extends AsyncChat {
    private byte[] piece;
    private int reads;
    private byte[] end;
    private int next;
    private long messages;

    Chat(SocketMap map) {
      super(map);
    }

    boolean hasMore() {
      return next <= reads;
    }

    @Override
    public byte[] recv(int bufferSize) {
      int now = next++;
      if (now == reads) return end;
      if (bufferSize == 1) return new byte[] {piece[now % piece.length]};
      return piece.clone();
    }

    @Override
    public void collectIncomingData(byte[] data) {
      // What a subclass does with it is not the search's cost.
    }

    @Override
    public void foundTerminator() {
      messages++;
    }
  }

  /** Writes the input. */
  @Setup
  public void prepare() {
    chat = new Chat(map);
    String terminator = input.equals("prefixes") ? "aaaaaaaaab" : "\r\n";
    chat.setTerminator(terminator.getBytes(US_ASCII));
    chat.end = terminator.getBytes(US_ASCII);
    chat.acInBufferSize(input.equals("single-bytes") ? 1 : PIECE);
    switch (input) {
      case "one-line" -> feed("x", 1024);
      case "short-lines" -> feed("eighteen letters..\r\n", 16);
      case "single-bytes" -> feed("eighteen letters..\r\n", PIECE);
      default -> feed("aaaaaaaa", 16);
    }
  }

  private void feed(String text, int reads) {
    byte[] unit = text.getBytes(US_ASCII);
    chat.piece = new byte[PIECE / unit.length * unit.length];
    for (int i = 0; i < chat.piece.length; i++) chat.piece[i] = unit[i % unit.length];
    chat.reads = reads;
  }

  /** All of the input, once. */
  @Benchmark
  public long deliver() {
    long before = chat.messages;
    chat.next = 0;
    while (chat.hasMore()) chat.handleRead();
    long found = chat.messages - before;
    if (found == 0) throw new IllegalStateException("no message in " + Arrays.toString(chat.end));
    return found;
  }
}
