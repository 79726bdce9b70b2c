package org.asyncore.transport;

/**
 * The two ends of a new pipe: what Python's {@code os.pipe} returns.
 *
 * @param reader gives the bytes, then the end when all copies of the writer are closed
 * @param writer takes bytes
 */
public record Pipe(PipeEnd reader, PipeEnd writer) {}
