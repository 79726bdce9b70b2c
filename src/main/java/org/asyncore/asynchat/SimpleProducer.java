package org.asyncore.asynchat;

import java.util.Arrays;
import java.util.Objects;

/** Gives an array in pieces: {@code asynchat.simple_producer}. */
public final class SimpleProducer implements Producer {
  /** The size of a piece if none is given, in bytes. */
  public static final int DEFAULT_BUFFER_SIZE = 512;

  private final byte[] data;
  private final int bufferSize;

  /** Where the next piece begins. */
  private int next;

  /** Gives {@code data} in pieces of 512 bytes. */
  public SimpleProducer(byte[] data) {
    this(data, DEFAULT_BUFFER_SIZE);
  }

  /**
   * Gives {@code data} in pieces.
   *
   * @param data not copied: leave it as it is until it is sent
   * @param bufferSize the size of a piece in bytes, from 1 on
   */
  public SimpleProducer(byte[] data, int bufferSize) {
    this.data = Objects.requireNonNull(data, "data is null");
    if (bufferSize < 1) throw new IllegalArgumentException("bufferSize < 1: " + bufferSize);
    this.bufferSize = bufferSize;
  }

  @Override
  public byte[] more() {
    byte[] piece = Arrays.copyOfRange(data, next, next + Math.min(bufferSize, data.length - next));
    next += piece.length;
    return piece;
  }
}
