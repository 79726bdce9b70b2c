/**
 * Python's {@code asynchat} for Java: protocols that take turns, such as SMTP, NNTP, FTP or a chat.
 *
 * <p>Subclass {@link org.asyncore.asynchat.AsyncChat}, say with {@code setTerminator} what ends a
 * message, and get the bytes before it in {@code collectIncomingData} and its end in {@code
 * foundTerminator}. Output is a queue of bytes and {@link org.asyncore.asynchat.Producer}s.
 *
 * <p>Every piece, call and refusal is CPython 3.11's; the cost is not: input and output of N bytes
 * cost O(N), however they are cut.
 */
@NullMarked
package org.asyncore.asynchat;

import org.jspecify.annotations.NullMarked;
