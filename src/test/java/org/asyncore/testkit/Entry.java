package org.asyncore.testkit;

/** What may come out of Netty, or end a channel, at any instant: on the stack of any call. */
public enum Entry {
  ACTIVE,
  READ,
  READ_COMPLETE,
  UNREGISTERED,
  USER_EVENT,
  WRITABILITY,
  HANDLER_ADDED,
  HANDLER_REMOVED,
  /** That the channel is gone, of one that is not. */
  INACTIVE,
  /** That the peer has ended its stream, of one that has not. */
  INPUT_SHUTDOWN,
  /** Of a write; the bytes are gone. */
  PROMISE_FAILS,
  EXCEPTION,
  ERROR,
  CLOSE,
  DISCONNECT,
  PEER_ENDS,
  PEER_RESETS;

  /** Whether a handler makes up what the channel has not had: bytes, an error. */
  public boolean isMadeUp() {
    return this == PROMISE_FAILS || this == EXCEPTION || this == ERROR;
  }

  /** Whether the dispatcher may take it for the end of its connection. */
  public boolean mayEnd() {
    return this == INACTIVE || this == INPUT_SHUTDOWN || ends();
  }

  /** Whether it is one, that the dispatcher has to be told of. */
  public boolean ends() {
    return switch (this) {
      case PROMISE_FAILS, EXCEPTION, ERROR, CLOSE, DISCONNECT, PEER_ENDS, PEER_RESETS -> true;
      default -> false;
    };
  }
}
