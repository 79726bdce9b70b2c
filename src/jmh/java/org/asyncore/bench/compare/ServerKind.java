package org.asyncore.bench.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.asyncore.bench.load.Scenario;
import org.asyncore.bench.load.Scenario.Shape;

/**
 * What can be compared.
 *
 * <p>Another way to serve is one more constant here and one more class in {@code bench.server}.
 */
public enum ServerKind {
  /**
   * A handler in Netty's own loop, as an expert writes it: what the others are measured against.
   */
  NETTY("netty", "Netty handler", "netty", "netty-lines"),
  /** The same on io_uring. */
  NETTY_IO_URING("netty-io-uring", "Netty, io_uring", "netty-io-uring", "netty-io-uring-lines"),
  /** The same with reads of the size that the scenario's recv asks for. */
  NETTY_FIXED("netty-fixed", "Netty, reads of that size", "netty-fixed", null),
  /** A handler that copies to an array and back. */
  NETTY_ARRAYS("netty-arrays", "Netty, byte[]", "netty-arrays", null),
  /** Netty's line decoder, and a handler that answers line by line. */
  NETTY_CODEC("netty-codec", "Netty, LineBasedFrameDecoder", null, "netty-codec-lines"),
  /** The JDK's selector and nothing else. */
  NIO("nio", "plain java.nio loop", "nio", null),
  /** {@code recv(n)} and {@code send(byte[])} in {@code loop()}. */
  SHIM_BYTES("shim-bytes", "asyncore, byte[]", "shim-bytes", null),
  /** As {@link #SHIM_BYTES}, its predicates asked only when touched. */
  SHIM_ON_TOUCH("shim-on-touch", "asyncore, byte[], on touch", "shim-on-touch", null),
  /** As {@link #SHIM_BYTES}, read ahead of small recvs. */
  SHIM_READ_AHEAD("shim-read-ahead", "asyncore, byte[], readAhead", "shim-read-ahead", null),
  /** As {@link #SHIM_BYTES}, looking for events for 1 ms before it sleeps. */
  SHIM_BUSY_POLL("shim-busy-poll", "asyncore, byte[], busyPoll", "shim-busy-poll", null),
  /** As {@link #SHIM_BYTES}, with {@code Counters} looking on. */
  SHIM_COUNTERS("shim-counters", "asyncore, byte[], Counters", "shim-counters", null),
  /** As {@link #SHIM_BYTES}, with a {@code SpinDoctor} looking on. */
  SHIM_SPIN_DOCTOR("shim-spin-doctor", "asyncore, byte[], SpinDoctor", "shim-spin-doctor", null),
  /** As {@link #SHIM_BYTES}, with a {@code MigrationReport} looking on. */
  SHIM_MIGRATION_REPORT(
      "shim-migration-report", "asyncore, byte[], MigrationReport", "shim-migration-report", null),
  /** {@code recv(ByteBuffer)} and {@code send(ByteBuffer)} in {@code loop()}. */
  SHIM_BUFFER("shim-buffer", "asyncore, ByteBuffer", "shim-buffer", null),
  /** The same around an array that is used again. */
  SHIM_ARRAY("shim-array", "asyncore, ByteBuffer of an array", "shim-array", null),
  /** Netty's own buffers, through a pipeline, in {@code loop()}. */
  SHIM_BYTEBUF("shim-bytebuf", "asyncore, ByteBuf", "shim-bytebuf", null),
  /** {@code DispatcherWithSend} in {@code loop()}, as Python's documentation has it. */
  SHIM_WITH_SEND("shim-with-send", "asyncore, DispatcherWithSend", "shim-with-send", null),
  /** {@code AsyncChat} in {@code loop()}. */
  SHIM_CHAT("shim-chat", "asyncore, AsyncChat", null, "shim-lines"),
  /** {@code byte[]}, hosted in a pipeline that a bootstrap built. */
  HOSTED_BYTES("hosted-bytes", "asyncore hosted, byte[]", "hosted-bytes", null),
  /** {@code ByteBuffer}, hosted. */
  HOSTED_BUFFER("hosted-buffer", "asyncore hosted, ByteBuffer", "hosted-buffer", null),
  /** Netty's own buffers, hosted. */
  HOSTED_BYTEBUF("hosted-bytebuf", "asyncore hosted, ByteBuf", "hosted-bytebuf", null),
  /** {@code AsyncChat}, hosted. */
  HOSTED_CHAT("hosted-chat", "asyncore hosted, AsyncChat", null, "hosted-lines"),
  /** Hosted on io_uring: {@code byte[]}, or lines by AsyncChat. */
  HOSTED_IO_URING(
      "hosted-io-uring", "asyncore hosted on io_uring", "hosted-io-uring", "hosted-io-uring-lines"),
  /** The chat room without a dispatcher: what the rungs below it are measured against. */
  ROOM_NATIVE("room-native", "6. native", null, null),
  /** The chat room on the library, in {@code loop()}. */
  ROOM_LIBRARY("room-library", "1. on the library", null, null),
  /** Behind a native listener. */
  ROOM_NATIVE_DOOR("room-native-door", "2. native listener", null, null),
  /** Behind an IdleStateHandler. */
  ROOM_WATCHED("room-watched", "3. a handler in front", null, null),
  /** In a pipeline that a bootstrap built. */
  ROOM_HOSTED("room-hosted", "4. hosted", null, null),
  /** With connections that were handed over. */
  ROOM_HANDED_OVER("room-handed-over", "5. handed over", null, null),
  /** CPython's asyncore and asynchat, with poll. */
  PYTHON("python", "CPython asyncore (poll)", "poll", "poll"),
  /** The same with select, which ends at descriptor 1,023. */
  PYTHON_SELECT("python-select", "CPython asyncore (select)", "select", "select");

  private static final int MOST_OF_SELECT = 1000;

  private final String id;
  private final String title;
  private final String echoServer;
  private final String lineServer;

  ServerKind(String id, String title, String echoServer, String lineServer) {
    this.id = id;
    this.title = title;
    this.echoServer = echoServer;
    this.lineServer = lineServer;
  }

  /** By which the command line and the result files know it. */
  public String id() {
    return id;
  }

  /** What a table or a chart calls it. */
  public String title() {
    return title;
  }

  /** The kind of an id. */
  public static ServerKind named(String id) {
    for (ServerKind kind : values()) {
      if (kind.id.equals(id)) return kind;
    }
    throw new IllegalArgumentException("no server " + id);
  }

  /** Whether it is what this library comes from. */
  public boolean isPython() {
    return this == PYTHON || this == PYTHON_SELECT;
  }

  /** Whether it is this library that serves. */
  public boolean isOurs() {
    return title.startsWith("asyncore");
  }

  /** Whether its event loop is on the kernel's rings. */
  boolean isOnUring() {
    return this == NETTY_IO_URING || this == HOSTED_IO_URING;
  }

  /** Whether an observer looks on, whose cost is asked for by name. */
  boolean isObserved() {
    return this == SHIM_COUNTERS || this == SHIM_SPIN_DOCTOR || this == SHIM_MIGRATION_REPORT;
  }

  boolean serves(Scenario scenario) {
    if (this == PYTHON_SELECT && scenario.connections() + scenario.idle() >= MOST_OF_SELECT) {
      return false;
    }
    boolean smallReads = scenario.receiveBytes() <= Math.min(32768, scenario.messageBytes() / 2);
    boolean isOfSmallReads = this == SHIM_READ_AHEAD || this == NETTY_FIXED;
    if (isOfSmallReads && !smallReads) return false; // It would change nothing.
    if (this == SHIM_BUSY_POLL && scenario.connections() > 1) return false;
    if (this == SHIM_WITH_SEND && scenario.shape() == Shape.LATE) {
      return false; // It holds whatever a peer does not read, as Python's does.
    }
    if (scenario.shape() == Shape.TLS && (this == NIO || isPython())) return false;
    return server(scenario) != null;
  }

  /** Whether it is a rung of the chat room, which serves nothing else. */
  public boolean isRoom() {
    return id.startsWith("room-");
  }

  private String server(Scenario scenario) {
    if (scenario.shape() == Shape.CHAT) return isRoom() ? id : isPython() ? lineServer : null;
    return scenario.lines() ? lineServer : echoServer;
  }

  List<String> command(Scenario scenario, Machine machine, CommandLine options) throws IOException {
    String receiveBytes = Integer.toString(scenario.receiveBytes());
    List<String> command = new ArrayList<>();
    if (isPython()) {
      String protocol =
          scenario.shape() == Shape.CHAT ? "room" : scenario.lines() ? "lines" : "echo";
      command.addAll(
          List.of(machine.python(), "-W", "ignore", "src/jmh/python/asyncore_server.py"));
      command.addAll(List.of(protocol, receiveBytes, server(scenario)));
      return command;
    }
    command.addAll(machine.java());
    command.addAll(options.jvm());
    command.addAll(options.profiling(scenario, this));
    command.addAll(options.tls(scenario));
    command.addAll(List.of("org.asyncore.bench.server.ServerMain", server(scenario), receiveBytes));
    return command;
  }
}
