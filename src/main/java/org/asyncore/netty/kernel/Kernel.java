package org.asyncore.netty.kernel;

import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.asyncore.netty.loop.Gate;
import org.asyncore.netty.loop.GatedIoHandler;
import org.asyncore.netty.loop.TurnEventLoop;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;

/**
 * What is different between epoll and NIO: how channels are made, and what can be asked of the
 * socket below a channel. Epoll asks the system; NIO, whose channels hide it, answers from what is
 * known.
 *
 * <p>Stateless, but for the numbers that NIO deals. Errors of the system are {@link
 * org.asyncore.transport.OsException}s.
 */
public interface Kernel {
  String name();

  GatedIoHandler.Factory handlers();

  /** Whether hang-ups, and how a connect ended, are not told as events: NIO. */
  boolean hidesHangUps();

  /** A stream channel, neither bound nor connected. */
  Channel newStream(Family family);

  /**
   * A stream socket that somebody else has made, over the channel that owns its descriptor now.
   *
   * @param channel connected or listening, as the socket is; no loop has it yet
   * @param error what SO_ERROR told of the connection, which asking cleared
   */
  record OpenSocket(Channel channel, Family family, boolean isListening, Errno error) {}

  /**
   * A stream socket over a descriptor that is open already, connected or listening, which is the
   * channel's from now on. One that is refused stays as it was.
   */
  OpenSocket open(int descriptor);

  /** Gives up the descriptor of a channel that no loop has any more, and says which it is. */
  int detach(Channel channel);

  /** Whether a channel, whoever has made it, is a stream that this kernel can send on past it. */
  boolean isStream(Channel channel);

  /** The part that knows files and pipes. */
  Descriptors descriptors();

  /** The part that knows datagram channels. */
  Datagrams datagrams();

  /**
   * A listening channel in the place of a stream channel, which is used up.
   *
   * @param isBound whether it has a local address
   */
  Channel listen(Channel stream, Family family, boolean isBound, int backlog);

  /** Parts with the stream channel in whose place another one listens now. */
  void discard(Channel stream, Gate gate);

  /** Changes the backlog of a channel that listens already. */
  void listenAgain(Channel listening, int backlog);

  /** The number for a new channel. */
  int dealNumber(Channel channel);

  /**
   * The number of a socket whose descriptor is about to be the system's again: one that no
   * descriptor has.
   *
   * @param before the number that it has
   */
  int numberAfterLoss(int before);

  /** Takes back a number that was dealt. */
  void returnNumber(int number);

  /** Reads and clears SO_ERROR. */
  Errno takeError(Channel channel);

  /** Whether a connect under way is up, or on NIO has failed, whatever the channel knows. */
  boolean connectHasEnded(Channel channel);

  /** Binds past the channel. */
  void bindNow(Channel channel, SocketAddress address);

  /**
   * Connects past the channel: one that has been connected or connecting before, or for a thread
   * without the turn. Channels that are told to connect while that is under way take it over.
   *
   * @return as {@code connect_ex}; {@link Errno#EALREADY} also for one that has just begun
   */
  Errno connectNow(Channel channel, SocketAddress address);

  /** A connected channel in the place of one that was connected past it; null if it is not up. */
  Channel connected(Channel channel, Family family);

  /** Whether a connect past the channel has failed, and the system is to tell of it. */
  boolean connectHasFailed(Channel channel);

  /** Whether a failed connect has closed what is below the channel. */
  boolean isSpent(Channel channel);

  /**
   * Receives on a stream past the channel: one that is not connected, or for a thread without the
   * turn.
   *
   * @return how many bytes came; 0 at the end of the stream
   */
  int recvNow(Channel channel, ByteBuffer target);

  /** Sends as {@link #recvNow} receives; the position moves behind what was taken. */
  int sendNow(Channel channel, ByteBuffer data);

  /** The local address, as the JDK's type. */
  SocketAddress localAddress(Channel channel, Family family);

  /** The peer's address, as the JDK's type, or null if there is none. */
  SocketAddress remoteAddress(Channel channel, Family family);

  /**
   * Has a loop let go of channels that were just closed: a selector else keeps them open, for their
   * peers and for whoever wants their addresses, until it is looked into again.
   */
  void letGoOfClosed(TurnEventLoop loop);

  /**
   * Receives the urgent byte that waits.
   *
   * @param others gets bytes that had to be read on the way to it, for {@code recv}
   */
  byte recvUrgent(Channel channel, ReceiveBuffer others);

  /** Sends bytes of which the last one is urgent. */
  int sendUrgent(Channel channel, byte[] data);
}
