package org.asyncore.internal;

/**
 * A socket that counts the calls made on it, so that whoever looks on can tell whether a callback
 * made one: not all of them pass through a dispatcher.
 */
public interface UseCount {
  /** How many calls there were; wraps around. For the thread that makes the calls. */
  int uses();
}
