package org.asyncore.faults;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.asyncore.fixture.OddNames;
import org.asyncore.fixture.Tool;

/**
 * Opens Unix domain sockets whose names no JDK can say: a Python process binds and connects them,
 * and passes their descriptors.
 */
final class Namer implements AutoCloseable {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(15);

  private static final String PYTHON =
      """
      import os, socket, sys
      to_us = socket.socket(socket.AF_UNIX)
      to_us.connect(sys.argv[1])
      for line in sys.stdin:
          name, to = line.split()
          s = socket.socket(socket.AF_UNIX)
          name = NAME
          if name[:1] != b'\\0' and os.path.exists(name): os.remove(name)
          s.bind(name)
          s.connect(to)
          s.setblocking(False)
          socket.send_fds(to_us, [b'.'], [s.fileno()])
          s.close()
      """;

  private final Process process;
  private final OutputStream requests;
  private final Socket descriptors;

  /** Starts Python, whose files are in this folder. */
  Namer(Path folder) throws IOException {
    Path path = folder.resolve("n");
    Socket door = Socket.newSocketDomain();
    door.bind(new DomainSocketAddress(path.toFile()));
    door.listen(1);
    String name = OddNames.inPython("name.replace('SPACE', ' ')", "sys.argv[2]");
    process =
        new ProcessBuilder(
                "python3", "-c", PYTHON.replace("NAME", name), path.toString(), folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("namer").toFile())
            .start();
    requests = process.getOutputStream();
    descriptors = new Socket(await(() -> door.accept(new byte[256])));
    door.close();
  }

  static boolean isAvailable() {
    return Epoll.isAvailable() && Tool.isPresent("python3");
  }

  private interface Attempt {
    int descriptor() throws IOException;
  }

  private int await(Attempt attempt) throws IOException {
    long start = System.nanoTime();
    int found;
    while ((found = attempt.descriptor()) <= 0) {
      if (!process.isAlive()) throw new AssertionError("Python has ended");
      if (System.nanoTime() - start > LIMIT_NANOS)
        throw new AssertionError("no descriptor comes from Python");
      Thread.onSpinWait();
    }
    return found;
  }

  /** A connection to a path, from a socket that is called so. */
  Socket connect(String name, Path to) throws IOException {
    String request = name.replace(" ", "SPACE") + ' ' + to + '\n';
    requests.write(request.getBytes(StandardCharsets.UTF_8));
    requests.flush();
    return new Socket(await(descriptors::recvFd));
  }

  @Override
  public void close() throws IOException {
    requests.close();
    descriptors.close();
    process.destroy();
  }
}
