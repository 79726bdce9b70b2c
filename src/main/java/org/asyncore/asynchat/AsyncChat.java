package org.asyncore.asynchat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.asyncore.Callbacks;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.Terminator.Count;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.jspecify.annotations.Nullable;

/**
 * A dispatcher for protocols of messages: {@code asynchat.async_chat}. Subclass it, give it {@link
 * #collectIncomingData} and {@link #foundTerminator}, and set a terminator.
 *
 * <p>Owns the bytes it has received and not delivered, and a queue of what it has to send. Arrays
 * that it hands out are the receiver's. Confined to the thread that loops its map, like the
 * callbacks: another thread that pushes must do so in a callback.
 *
 * <pre>{@code
 * static class LineEcho extends AsyncChat {
 *   LineEcho(AsyncSocket socket, SocketMap map) {
 *     super(socket, map);
 *     setTerminator(new byte[] {'\n'});
 *   }
 *
 *   @Override
 *   public void collectIncomingData(byte[] data) {
 *     appendIncomingData(data); // A line, or a part of one.
 *   }
 *
 *   @Override
 *   public void foundTerminator() {
 *     String line = new String(takeIncomingData(), US_ASCII);
 *     push(line + "\n", US_ASCII);
 *   }
 * }
 * }</pre>
 *
 * <pre>
 * terminator    a message is                      foundTerminator
 * bytes         what comes before them            once they are there; they are dropped
 * n &gt; 0         the next n bytes                  with getTerminator() down to 0
 * 0, no bytes   everything, piece by piece        never
 * none          everything, piece by piece        never
 * </pre>
 *
 * <p>Beyond the original, and off until set: {@link #maxIncoming(long)} and {@link
 * #maxOutgoing(long)} bound what a peer that never ends its message, or never reads, may cost.
 */
public abstract class AsyncChat extends Dispatcher {
  /** {@link #acInBufferSize()} and {@link #acOutBufferSize()} unless set, in bytes. */
  public static final int DEFAULT_BUFFER_SIZE = 65536;

  /** {@link #maxIncoming()} and {@link #maxOutgoing()} unless set. */
  public static final long NO_LIMIT = Long.MAX_VALUE;

  private int acInBufferSize = DEFAULT_BUFFER_SIZE;
  private int acOutBufferSize = DEFAULT_BUFFER_SIZE;
  private boolean useEncoding;
  private Charset encoding = StandardCharsets.ISO_8859_1;

  private final InputBuffer acInBuffer = new InputBuffer();
  private final CollectedInput incoming = new CollectedInput();

  @SuppressWarnings("this-escape") // Only kept.
  private final ProducerFifo producerFifo =
      new ProducerFifo(this::interestTouched, this::queueChanged);

  /** Null until set, as Python's constructor sets none. */
  private @Nullable Terminator terminator;

  /** Of the bytes terminator that was last looked for; null before there was one. */
  private @Nullable TerminatorSearch search;

  private long maxIncoming = NO_LIMIT;
  private long maxOutgoing = NO_LIMIT;

  /** How many bytes of the message that is coming in were delivered. */
  private long sinceTerminator;

  /** Whether the rest of a message is dropped because it is too long. */
  private boolean skipping;

  /** The limit that the current step broke; reported when the step is done. */
  private @Nullable IncomingLimitException excess;

  /** A channel without a socket, for the default map. */
  public AsyncChat() {
    this(null, null);
  }

  /** A channel over an open socket, which it owns from now on, in the default map. */
  public AsyncChat(AsyncSocket socket) {
    this(socket, null);
  }

  /** A channel without a socket, for a map of one's own. */
  public AsyncChat(SocketMap map) {
    this(null, map);
  }

  /**
   * A channel over an open socket, connected or not, which it owns from now on.
   *
   * @param socket null for none yet
   * @param map the map it puts itself into; null for the default one
   */
  public AsyncChat(@Nullable AsyncSocket socket, @Nullable SocketMap map) {
    super(socket, map);
  }

  // --- what a subclass gives ---

  /**
   * A piece of a message: {@code collect_incoming_data}. How a message is cut follows the reads;
   * pieces are never empty, and an empty message has none. The default throws.
   *
   * <p>If it throws, the piece counts as not delivered: a channel that {@code handleError} keeps
   * open gets it again with its next read.
   *
   * @param data the callee's own
   */
  public void collectIncomingData(byte[] data) {
    throw new UnsupportedOperationException("must be implemented in subclass");
  }

  /**
   * The message is complete: {@code found_terminator}. A terminator set here is for the bytes that
   * follow. Messages that were read already are delivered even if this closes the channel. The
   * default throws.
   */
  public void foundTerminator() {
    throw new UnsupportedOperationException("must be implemented in subclass");
  }

  /** Keeps a piece for {@link #takeIncomingData}, the array too: {@code _collect_incoming_data}. */
  public void appendIncomingData(byte[] data) {
    incoming.append(Objects.requireNonNull(data, "data is null"));
  }

  /** The pieces that were kept, joined, and no longer kept; the caller's own: {@code _get_data}. */
  public byte[] takeIncomingData() {
    return incoming.take();
  }

  /** How many bytes {@link #appendIncomingData} keeps. */
  public int incomingSize() {
    return incoming.size();
  }

  // --- the terminator ---

  /**
   * Ends messages with these bytes: {@code set_terminator}.
   *
   * @param terminator null to collect everything, as with {@code None}
   */
  public void setTerminator(byte @Nullable [] terminator) {
    set(terminator == null ? new Terminator.None() : new Terminator.Bytes(terminator));
  }

  /**
   * Ends a message after so many bytes: {@code set_terminator}.
   *
   * @param byteCount from 0 on; 0 collects everything
   */
  public void setTerminator(long byteCount) {
    if (byteCount < 0) {
      throw new IllegalArgumentException(
          "terminator < 0: " + byteCount + " (the number of bytes must be positive)");
    }
    set(new Count(byteCount));
  }

  /**
   * Ends messages with this text in {@link #encoding()}; only with {@link #useEncoding()}. A text
   * that Python cannot search for fails here, not at the first read. Or sets what {@link
   * #getTerminator} gave before.
   *
   * @param terminator a {@code String} or a {@link Terminator}; null as in the other form, which a
   *     {@code null} as such means
   */
  public void setTerminator(@Nullable Object terminator) {
    if (terminator instanceof Terminator known) set(known);
    else if (terminator instanceof Long count) setTerminator(count.longValue());
    else if (terminator instanceof Integer count) setTerminator(count.longValue());
    else if (terminator instanceof String text) setTerminator(encode(text));
    else if (terminator instanceof byte[] bytes) setTerminator(bytes);
    else if (terminator == null) set(new Terminator.None());
    else {
      throw new IllegalArgumentException(
          "terminator is no bytes, text, count or Terminator: " + terminator.getClass().getName());
    }
  }

  private void set(Terminator terminator) {
    this.terminator = terminator;
    if (!skipping) return;
    skipping = false; // The message that was too long is not what is awaited now.
    sinceTerminator = 0;
  }

  /**
   * What ends the message; a count says what is left of it: {@code get_terminator}. Asked again for
   * each message.
   *
   * @throws IllegalStateException if none was ever set, Python's AttributeError
   */
  public Terminator getTerminator() {
    if (terminator == null) throw new IllegalStateException("setTerminator() was never called");
    return terminator;
  }

  private byte[] encode(String text) {
    if (!useEncoding()) throw new IllegalStateException("a text as terminator without useEncoding");
    try {
      ByteBuffer bytes = encoding().newEncoder().encode(CharBuffer.wrap(text));
      byte[] encoded = new byte[bytes.remaining()];
      bytes.get(encoded);
      return encoded;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("not to be written in " + encoding() + ": " + text, e);
    }
  }

  // --- input ---

  /**
   * Reads once, at most {@link #acInBufferSize()} bytes by {@link #recv(int)}, and delivers all
   * that is complete: {@code handle_read}. Bytes at the end that may begin a terminator are held
   * back. An override of that form of {@code recv} gives its array away.
   */
  @Override
  public void handleRead() {
    byte[] data;
    try {
      data = recv(acInBufferSize());
    } catch (OsException error) {
      if (!isBlockingIoError(error.errno())) Callbacks.found(this, error);
      return;
    }
    acInBuffer.append(data);
    // As handle_read: a callback that throws leaves its bytes in the buffer, so each step below
    // drops them only after the call; and a callback may change both buffer and terminator.
    while (!acInBuffer.isEmpty()) {
      boolean goesOn = deliver(getTerminator());
      reportExcess();
      if (!goesOn) return;
    }
  }

  /** Python's {@code BlockingIOError}. */
  private static boolean isBlockingIoError(Errno errno) {
    return errno == Errno.EAGAIN || errno == Errno.EALREADY || errno == Errno.EINPROGRESS;
  }

  /** Delivers a piece or a message; false if the rest must wait for more. */
  private boolean deliver(Terminator terminator) {
    if (terminator.collectsEverything()) {
      collect(acInBuffer.size());
      acInBuffer.clear();
      return true;
    }
    if (terminator instanceof Count count) {
      deliverCounted(count.remaining());
      return true;
    }
    return deliverUpTo(((Terminator.Bytes) terminator).array());
  }

  private void deliverCounted(long byteCount) {
    int size = acInBuffer.size();
    if (size < byteCount) {
      collect(size);
      acInBuffer.clear();
      terminator = countDown(size);
      return;
    }
    // A count below 0 is a Python slice from the end.
    int piece = (int) (byteCount >= 0 ? byteCount : Math.max(0, size + byteCount));
    collect(piece);
    if (byteCount >= 0) acInBuffer.drop(piece);
    else acInBuffer.keepLast((int) -Math.max(byteCount, -Integer.MAX_VALUE));
    terminator = new Count(0);
    terminated();
  }

  /** As {@code self.terminator - lb}: of what is set by now, which has to be a count. */
  private Count countDown(int byteCount) {
    if (terminator instanceof Count count) return new Count(count.remaining() - byteCount);
    throw new ClassCastException("a count of bytes became " + terminator + " before its end");
  }

  private boolean deliverUpTo(byte[] bytes) {
    if (search == null || !search.isFor(bytes)) search = new TerminatorSearch(bytes);
    int size = acInBuffer.size();
    int index = search.find(acInBuffer);
    if (index >= 0) {
      if (index > 0) collect(index); // No empty pieces: "source of subtle bugs".
      acInBuffer.drop(index + bytes.length);
      terminated();
      return true;
    }
    int heldBack = search.heldBack();
    if (heldBack < size) collect(size - heldBack);
    acInBuffer.keepLast(heldBack);
    return heldBack == 0; // A terminator set just now waits for the next read.
  }

  /** Calls collectIncomingData with the first bytes, unless their message is too long. */
  private void collect(int byteCount) {
    if (skipping) return;
    long total = sinceTerminator + byteCount;
    if (total > maxIncoming) {
      skipping = true;
      excess = new IncomingLimitException(total, maxIncoming);
      return;
    }
    collectIncomingData(acInBuffer.head(byteCount));
    sinceTerminator = total;
  }

  private void terminated() {
    boolean wasDropped = skipping;
    skipping = false;
    sinceTerminator = 0;
    if (!wasDropped) foundTerminator();
  }

  private void reportExcess() {
    if (excess == null) return;
    IncomingLimitException thrown = excess;
    excess = null;
    Callbacks.found(this, thrown);
    if (fileno() < 0) acInBuffer.clear(); // Closed: what came behind the excess is not delivered.
  }

  /** How large an array keeps them. */
  int acInBufferCapacity() {
    return acInBuffer.array().length;
  }

  /** A copy of the bytes received and not yet delivered: {@code ac_in_buffer}. */
  public byte[] acInBuffer() {
    return acInBuffer.toByteArray();
  }

  /**
   * Puts other bytes in the place of those received and not yet delivered: {@code self.ac_in_buffer
   * = ..}. In a callback of a read that is under way it goes on with these: what it has yet to take
   * away of the bytes of the call, it takes away of them, as Python's does.
   *
   * @param data copied
   */
  public void acInBuffer(byte[] data) {
    acInBuffer.replace(Objects.requireNonNull(data, "data is null").clone());
  }

  // --- output ---

  /** As {@link ProducerFifo#byteCount()} of {@link #producerFifo()}. */
  @Override
  public long queuedBytes() {
    // A map knows its dispatchers before their constructors are done.
    return producerFifo == null ? 0 : producerFifo.byteCount();
  }

  @Override
  public boolean hasQueued() {
    return producerFifo != null && !producerFifo.isEmpty();
  }

  /** What is in {@link #acInBuffer()}, and what was collected and not taken. */
  @Override
  public long undeliveredBytes() {
    return acInBuffer == null ? 0 : acInBuffer.size() + incomingSize();
  }

  /** Queues bytes and sends what there is room for; see {@link #push(byte[], int, int)}. */
  public void push(byte[] data) {
    push(Objects.requireNonNull(data, "data is null"), 0, data.length);
  }

  /**
   * Queues bytes and sends what there is room for: {@code push}. They are copied, in pieces of at
   * most {@link #acOutBufferSize()} bytes. No bytes queue an empty piece, which costs a pass.
   */
  public void push(byte[] data, int offset, int byteCount) {
    Objects.requireNonNull(data, "data is null");
    Objects.checkFromIndexSize(offset, byteCount, data.length);
    if (!mayQueue(byteCount)) return;
    int pieceSize = acOutBufferSize();
    if (byteCount > 0 && byteCount <= pieceSize && producerFifo.isEmpty()) {
      pushAlone(data, offset, byteCount);
      return;
    }
    int end = offset + byteCount;
    int from = offset;
    do {
      int to = from + Math.min(pieceSize, end - from);
      producerFifo.putLast(ProducerFifo.Piece.of(data, from, to));
      from = to;
    } while (from < end);
    initiateSend();
  }

  /** A piece that nothing is in front of: only what does not leave at once is copied. */
  private void pushAlone(byte[] data, int offset, int byteCount) {
    producerFifo.lend(data, offset, byteCount);
    try {
      initiateSend();
    } finally {
      producerFifo.keepLent();
    }
  }

  /** As {@link #push(byte[])}; the buffer's position moves behind what was queued. */
  public void push(ByteBuffer data) {
    byte[] bytes = new byte[Objects.requireNonNull(data, "data is null").remaining()];
    if (!mayQueue(bytes.length)) return;
    data.get(bytes);
    push(bytes);
  }

  /** As {@link #push(byte[])}, of a text: what a {@code str} is encoded to in Python. */
  public void push(String text, Charset charset) {
    Objects.requireNonNull(text, "text is null");
    push(text.getBytes(Objects.requireNonNull(charset, "charset is null")));
  }

  /**
   * Queues a producer and sends what there is room for: {@code push_with_producer}. Bytes as one
   * entry, which Python's takes as well, are {@code producerFifo().addLast(Entry.of(bytes))}.
   *
   * @param producer null to close the channel when its turn comes, as {@code None} does
   */
  public void pushWithProducer(@Nullable Producer producer) {
    producerFifo.putLast(
        producer == null ? new ProducerFifo.CloseMark() : new ProducerFifo.Source(producer));
    initiateSend();
  }

  private boolean mayQueue(int byteCount) {
    long total = producerFifo.byteCount() + byteCount;
    if (total <= maxOutgoing) return true;
    Callbacks.found(this, new OutgoingLimitException(total, maxOutgoing));
    return false;
  }

  /**
   * Closes the channel, by {@link #handleClose}, in the pass that finds everything before sent:
   * {@code close_when_done}.
   */
  public void closeWhenDone() {
    producerFifo.putLast(new ProducerFifo.CloseMark());
  }

  /**
   * Offers one piece to {@link #send(byte[], int, int)}, if connected: {@code initiate_send}.
   * Producers are asked, and a close is done, on the way to it. A subclass that wants to see or
   * hold back what is sent overrides that form of {@code send}. A producer that is not {@linkplain
   * Producer#ready() ready} ends it.
   */
  public void initiateSend() {
    sendFirst();
    queueChanged();
  }

  private void sendFirst() {
    byte[] lent = producerFifo.lent();
    if (lent != null) {
      if (connected()) sendFrom(null, lent, producerFifo.lentOffset(), producerFifo.lentBytes());
      return;
    }
    while (!producerFifo.isEmpty() && connected() && producerFifo.isReady()) {
      ProducerFifo.Entry first = producerFifo.first();
      if (first instanceof ProducerFifo.CloseMark) {
        producerFifo.drop();
        handleClose();
        return;
      }
      if (first instanceof ProducerFifo.Piece piece) {
        // As initiate_send: an empty piece is gone before it is sent all the same.
        if (piece.byteCount() == 0) producerFifo.drop();
        sendFrom(piece, piece.array(), piece.offset(), piece.byteCount());
        return;
      }
      Producer producer = ((ProducerFifo.Source) first).producer();
      byte[] data = producer.more();
      if (data != null && data.length > 0) producerFifo.putFirst(new ProducerFifo.Piece(data));
      else if (producer.ready()) producerFifo.drop();
    }
  }

  /**
   * Sends from the first entry.
   *
   * @param piece null if it is a caller's array
   */
  private void sendFrom(
      ProducerFifo.@Nullable Piece piece, byte[] array, int offset, int byteCount) {
    int sliceSize = acOutBufferSize();
    int offered = Math.min(sliceSize, byteCount);
    int sent;
    try {
      sent = send(array, offset, offered);
    } catch (OsException error) {
      Callbacks.found(this, error);
      return;
    }
    if (sent == 0) return;
    boolean isLeft = sent < offered || sliceSize < byteCount;
    if (!isLeft) producerFifo.drop();
    else if (piece != null) producerFifo.replaceFirst(piece.after(sent));
    else
      producerFifo.replaceFirst(
          ProducerFifo.Piece.of(array, offset + Math.min(sent, byteCount), offset + byteCount));
  }

  @Override
  public void handleWrite() {
    initiateSend();
  }

  /** Closes, without the warning of the dispatcher's own. */
  @Override
  public void handleClose() {
    close();
  }

  /** Always true. */
  @Override
  public boolean readable() {
    return true;
  }

  /**
   * True until it is connected, so that it learns of its connection, and while something waits that
   * is ready.
   */
  @Override
  public boolean writable() {
    if (!connected()) return true;
    if (producerFifo.isEmpty()) return false;
    if (producerFifo.isReady()) return true;
    interestTouched(); // A producer cannot tell: the next pass asks again.
    return false;
  }

  /** Forgets input and output, "emergencies only": {@code discard_buffers}. */
  public void discardBuffers() {
    acInBuffer.clear();
    incoming.clear();
    producerFifo.clear();
  }

  /** What is queued for sending: {@code producer_fifo}. */
  public ProducerFifo producerFifo() {
    return producerFifo;
  }

  // --- settings ---

  /** How many bytes a read takes at most: {@code ac_in_buffer_size}. An override counts, too. */
  public int acInBufferSize() {
    return acInBufferSize;
  }

  /** Sets {@link #acInBufferSize()}, from 1 on. */
  public void acInBufferSize(int byteCount) {
    if (byteCount < 1) throw new IllegalArgumentException("acInBufferSize < 1: " + byteCount);
    acInBufferSize = byteCount;
  }

  /** How many bytes a piece has at most: {@code ac_out_buffer_size}. An override counts, too. */
  public int acOutBufferSize() {
    return acOutBufferSize;
  }

  /** Sets {@link #acOutBufferSize()}, from 1 on. */
  public void acOutBufferSize(int byteCount) {
    if (byteCount < 1) throw new IllegalArgumentException("acOutBufferSize < 1: " + byteCount);
    acOutBufferSize = byteCount;
  }

  /** Whether a text may be a terminator: {@code use_encoding}, false unless set. */
  public boolean useEncoding() {
    return useEncoding;
  }

  /** Sets {@link #useEncoding()}. */
  public void useEncoding(boolean useEncoding) {
    this.useEncoding = useEncoding;
  }

  /** How a terminator's text becomes bytes: {@code encoding}, Latin-1 unless set. */
  public Charset encoding() {
    return encoding;
  }

  /** Sets {@link #encoding()}. */
  public void encoding(Charset encoding) {
    this.encoding = Objects.requireNonNull(encoding, "encoding is null");
  }

  /** How many bytes may come between two terminators; {@link #NO_LIMIT} unless set. */
  public long maxIncoming() {
    return maxIncoming;
  }

  /**
   * Limits the length of a message, however it is cut, whatever its terminator; without a
   * terminator it limits all that comes. The first bytes too many, and the rest of their message
   * with its terminator, are dropped and {@code handleError} gets one {@link
   * IncomingLimitException}: its default closes the channel; an override that does not gets the
   * next message as usual, or what a terminator that it sets finds from here on. Costs at most so
   * many bytes and the terminator's length.
   *
   * @param byteCount from 1 on, or {@link #NO_LIMIT}
   */
  public void maxIncoming(long byteCount) {
    if (byteCount < 1) throw new IllegalArgumentException("maxIncoming < 1: " + byteCount);
    maxIncoming = byteCount;
  }

  /** How many bytes may be queued; {@link #NO_LIMIT} unless set. */
  public long maxOutgoing() {
    return maxOutgoing;
  }

  /**
   * Limits {@link ProducerFifo#byteCount()} as pushes find it. A push beyond it queues nothing, and
   * this channel's {@code handleError} gets an {@link OutgoingLimitException}: its default closes
   * the channel, an override may keep it; whoever pushed goes on. Producers are not limited, as
   * they are asked for one piece at a time.
   *
   * @param byteCount from 1 on, or {@link #NO_LIMIT}
   */
  public void maxOutgoing(long byteCount) {
    if (byteCount < 1) throw new IllegalArgumentException("maxOutgoing < 1: " + byteCount);
    maxOutgoing = byteCount;
  }
}
