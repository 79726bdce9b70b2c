package org.asyncore.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.asyncore.SocketMap;
import org.asyncore.faults.Plan.Ending;
import org.asyncore.faults.Plan.Meeting;
import org.asyncore.faults.Plan.Wire;
import org.asyncore.fixture.Warnings;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.asyncore.transport.Pipe;

/** Plays one plan, and tells what did not hold. */
final class Run {
  /** For as long nothing may move that is to end. */
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final byte[] JUNK = "GET / HTTP/1.0\r\n\r\n".getBytes(US_ASCII);
  private static final int PATIENCE_PASSES = 6;

  private final Plan plan;
  private final Stage stage;
  private final Secrets secrets;
  private final Path folder;
  private final Namer namer;
  private final Conduct conduct;
  private final Meddler meddler;
  private final List<String> wrong = new ArrayList<>();
  private final Warnings nettys = new Warnings("io.netty");
  private final List<AutoCloseable> toClose = new ArrayList<>();

  private Subject subject;
  private Faulty peer;
  private int passes;

  /** Over UDP nobody learns that the other one is gone. */
  private int passesAlone;

  private Run(Plan plan, Stage stage, Secrets secrets, Path folder, Namer namer) {
    this.plan = plan;
    this.stage = stage;
    this.secrets = secrets;
    this.folder = folder;
    this.namer = namer;
    conduct = new Conduct(plan);
    meddler = new Meddler(plan, stage, conduct.life, () -> vanish(false), () -> vanish(true));
    conduct.meddler = meddler;
  }

  /** What was wrong, one a line; none if all held. */
  static List<String> of(Plan plan, Stage stage, Secrets secrets, Path folder, Namer namer) {
    Run run = new Run(plan, stage, secrets, folder, namer);
    Census before = Census.take();
    try {
      run.play();
      run.judge(before);
    } catch (Exception | AssertionError e) {
      run.wrong.add(
          e + " at " + e.getStackTrace()[0] + (e.getCause() == null ? "" : " by " + e.getCause()));
    } finally {
      run.cleanUp();
    }
    if (!run.wrong.isEmpty()) run.wrong.add("callbacks:\n    " + run.conduct.life.log());
    return run.wrong;
  }

  private void pass() {
    pass(0);
  }

  private void pass(long waitMillis) {
    int number = ++passes;
    stage.pass(
        plan.usePoll(),
        waitMillis,
        () -> {
          conduct.life.pass(number);
          meddler.between();
        });
    String fault = meddler.fault();
    if (fault != null && wrong.isEmpty()) wrong.add("pass " + number + ": " + fault);
  }

  private void vanish(boolean isReset) {
    if (peer != null) peer.vanish(isReset);
  }

  private void play() throws Exception {
    meet();
    if (peer == null) {
      end();
      return;
    }
    for (Step step : plan.steps()) peer.play(step);
    end();
  }

  // --- how they meet ---

  private void meet() throws Exception {
    if (plan.wire().isPipe()) meetThroughAPipe();
    else if (plan.wire().isUdp()) meetByDatagrams();
    else if (plan.isClient()) meetAsClient();
    else meetAsServer();
  }

  private void meetThroughAPipe() {
    Pipe pipe = stage.map().transport().pipe();
    boolean in = plan.wire() == Wire.PIPE_IN;
    subject = new FileSubject((in ? pipe.reader() : pipe.writer()).fileno(), stage.map(), conduct);
    (in ? pipe.reader() : pipe.writer()).close();
    peer =
        new Faulty(
            new Link.Pipe(in ? pipe.writer() : pipe.reader(), !in),
            new Codec.Plain(),
            plan,
            this::pass);
  }

  private void meetByDatagrams() throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    channel.configureBlocking(false);
    channel.bind(new InetSocketAddress(loopback(), 0));
    Link.Datagrams link =
        new Link.Datagrams(channel, plan.recvSize(), () -> conduct.received, this::isLeft);
    peer = new Faulty(link, new Codec.Plain(), plan, this::pass);
    SocketAddress address = channel.getLocalAddress();
    if (plan.meeting() == Meeting.REFUSED) peer.play(new Step(Step.Act.RESET, 1));
    if (plan.isClient()) {
      conduct.life.needsConnect();
      stage.connect(plan, address, this::cast, made -> subject = made);
    } else {
      subject = new DatagramSubject(stage.map(), conduct, address);
      subject.dispatcher().createSocket(plan.family(), plan.socketType());
      subject.dispatcher().bind(new InetSocketAddress(loopback(), 0));
    }
    if (isLeft() || isGone()) return;
    link.to(subject.dispatcher().socket().getsockname());
    if (plan.meeting() == Meeting.RESET_AT_ONCE) peer.play(new Step(Step.Act.RESET, 1));
  }

  private boolean isLeft() {
    return conduct.life.hasClosed();
  }

  private void meetAsClient() throws Exception {
    conduct.life.needsConnect();
    ServerSocketChannel door = door();
    try {
      SocketAddress address = door.getLocalAddress();
      if (plan.meeting() == Meeting.REFUSED) door.close();
      if (plan.meeting() == Meeting.BLACK_HOLE) fillBacklog(address);
      stage.connect(plan, address, this::cast, made -> subject = made);
      if (plan.meeting() == Meeting.BLACK_HOLE) giveUp();
      if (plan.meeting() == Meeting.WELL || plan.meeting() == Meeting.RESET_AT_ONCE) welcome(door);
    } finally {
      door.close();
    }
  }

  private ServerSocketChannel door() throws IOException {
    ServerSocketChannel door;
    if (plan.wire() == Wire.UNIX) {
      door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      door.bind(unixAddress());
    } else {
      door = ServerSocketChannel.open();
      if (plan.socketBuffer() > 0)
        door.setOption(StandardSocketOptions.SO_RCVBUF, plan.socketBuffer());
      door.bind(new InetSocketAddress(loopback(), 0), 1);
    }
    door.configureBlocking(false);
    return door;
  }

  private SocketAddress unixAddress() throws IOException {
    Path path = folder.resolve("s");
    Files.deleteIfExists(path);
    return UnixDomainSocketAddress.of(path);
  }

  private InetAddress loopback() throws IOException {
    byte[] address = plan.family() == Family.INET6 ? new byte[16] : new byte[] {127, 0, 0, 1};
    address[address.length - 1] = 1;
    return InetAddress.getByAddress(address);
  }

  /** So that whoever comes next is not answered. */
  private void fillBacklog(SocketAddress address) throws IOException {
    for (int i = 0; i < 2; i++) toClose.add(SocketChannel.open(address));
  }

  private void giveUp() {
    for (int i = 0; i < PATIENCE_PASSES; i++) pass();
    if (isLeft()) return;
    conduct.hasGivenUp = true;
    subject.dispatcher().close();
  }

  private void welcome(ServerSocketChannel door) throws IOException {
    SocketChannel accepted;
    for (int i = 0; (accepted = door.accept()) == null; i++) {
      if (isLeft() && plan.meddling().mayBreak()) return; // It was closed before.
      if (i == 10_000) throw new AssertionError("no connection comes");
      if (plan.host().isHosted()) pass();
      else Thread.onSpinWait();
    }
    linkTo(accepted);
    if (plan.meeting() == Meeting.RESET_AT_ONCE) peer.play(new Step(Step.Act.RESET, 1));
  }

  private void meetAsServer() throws IOException {
    SocketAddress any =
        plan.wire() == Wire.UNIX ? unixAddress() : new InetSocketAddress(loopback(), 0);
    SocketAddress address = stage.listen(plan, any, this::cast, made -> subject = made);
    if (!plan.meddling().name().isEmpty() && namer != null) {
      Path path = ((UnixDomainSocketAddress) any).getPath();
      linkTo(new Link.Native(namer.connect(plan.meddling().name(), path)));
      return;
    }
    SocketChannel channel =
        plan.wire() == Wire.UNIX
            ? SocketChannel.open(StandardProtocolFamily.UNIX)
            : SocketChannel.open();
    if (plan.socketBuffer() > 0)
      channel.setOption(StandardSocketOptions.SO_RCVBUF, plan.socketBuffer());
    channel.connect(address); // The kernel answers for the listener.
    linkTo(channel);
  }

  private void linkTo(SocketChannel channel) throws IOException {
    channel.configureBlocking(false);
    linkTo(new Link.Socket(channel, plan.wire().isTcp()));
  }

  private void linkTo(Link link) {
    Codec codec =
        plan.host().isTls()
            ? new Codec.Tls(secrets.handler(ByteBufAllocator.DEFAULT, !plan.isClient()))
            : new Codec.Plain();
    peer = new Faulty(link, codec, plan, this::pass);
    if (plan.meddling().closer() == Meddling.Closer.HANDSHAKE) peer.babble(JUNK);
  }

  private Subject cast(AsyncSocket socket, SocketMap map) {
    return switch (plan.style()) {
      case PLAIN -> new PlainSubject(socket, map, conduct);
      case WITH_SEND -> new BufferedSubject(socket, map, conduct);
      case CHAT -> new ChatSubject(socket, map, conduct);
    };
  }

  // --- how it ends ---

  private void end() {
    long moved = byteCount();
    long since = System.nanoTime();
    while (!isOver()) {
      if (moved != byteCount()) { // Tens of thousands of single bytes take their time.
        moved = byteCount();
        since = System.nanoTime();
      }
      if (System.nanoTime() - since > LIMIT_NANOS)
        throw new AssertionError("does not end: " + state());
      boolean hasMoved = peer != null && peer.goOn();
      pass(hasMoved ? 0 : 1);
      if (plan.wire().isUdp() && isGone() && ++passesAlone == PATIENCE_PASSES) giveUp();
    }
  }

  /** How many bytes have gone anywhere. */
  private long byteCount() {
    long peers = peer == null ? 0 : peer.sent + peer.received;
    return conduct.sent + conduct.received + peers;
  }

  private boolean isOver() {
    boolean isLeft = subject == null ? isGone() : isLeft();
    return isLeft && isGone() && others() == 0;
  }

  /** How many dispatchers of the run there are. */
  private int others() {
    return stage.population() - meddler.population();
  }

  private boolean isGone() {
    return peer == null || peer.isGone;
  }

  private String state() {
    return "dispatcher "
        + (subject == null ? "never made" : conduct.life.hasClosed() ? "closed" : "open")
        + ", sent "
        + conduct.sent
        + ", received "
        + conduct.received
        + (peer == null
            ? ""
            : ", peer "
                + (peer.isGone ? "gone" : "there")
                + ", sent "
                + peer.sent
                + ", received "
                + peer.received)
        + ", others "
        + others();
  }

  // --- what has to hold ---

  private void judge(Census before) {
    for (int i = 0; i < 3; i++) pass(); // Whoever is called now is called too late.
    wrong.addAll(conduct.life.wrong());
    if (conduct.corrupted() != null) wrong.add(conduct.corrupted());
    if (peer != null) judgeBytes();
    if (others() != 0) wrong.add("left in the map: " + others());
    judgeTakers();
    nettys.lines().stream().filter(line -> line.contains("was thrown by")).forEach(wrong::add);
    meddler.close();
    judgeDescriptors(before);
  }

  private void judgeBytes() {
    if (peer.corrupted() != null) wrong.add(peer.corrupted());
    if (peer.received > conduct.sent) wrong.add("more arrived than send took: " + state());
    if (conduct.received > peer.sent) wrong.add("more came than the peer sent: " + state());
    boolean isUnreadAtClose = peer.sent > conduct.received; // Closing it then is a reset.
    boolean isFile = plan.wire() == Wire.PIPE_IN;
    if (!plan.peerBreaks() && !isUnreadAtClose && !isFile) {
      if (peer.received != conduct.sent) wrong.add("not all that send took arrived: " + state());
      // Who has nothing to say may leave in the middle of a handshake.
      boolean isSilent = plan.host().isTls() && conduct.sent == 0;
      if (!isSilent && !peer.hasEndedWell())
        wrong.add("the peer saw no end, but a break: " + state());
    }
    boolean isHeard = plan.peerEnds() && !plan.peerBreaks() && plan.ending() == Ending.WITH_PEER;
    if (plan.wire().isPipe() && plan.usePoll()) isHeard = false; // The hang-up overtakes the bytes.
    if (isHeard && !conduct.hasGivenUp && conduct.received != peer.sent) {
      wrong.add("not all that the peer sent was received: " + state());
    }
  }

  /** Who took a descriptor over gets what is his. */
  private void judgeTakers() {
    meddler.takers().ask();
    long start = System.nanoTime();
    while (!meddler.takers().haveAnswered()) {
      if (System.nanoTime() - start > LIMIT_NANOS) {
        wrong.add("who took the descriptor over gets no bytes");
        return;
      }
      pass(1);
    }
  }

  private void judgeDescriptors(Census before) {
    long start = System.nanoTime();
    for (AutoCloseable each : toClose) closeQuietly(each);
    while (Census.take().size() > before.size()) {
      if (System.nanoTime() - start > LIMIT_NANOS / 5) {
        wrong.add("left open: " + Census.take().since(before));
        return;
      }
      pass(1);
    }
  }

  private void closeQuietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      throw new AssertionError(resource + " does not close", e);
    }
  }

  private void cleanUp() {
    for (AutoCloseable each : toClose) closeQuietly(each);
    if (peer != null) peer.close();
    meddler.close();
    nettys.close();
    if (!wrong.isEmpty()) stage.clear();
  }
}
