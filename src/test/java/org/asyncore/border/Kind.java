package org.asyncore.border;

/** The class that a program's dispatcher extends. */
enum Kind {
  PLAIN,
  WITH_SEND,
  CHAT
}
