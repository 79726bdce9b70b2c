package org.asyncore.asynchat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The producers that medusa has beside asynchat's, for {@link
 * AsyncChat#pushWithProducer(Producer)}: {@code medusa.producers}. Those that wrap another one are
 * {@linkplain Producer#ready() ready} when that is. Confined to the channel's thread.
 *
 * <pre>
 * lines_producer        lines
 * file_producer         stream
 * composite_producer    sequence
 * chunked_producer      chunked
 * globbing_producer     glob
 * hooked_producer       hooked
 * simple_producer       {@link SimpleProducer}
 * output_producer, fifo, escaping_producer, compressed_producer: a few lines over {@link Producer}
 * </pre>
 */
public final class Producers {
  private static final int PIECE = 1 << 14;
  private static final byte[] NO_BYTES = {};
  private static final byte[] NEW_LINE = {'\r', '\n'};

  private Producers() {}

  /** Gives lines in Latin-1, each with CR and LF behind it, some fifty at a time. */
  public static Producer lines(Iterable<String> lines) {
    Iterator<String> left = lines.iterator();
    return () -> {
      StringBuilder piece = new StringBuilder();
      for (int i = 0; i < 50 && left.hasNext(); i++) piece.append(left.next()).append("\r\n");
      return piece.toString().getBytes(StandardCharsets.ISO_8859_1);
    };
  }

  /**
   * Gives what a stream has, 16 KiB at a time. Reading blocks the loop: fine for files, not for
   * pipes and sockets. The stream is the caller's to close: see {@link #hooked}, and the channel's
   * {@code close} for the case that its peer leaves before.
   */
  public static Producer stream(InputStream in) {
    Objects.requireNonNull(in, "in is null");
    return () -> {
      try {
        return in.readNBytes(PIECE);
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    };
  }

  /** Gives what several give, one after the other. */
  public static Producer sequence(Producer... producers) {
    Iterator<Producer> left = List.of(producers).iterator();
    return new Producer() {
      private @Nullable Producer current = left.hasNext() ? left.next() : null;

      @Override
      public byte @Nullable [] more() {
        while (current != null && current.ready()) {
          byte[] piece = current.more();
          if (!isEmpty(piece)) return piece;
          if (current.ready()) current = left.hasNext() ? left.next() : null;
        }
        return null; // It ended, or has nothing yet.
      }

      @Override
      public boolean ready() {
        return current == null || current.ready();
      }
    };
  }

  private static boolean isEmpty(byte @Nullable [] piece) {
    return piece == null || piece.length == 0;
  }

  /** Whether a producer is over that has given this. */
  private static boolean isEnd(byte @Nullable [] piece, Producer producer) {
    return isEmpty(piece) && producer.ready();
  }

  /** Gives pieces in the chunked coding of HTTP/1.1, with the last chunk at the end. */
  public static Producer chunked(Producer producer) {
    Objects.requireNonNull(producer, "producer is null");
    return new Wrapping(producer) {
      @Override
      public byte @Nullable [] more() {
        if (ended) return null;
        byte[] given = producer.more();
        ended = isEnd(given, producer);
        byte[] piece = given == null ? NO_BYTES : given;
        if (piece.length == 0 && !ended) return null; // Nothing yet.
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes(Integer.toHexString(piece.length).getBytes(StandardCharsets.US_ASCII));
        chunk.writeBytes(NEW_LINE);
        chunk.writeBytes(piece);
        chunk.writeBytes(NEW_LINE);
        return chunk.toByteArray();
      }
    };
  }

  /** Gives what another one gives, in pieces of at least so many bytes, as far as it is ready. */
  public static Producer glob(Producer producer, int byteCount) {
    Objects.requireNonNull(producer, "producer is null");
    if (byteCount < 1) throw new IllegalArgumentException("byteCount < 1: " + byteCount);
    return new Wrapping(producer) {
      @Override
      public byte @Nullable [] more() {
        ByteArrayOutputStream together = new ByteArrayOutputStream();
        while (!ended && together.size() < byteCount && producer.ready()) {
          byte[] piece = producer.more();
          ended = isEnd(piece, producer);
          if (!isEmpty(piece)) together.writeBytes(piece);
        }
        return together.toByteArray();
      }
    };
  }

  /** Gives what another one gives, and calls this once at its end, with how many bytes that was. */
  public static Producer hooked(Producer producer, LongConsumer atEnd) {
    Objects.requireNonNull(producer, "producer is null");
    Objects.requireNonNull(atEnd, "atEnd is null");
    return new Wrapping(producer) {
      private long byteCount;

      @Override
      public byte @Nullable [] more() {
        byte[] piece = ended ? null : producer.more();
        if (piece != null && piece.length > 0) {
          byteCount += piece.length;
          return piece;
        }
        if (!ended && producer.ready()) {
          ended = true;
          atEnd.accept(byteCount);
        }
        return null;
      }
    };
  }

  /** One that is ready when another one is, or when that has ended. */
  private abstract static class Wrapping implements Producer {
    private final Producer wrapped;

    /** Whether nobody is to ask it again. */
    boolean ended;

    Wrapping(Producer wrapped) {
      this.wrapped = wrapped;
    }

    @Override
    public boolean ready() {
      return ended || wrapped.ready();
    }
  }
}
