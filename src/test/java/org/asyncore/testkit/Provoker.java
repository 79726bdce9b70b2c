package org.asyncore.testkit;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.migrate.DispatcherHandler;

/**
 * Stands just in front of a dispatcher and fires one event when it is armed: as soon as anything
 * passes it, so on the stack of whatever call that comes from.
 */
public final class Provoker extends ChannelDuplexHandler {
  /** What it gives out for bytes that nobody sent; no byte of a peer's is this one. */
  public static final byte PROVOKED = -2;

  public static final int PROVOKED_BYTES = 5;

  private final Consumer<String> note;
  private final Runnable peerEnds;
  private final Runnable peerResets;

  private final boolean isLate;

  private ChannelHandlerContext context;
  private Entry armed;

  /**
   * One that is not armed yet.
   *
   * @param note is told of what it fires
   * @param peerEnds has the peer end its connection
   * @param peerResets has the peer break it
   * @param isLate whether it fires behind what passes, and not in front of it
   */
  public Provoker(Consumer<String> note, Runnable peerEnds, Runnable peerResets, boolean isLate) {
    this.note = note;
    this.peerEnds = peerEnds;
    this.peerResets = peerResets;
    this.isLate = isLate;
  }

  /** Goes to its place, whoever calls the dispatcher. */
  public Provoker standBefore(Channel channel) {
    addBeforeDispatcher(channel.pipeline(), this);
    return this;
  }

  /** Adds a handler just in front of a dispatcher, whoever calls that. */
  public static void addBeforeDispatcher(ChannelPipeline pipeline, ChannelHandler handler) {
    ChannelHandlerContext host = pipeline.context(DispatcherHandler.class);
    if (host != null) pipeline.addBefore(host.name(), null, handler);
    else if (pipeline.get(DispatcherChannels.DISPATCHER) == null) pipeline.addFirst(handler);
    else pipeline.addBefore(DispatcherChannels.DISPATCHER, null, handler);
  }

  public void arm(Entry entry) {
    armed = entry;
  }

  /** Fires, if it has not. */
  public void fire() {
    if (armed == null || context.isRemoved()) return;
    Entry entry = armed;
    armed = null;
    note.accept("it comes: " + entry);
    fire(entry);
  }

  private void fire(Entry entry) {
    switch (entry) {
      case ACTIVE -> context.fireChannelActive();
      case READ -> context.fireChannelRead(context.alloc().buffer().writeBytes(provoked()));
      case READ_COMPLETE -> context.fireChannelReadComplete();
      case UNREGISTERED -> context.fireChannelUnregistered();
      case USER_EVENT -> context.fireUserEventTriggered("an event");
      case WRITABILITY -> context.fireChannelWritabilityChanged();
      case HANDLER_ADDED -> context.pipeline().addFirst(new ChannelInboundHandlerAdapter());
      case HANDLER_REMOVED -> context.pipeline().remove(this);
      case INACTIVE -> context.fireChannelInactive();
      case INPUT_SHUTDOWN -> context.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
      case PROMISE_FAILS -> armed = entry; // At the next write.
      case EXCEPTION -> context.fireExceptionCaught(new IOException("provoked"));
      case ERROR -> context.fireExceptionCaught(new AssertionError("provoked"));
      case CLOSE -> context.close();
      case DISCONNECT -> context.disconnect();
      case PEER_ENDS -> peerEnds.run();
      case PEER_RESETS -> peerResets.run();
    }
  }

  private static byte[] provoked() {
    byte[] bytes = new byte[PROVOKED_BYTES];
    Arrays.fill(bytes, PROVOKED);
    return bytes;
  }

  private void passing(Runnable onwards) {
    if (!isLate) fire();
    onwards.run();
    if (isLate) fire();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void write(ChannelHandlerContext here, Object message, ChannelPromise promise) {
    if (armed == Entry.PROMISE_FAILS) {
      armed = null;
      ReferenceCountUtil.release(message);
      promise.tryFailure(new IOException("provoked"));
      return;
    }
    passing(() -> here.write(message, promise));
  }

  @Override
  public void flush(ChannelHandlerContext here) {
    passing(here::flush);
  }

  @Override
  public void read(ChannelHandlerContext here) {
    passing(here::read);
  }

  @Override
  public void close(ChannelHandlerContext here, ChannelPromise promise) {
    passing(() -> here.close(promise));
  }

  @Override
  public void channelRead(ChannelHandlerContext here, Object message) {
    passing(() -> here.fireChannelRead(message));
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext here) {
    passing(here::fireChannelReadComplete);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext here) {
    passing(here::fireChannelWritabilityChanged);
  }
}
