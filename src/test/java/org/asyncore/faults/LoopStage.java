package org.asyncore.faults;

import io.netty.channel.EventLoopGroup;
import java.net.SocketAddress;
import java.util.function.Consumer;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.ExitNow;
import org.asyncore.SocketMap;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.migrate.Tls;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.SocketType;

/** A map that is looped over. */
final class LoopStage implements Stage {
  private final SocketMap map;
  private final Secrets secrets;

  /** Keeps the loop from ending, which would wait for closed channels, and so for the peer. */
  private final Dispatcher anchor;

  LoopStage(String transport, Secrets secrets) {
    this.secrets = secrets;
    map = new SocketMap(transport);
    anchor = new Anchor(map);
  }

  private static final class Anchor extends Dispatcher {
    Anchor(SocketMap map) {
      super(map);
      createSocket(Family.INET, SocketType.DGRAM);
    }

    @Override
    public boolean readable() {
      return false;
    }

    @Override
    public boolean writable() {
      return false;
    }
  }

  @Override
  public SocketMap map() {
    return map;
  }

  @Override
  public EventLoopGroup group() {
    return DispatcherChannels.eventLoopGroup(map);
  }

  @Override
  public int population() {
    return map.size() - 1;
  }

  @Override
  public void pass(boolean usePoll, long waitMillis, Runnable first) {
    first.run();
    try {
      Asyncore.loop(waitMillis / 1000.0, usePoll, map, 1);
    } catch (ExitNow | Conduct.Planned planned) {
      // The loop is entered again.
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted in a pass", e);
    }
  }

  @Override
  public void connect(Plan plan, SocketAddress address, Casting casting, Consumer<Subject> made) {
    Subject subject = casting.over(null, map);
    made.accept(subject);
    Dispatcher dispatcher = subject.dispatcher();
    dispatcher.createSocket(plan.family(), plan.socketType());
    prepare(plan, subject);
    try {
      dispatcher.connect(address);
    } catch (ExitNow planned) {
      // A Unix socket is connected before this returns: its callback threw.
    } catch (OsException | Conduct.Planned refused) {
      subject.conduct().hasGivenUp = true;
      dispatcher.close();
    }
  }

  private void prepare(Plan plan, Subject subject) {
    Dispatcher dispatcher = subject.dispatcher();
    switch (plan.host()) {
      case PIPED -> DispatcherChannels.pipeline(dispatcher).addFirst(new Passive());
      case LOOP_TLS -> {
        if (plan.isClient()) Tls.start(dispatcher, secrets.ofClient(), "localhost", 443);
        else Tls.start(dispatcher, secrets.ofServer());
      }
      default -> {}
    }
    if (plan.host() != Plan.Host.LOOP)
      subject.conduct().meddler.standIn(DispatcherChannels.channel(dispatcher));
  }

  @Override
  public SocketAddress listen(
      Plan plan, SocketAddress address, Casting casting, Consumer<Subject> made) {
    return new Listener(plan, address, casting, made).socket().getsockname();
  }

  private final class Listener extends Dispatcher {
    private final Plan plan;
    private final Casting casting;
    private final Consumer<Subject> made;

    Listener(Plan plan, SocketAddress address, Casting casting, Consumer<Subject> made) {
      super(LoopStage.this.map);
      this.plan = plan;
      this.casting = casting;
      this.made = made;
      createSocket(plan.family());
      bind(address);
      listen(1);
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      close();
      Subject subject = casting.over(socket, map());
      made.accept(subject);
      prepare(plan, subject);
      subject.greet();
    }
  }

  @Override
  public void clear() {
    for (Dispatcher each : map) {
      if (each != anchor) each.close();
    }
  }

  @Override
  public void close() {
    clear();
    anchor.close();
  }
}
