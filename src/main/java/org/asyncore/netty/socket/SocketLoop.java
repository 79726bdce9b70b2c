package org.asyncore.netty.socket;

import io.netty.channel.Channel;
import org.asyncore.netty.kernel.Kernel;
import org.asyncore.netty.loop.TurnEventLoop;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.asyncore.transport.Transport;

/** What a socket, and a pass over sockets, ask of the loop that serves them. */
public interface SocketLoop {
  /** What its sockets say that they are of. */
  Transport transport();

  Kernel kernel();

  TurnEventLoop eventLoop();

  /** What callbacks have sent that is to leave after them. */
  HeldSends heldSends();

  /** Whether bytes are received before they are asked for. */
  boolean readsAhead();

  /** The socket of a connection that was accepted, whose channel no loop has yet. */
  AsyncSocket accepted(Family family, Channel child);

  /** Says whether a socket, open or closed, has bytes that the kernel did not take yet. */
  void backlogged(Unsent socket, boolean isBacklogged);

  /** What may have bytes that the kernel has no room for, and for which a loop that ends waits. */
  interface Unsent {
    /** Whether nobody sends there any more, so that the loop that ends is the last to see to it. */
    boolean isClosed();

    /** Waits no longer: closes the channel, and resets the peer if it does not get all. */
    void cutOff();
  }
}
