package org.asyncore.faults;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.util.ReferenceCountUtil;
import org.asyncore.SocketMap;
import org.asyncore.faults.Meddling.AutoRead;
import org.asyncore.faults.Meddling.Closer;
import org.asyncore.faults.Meddling.Moment;
import org.asyncore.fixture.Numbers;
import org.asyncore.fixture.Provoker;
import org.asyncore.fixture.Takers;

/** Does what a {@link Meddling} has others do, on the thread of the loop. */
final class Meddler implements AutoCloseable {
  private final Meddling meddling;
  private final Lifecycle life;
  private final SocketMap map;
  private final Takers takers;
  private final Flood.Running flood;
  private final Withholder withholder = new Withholder();
  private final Provoker provoker;
  private int calls;
  private Channel channel;
  private boolean isOver;

  Meddler(Plan plan, Stage stage, Lifecycle life, Runnable peerEnds, Runnable peerResets) {
    meddling = plan.meddling();
    this.life = life;
    map = stage.map();
    takers = new Takers(map);
    flood = new Flood.Running(meddling.flood(), map, stage.group());
    provoker = new Provoker(life::note, peerEnds, peerResets, meddling.isLate());
  }

  /** Goes to its places in a pipeline. */
  void standIn(Channel below) {
    channel = below;
    if (meddling.mayBreak()) below.closeFuture().addListener(closed -> takeOver());
    ChannelPipeline pipeline = below.pipeline();
    if (meddling.closer() == Closer.HANDLER) pipeline.addFirst(new CloseAtBytes(meddling.call()));
    if (meddling.autoRead() != AutoRead.LEFT_ALONE) pipeline.addFirst(new Setter());
    if (meddling.withholds()) Provoker.addBeforeDispatcher(pipeline, withholder);
    if (meddling.moment() != Moment.NEVER) provoker.standBefore(below);
  }

  /** Just when the descriptor is free. */
  private void takeOver() {
    if (isOver) return;
    life.note("the descriptor is free");
    takers.takeOver();
  }

  /** Before a pass. */
  void between() {
    flood.beforePass();
    if (channel == null || !channel.isRegistered()) return;
    if (channel.eventLoop().inEventLoop()) act();
    else channel.eventLoop().execute(this::act);
  }

  private void act() {
    if (meddling.autoRead() == AutoRead.ON) channel.config().setAutoRead(true);
    calling(Moment.BETWEEN);
    if (meddling.moment() == Moment.BETWEEN) provoker.fire();
    withholder.between();
  }

  /** The program begins a call. */
  void calling(Moment moment) {
    if (moment == meddling.moment() && channel != null && ++calls == meddling.call())
      provoker.arm(meddling.event());
  }

  /** How many dispatchers it has put into the map. */
  int population() {
    return takers.population();
  }

  /** What does not hold of the numbers; null if all does. */
  String fault() {
    String ofTakers = takers.fault();
    return ofTakers != null || map == null ? ofTakers : Numbers.fault(map);
  }

  Takers takers() {
    return takers;
  }

  @Override
  public void close() {
    isOver = true;
    flood.close();
    takers.close();
  }

  private static final class CloseAtBytes extends ChannelInboundHandlerAdapter {
    private int left;

    CloseAtBytes(int left) {
      this.left = left;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (--left != 0) {
        context.fireChannelRead(message);
        return;
      }
      ReferenceCountUtil.release(message);
      context.close();
    }
  }

  /** Sets auto-read as if it were the only one. */
  private final class Setter extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      boolean isShaped = meddling.autoRead() == AutoRead.SHAPED;
      context.channel().config().setAutoRead(!isShaped);
      if (isShaped) context.executor().execute(() -> context.channel().config().setAutoRead(true));
      context.fireChannelRead(message);
    }
  }
}
