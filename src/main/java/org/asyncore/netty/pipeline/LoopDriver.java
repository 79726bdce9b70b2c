package org.asyncore.netty.pipeline;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import java.net.SocketAddress;
import java.util.function.Consumer;
import org.asyncore.netty.kernel.Addresses;
import org.asyncore.netty.kernel.DescriptorNumbers;
import org.asyncore.netty.kernel.Kernel;
import org.asyncore.netty.kernel.Options;
import org.asyncore.netty.loop.Gate;
import org.asyncore.netty.loop.IdleGate;
import org.asyncore.netty.loop.LoopBuffers;
import org.asyncore.netty.socket.HandedOver;
import org.asyncore.netty.socket.HeldSends;
import org.asyncore.netty.socket.NettyPollster;
import org.asyncore.netty.socket.Polled;
import org.asyncore.netty.socket.ReadinessHandler;
import org.asyncore.netty.socket.RecvAllocator;
import org.asyncore.netty.socket.Reopening;
import org.asyncore.netty.socket.SocketLoop;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.Transport;

/**
 * Serves a dispatcher whose connection has a pipeline from the loop of its map: the gate is open,
 * bytes come through the pipeline when they like, and a pass is answered by what has arrived at the
 * end of it. What callbacks send leaves as {@link HeldSends.Pace} says, at the latest after them.
 *
 * <p>For the holder of the turn, which calls of the program take.
 */
public final class LoopDriver extends Polled implements PipelineDriver {
  private final PipelineSocket socket;

  /** Who hears of what handlers tell, on the loop's turn, in the middle of I/O. */
  private Consumer<Object> userEvents = event -> {};

  /** What another channel is to be like if the connect under way fails; null before. */
  private Reopening reopening;

  private LoopDriver(SocketLoop loop, int number, Family family) {
    super(loop);
    socket = new PipelineSocket(this, number, family);
  }

  /** Takes over what a socket without a pipeline has left. */
  public static LoopDriver over(HandedOver handed, Consumer<Object> userEvents) {
    LoopDriver driver = new LoopDriver(handed.loop(), handed.number(), handed.family());
    handed.successor().accept(driver.socket);
    driver.userEvents = userEvents;
    driver.socket.holder(handed.holder());
    driver.socket.activity(handed.activity());
    driver.takeEnd(handed.channel());
    handed.reads().readFreely(handed.channel(), driver.socket.stream().in);
    driver.own(handed.gate());
    if (handed.unread() != null) driver.socket.stream().received(handed.unread());
    if (handed.ended()) driver.socket.stream().in.end();
    if (handed.connect() != null) driver.socket.connect().resume(handed.connect());
    if (handed.error() != Errno.OK) driver.socket.connect().fail(handed.error());
    driver.changed();
    return driver;
  }

  /** Serves a connection that was accepted, whose channel no loop has yet. */
  public static LoopDriver over(SocketLoop loop, Family family, Channel child) {
    LoopDriver driver = new LoopDriver(loop, loop.kernel().dealNumber(child), family);
    ChannelConfig config = child.config();
    config.setAutoClose(false);
    Options.allowHalfClosure(config);
    driver.gate(new IdleGate(null, () -> {})); // Until it is registered.
    driver.takeEnd(child);
    driver.readFreely(child);
    driver.own(driver.register(child, loop));
    driver.changed();
    return driver;
  }

  /** Takes over a native channel of this loop: up, under way, half-closed or closed. */
  public static LoopDriver over(SocketLoop loop, Channel live, Consumer<Object> userEvents) {
    boolean isOpen = live.isOpen();
    int number = isOpen ? loop.kernel().dealNumber(live) : DescriptorNumbers.deal();
    Family family = Addresses.familyOf(live.localAddress());
    LoopDriver driver = new LoopDriver(loop, number, family);
    driver.userEvents = userEvents;
    driver.takeEnd(live);
    if (RecvAllocator.InputEnd.isNeededBy(live)) driver.readFreely(live);
    Gate gate = loop.eventLoop().handler().gateOf(live);
    driver.own(gate == null ? new IdleGate(null, () -> {}) : gate);
    driver.socket.stream().adopt();
    if (isOpen && !live.isActive()) driver.socket.connect().awaitUp();
    driver.changed();
    return driver;
  }

  /** For a channel that has not read yet. */
  private void readFreely(Channel channel) {
    RecvAllocator reads = new RecvAllocator(this);
    channel.config().setRecvByteBufAllocator(reads);
    reads.readFreely(channel, socket.stream().in);
  }

  private void takeEnd(Channel channel) {
    PipelineEnd end = new PipelineEnd(socket);
    if (channel.pipeline().get(ReadinessHandler.class) == null) {
      channel.pipeline().addLast(PipelineEnd.NAME, end);
    } else {
      channel.pipeline().replace(ReadinessHandler.class, PipelineEnd.NAME, end);
    }
    socket.take(channel.pipeline().context(end));
  }

  private void own(Gate gate) {
    gate(gate);
    gate.owner(this);
    gate.watch(null);
  }

  public PipelineSocket socket() {
    return socket;
  }

  // --- asking ---

  @Override
  protected void registered() {
    gate().watch(null);
  }

  /** A dispatcher that does not read leaves bytes in the kernel, as far as that can be known. */
  @Override
  protected void wanted(boolean wanted) {
    socket.stream().wanted(wanted);
    socket.stream().updateReading();
  }

  @Override
  protected int digest(int events) {
    return known();
  }

  @Override
  public boolean isClosed() {
    return socket.isClosed();
  }

  @Override
  public Channel channel() {
    return socket.channel();
  }

  @Override
  protected void descriptorLost() {
    socket.number().change(kernel().numberAfterLoss(socket.fileno()));
  }

  @Override
  protected void refused(Errno why) {
    socket.connect().fail(why);
    known(socket.readiness());
  }

  // --- the socket's calls ---

  @Override
  public Transport transport() {
    return socketLoop().transport();
  }

  @Override
  public boolean mayCall() {
    return true; // When its turn comes.
  }

  @Override
  public boolean enterUnlessCalling(String call) {
    return enterUnlessCalling();
  }

  @Override
  public void close(Runnable closing) {
    noteCloser();
    if (!enterUnlessCalling()) {
      handOver(closing);
      return;
    }
    try {
      closing.run();
    } finally {
      exit();
    }
  }

  @Override
  public void sent() {
    PipelineOutput out = socket.stream().out;
    if (maySendLater()) out.sent(pass(), socketLoop().heldSends(), isGivingOut());
    else out.flush();
  }

  private boolean isGivingOut() {
    return socketLoop().readsAhead() && socket.stream().in.hasBytes();
  }

  @Override
  public boolean holdsBack(NettyPollster pass) {
    return isGivingOut() && isReadBy(pass);
  }

  @Override
  public void used() {
    if (socketLoop().eventLoop().isCalling()) known(socket.readiness()); // No pass waits.
    else changed();
  }

  @Override
  public LoopBuffers buffers() {
    return socketLoop().eventLoop().buffers();
  }

  @Override
  public Kernel past(Channel channel) {
    return kernel().isStream(channel) ? kernel() : null;
  }

  @Override
  public boolean forgetsEnded() {
    return false; // Its gate keeps it.
  }

  @Override
  public boolean keepsRegistration(Runnable then) {
    return false; // Its gate does.
  }

  // --- news ---

  @Override
  public void up() {
    lookAgain(); // Now it can be asked whether something has come, too.
    changed();
  }

  @Override
  public void writable() {
    changed();
  }

  /** Something new is known: tells the pass that waits for it. */
  @Override
  public void changed() {
    if (isClosed()) return;
    known(socket.readiness());
    if (known() != 0) found(0);
  }

  @Override
  public void event(Object event) {
    if (!isClosed()) userEvents.accept(event);
  }

  @Override
  public void cutOff() {
    socket.stream().cutOff();
  }

  // --- names, numbers, and the end ---

  /** What Netty knows is as good where the system cannot be asked, in the middle of a callback. */
  @Override
  public SocketAddress localAddress() {
    if (!enterUnlessCalling()) {
      SocketAddress known = channel().localAddress();
      return known == null ? null : Addresses.fromNetty(known);
    }
    try {
      boolean isOpen = channel().isOpen();
      return isOpen ? kernel().localAddress(channel(), socket.family()) : null;
    } finally {
      exit();
    }
  }

  @Override
  public SocketAddress remoteAddress() {
    if (!enterUnlessCalling()) {
      boolean isKnown = channel().remoteAddress() != null;
      return isKnown ? Addresses.peerOf(channel(), socket.family()) : null;
    }
    try {
      boolean isOpen = channel().isOpen();
      return isOpen ? kernel().remoteAddress(channel(), socket.family()) : null;
    } finally {
      exit();
    }
  }

  @Override
  public void returnNumber(int number) {
    kernel().returnNumber(number);
    known(Readiness.NVAL);
  }

  @Override
  public void connects() {
    reopening = Reopening.of(channel());
  }

  @Override
  public void detached() {
    gate().owner(null);
  }

  @Override
  public boolean reopen() {
    Channel spent = channel();
    gate().owner(null);
    if (spent.isOpen()) spent.close();
    letGo(); // Its name is free then.
    Channel another = kernel().newStream(socket.family());
    reopening.onto(another, spent, this::takeEnd);
    int before = socket.fileno();
    socket.number().change(kernel().dealNumber(another));
    kernel().returnNumber(before);
    own(register(another, socketLoop()));
    reopening.bind(another);
    changed();
    return true;
  }

  @Override
  public void closed() {
    if (!channel().isOpen()) {
      letGo();
      return;
    }
    SocketLoop waiting = socketLoop(); // A loop that ends waits for it.
    waiting.backlogged(this, true);
    channel()
        .closeFuture()
        .addListener(
            closed -> {
              waiting.backlogged(this, false);
              letGo();
            });
  }

  /** The peer is to know now, not when somebody loops again, which may be never. */
  private void letGo() {
    kernel().letGoOfClosed(socketLoop().eventLoop());
  }
}
