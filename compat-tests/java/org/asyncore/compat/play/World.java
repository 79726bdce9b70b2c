package org.asyncore.compat.play;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.compat.scenario.Mode;
import org.asyncore.compat.scenario.Scenario;
import org.asyncore.compat.scenario.ScenarioException;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.asyncore.transport.PipeEnd;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.Transport;

/**
 * All that one scenario makes, by its names. Confined to the thread that plays it, but for peers.
 */
final class World {
  private final Scenario scenario;
  private final Mode mode;
  private final Path folder;
  private final Maps maps;
  private final Trace trace = new Trace();
  private final Exceptions exceptions = new Exceptions();
  private final Waiting waiting = new Waiting();
  private final CallLines lines = new CallLines(this);
  private final Texts texts = new Texts(this);
  private final Addresses addresses;
  private final Numbers numbers;
  private final Pairs pairs;
  private final Steps steps;

  private final Map<String, Dispatcher> channels = new LinkedHashMap<>();
  private final Map<String, Peer> peers = new ConcurrentHashMap<>();

  /** Sockets made for a channel that has not taken them yet. */
  private final Map<String, AsyncSocket> sockets = new LinkedHashMap<>();

  /** Ends of pipes made for a channel. */
  private final Map<String, PipeEnd> descriptors = new LinkedHashMap<>();

  /** Everything that was opened, to be closed in the end. */
  private final List<AutoCloseable> opened = new ArrayList<>();

  /** What {@code sys.exc_info()} would tell; null for nothing. */
  private Throwable handledError;

  private volatile ScenarioException broken;

  World(Scenario scenario, Mode mode, Maps maps) throws IOException {
    this.scenario = scenario;
    this.mode = mode;
    this.maps = maps;
    folder = Files.createTempDirectory("compat-");
    addresses = new Addresses(folder);
    numbers = new Numbers(map(Maps.GLOBAL).transport());
    pairs = new Pairs(this);
    steps = new Steps(this);
  }

  Scenario scenario() {
    return scenario;
  }

  Mode mode() {
    return mode;
  }

  Trace trace() {
    return trace;
  }

  Exceptions exceptions() {
    return exceptions;
  }

  Waiting waiting() {
    return waiting;
  }

  CallLines lines() {
    return lines;
  }

  Texts texts() {
    return texts;
  }

  Addresses addresses() {
    return addresses;
  }

  Pairs pairs() {
    return pairs;
  }

  Steps steps() {
    return steps;
  }

  Map<String, Dispatcher> channels() {
    return channels;
  }

  Dispatcher channel(String name) {
    return there("channel", name, channels.get(name));
  }

  /** The map of this name; a new one is empty. */
  SocketMap map(String name) {
    SocketMap map = maps.named(name);
    waiting.flushes(map.transport());
    return map;
  }

  /** What to pass as a map: null stands for the global one. */
  SocketMap mapArgument(String name) {
    return name.equals(Maps.GLOBAL) ? null : map(name);
  }

  /** The transport of the map that a declared channel is made for. */
  Transport transportOf(String declared) {
    return map(scenario.channel(declared).text("map", Maps.GLOBAL)).transport();
  }

  /** The transport for what is made before its channel is: {@code sock} or {@code fd}. */
  Transport transportFor(String field, String name) {
    String taker = Takers.of(field, name, scenario);
    return taker == null ? map(Maps.GLOBAL).transport() : transportOf(taker);
  }

  <T extends Peer> T peer(Class<T> type, String name) {
    Peer peer = there("peer", name, peers.get(name));
    if (type.isInstance(peer)) return type.cast(peer);
    throw new ScenarioException(name + " is no " + type.getSimpleName());
  }

  /** A peer of this name, to be closed in the end. */
  <T extends Peer> T peer(String name, T peer) {
    peers.put(name, peer);
    opened.add(peer);
    if (peer.isSocket()) numbers.hold(peer);
    return peer;
  }

  /** After its peer was closed: the peer's number is free. */
  void isClosed(Peer peer) {
    numbers.release(peer);
  }

  void socket(String name, AsyncSocket socket) {
    sockets.put(name, socket);
    keep(socket);
  }

  AsyncSocket takeSocket(String name) {
    return there("socket", name, sockets.remove(name));
  }

  void descriptor(String name, PipeEnd end) {
    descriptors.put(name, end);
    opened.add(end);
  }

  PipeEnd descriptor(String name) {
    return there("descriptor", name, descriptors.get(name));
  }

  /** Closes a descriptor, whose name then means nothing. */
  void closeDescriptor(String name) {
    descriptor(name).close();
    descriptors.remove(name);
  }

  /** Keeps a socket open that nobody refers to, until the end. */
  void keep(AsyncSocket socket) {
    opened.add(socket::close);
  }

  /** Nagle's algorithm would make the arrival of small sends a matter of timing. */
  void noDelay(AsyncSocket socket) {
    if (socket.family() == Family.UNIX || socket.type() != SocketType.STREAM) return;
    socket.setsockopt(StandardSocketOptions.TCP_NODELAY, true);
  }

  /** To be closed in the end. */
  void opened(AutoCloseable thing) {
    opened.add(thing);
  }

  /** As {@link #opened}, and has a number, which the library does not know. */
  void openedSocket(AutoCloseable socket) {
    opened(socket);
    numbers.hold(socket);
  }

  private static <T> T there(String what, String name, T thing) {
    if (thing == null) throw new ScenarioException("no " + what + " " + name);
    return thing;
  }

  Throwable handledError() {
    return handledError;
  }

  /** Begins to handle an error; returns the one that is being handled, to go back to. */
  Throwable handledError(Throwable thrown) {
    Throwable outer = handledError;
    handledError = thrown;
    return outer;
  }

  /** The scenario cannot be played; the first reason counts. */
  void isBroken(ScenarioException reason) {
    if (broken == null) broken = reason;
  }

  void needWhole() {
    if (broken != null) throw broken;
  }

  /** Closes whatever is still open, without a trace. */
  void close() throws IOException {
    IOException failed = null;
    for (AutoCloseable thing : opened) {
      try {
        thing.close();
      } catch (Exception e) {
        if (failed == null) failed = new IOException("left open by " + scenario, e);
        else failed.addSuppressed(e);
      }
    }
    for (Dispatcher channel : channels.values()) {
      if (channel.socket() != null) channel.socket().close();
    }
    numbers.releaseAll();
    maps.takeBack();
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) Files.delete(file);
    }
    Files.delete(folder);
    if (failed != null) throw failed;
  }
}
