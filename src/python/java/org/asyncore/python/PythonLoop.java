package org.asyncore.python;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.LoopObserver;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.Transport;
import org.graalvm.polyglot.Value;

/** The loop and the other functions of the module, as {@code asyncore.py} calls them. */
public final class PythonLoop {
  private final Crossing crossing;

  public PythonLoop(Crossing crossing) {
    this.crossing = crossing;
  }

  /**
   * Has a map call {@code mirror.pass_started()} before each of its passes. And has what leaves a
   * loop in Python leave this one, also where a Java dispatcher has called the Python object.
   *
   * @param mirror of {@code asyncore.py}
   */
  public void mirror(SocketMap map, Value mirror) {
    map.observer(
        new LoopObserver() {
          @Override
          public void passStarted(SocketMap started, int depth) {
            crossing.invoke(mirror, "pass_started");
          }

          @Override
          public void failed(Dispatcher dispatcher, Throwable thrown) {
            crossing.leave(thrown);
          }
        });
  }

  /**
   * {@code loop}.
   *
   * @param timeoutSeconds below 0 for no end
   * @param count below 0 for no limit
   */
  public void loop(SocketMap map, double timeoutSeconds, boolean usePoll, int count) {
    double timeout = timeoutSeconds < 0 ? Asyncore.FOREVER : timeoutSeconds;
    crossing.fromPython(
        () -> {
          if (count < 0) Asyncore.loop(timeout, usePoll, map);
          else Asyncore.loop(timeout, usePoll, map, count);
        });
  }

  /**
   * {@code poll} and {@code poll2}.
   *
   * @param timeoutSeconds below 0 for no end
   */
  public void poll(SocketMap map, double timeoutSeconds, boolean usePoll) {
    double timeout = timeoutSeconds < 0 ? Asyncore.FOREVER : timeoutSeconds;
    crossing.fromPython(
        () -> {
          if (usePoll) Asyncore.poll2(timeout, map);
          else Asyncore.poll(timeout, map);
        });
  }

  public void read(Dispatcher dispatcher) {
    crossing.fromPython(() -> Asyncore.read(dispatcher));
  }

  public void write(Dispatcher dispatcher) {
    crossing.fromPython(() -> Asyncore.write(dispatcher));
  }

  public void exception(Dispatcher dispatcher) {
    crossing.fromPython(() -> Asyncore.exception(dispatcher));
  }

  public void readwrite(Dispatcher dispatcher, int flags) {
    crossing.fromPython(() -> Asyncore.readwrite(dispatcher, flags));
  }

  /** Waits for what closed channels of an empty map have to send. */
  public void closeAll(SocketMap map) {
    crossing.fromPython(() -> Asyncore.closeAll(map, true));
  }

  /** A new socket. */
  public AsyncSocket fresh(Transport transport, Family family, SocketType type) {
    return crossing.fromPython(() -> transport.socket(family, type));
  }

  /** A socket over a descriptor, which it owns from now on. */
  public AsyncSocket socket(SocketMap map, int descriptor) {
    return crossing.fromPython(() -> map.transport().socket(descriptor));
  }

  /** A path, as the JDK has it. */
  public SocketAddress unix(String path) {
    return crossing.fromPython(() -> UnixDomainSocketAddress.of(path));
  }

  /** Host and port; resolved. */
  public SocketAddress inet(String host, int port) {
    return crossing.fromPython(() -> new InetSocketAddress(host, port));
  }
}
