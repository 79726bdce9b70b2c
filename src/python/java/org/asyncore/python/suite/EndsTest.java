package org.asyncore.python.suite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.asyncore.SocketMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program that fails ends as under CPython: with its traceback, its status, and at once. */
class EndsTest {
  private static final Optional<CPython> PYTHON = CPython.find();
  private static final long LIMIT_SECONDS = 300;

  private static final String SERVER =
      """
      import asyncore, socket, sys


      class Server(asyncore.dispatcher):
          def __init__(self):
              asyncore.dispatcher.__init__(self)
              self.create_socket()
              self.bind(("127.0.0.1", 0))
              self.listen(1)


      server = Server()
      """;

  /** Connects to the server, and leaves the loop as its argument says. */
  private static final String CLIENT =
      """
      class Client(asyncore.dispatcher):
          def handle_connect(self):
              pass

          def handle_write(self):
              %s

          def handle_error(self):
              print("error:", sys.exc_info()[1])
              raise


      client = Client()
      client.create_socket()
      client.connect(server.socket.getsockname())
      asyncore.loop(timeout=5)
      """;

  @TempDir Path folder;

  @BeforeEach
  void look() {
    assumeTrue(new SocketMap().transport().name().equals("epoll"), "no epoll here");
    assumeTrue(PYTHON.isPresent(), CPython.NONE);
  }

  private String program(String text) throws Exception {
    Path program = Files.writeString(folder.resolve("program.py"), text);
    return program.toString();
  }

  private void assertEndsAsUnderCPython(String text) throws Exception {
    String program = program(text);
    Program.Ended expected = Program.underCPython(PYTHON.get(), folder, program).run();
    Program.Ended ended = Program.onTheLibrary(folder, program).run();
    assertEquals(expected.status(), ended.status(), ended::output);
    assertEquals(lastLine(expected.output()), lastLine(ended.output()), ended::output);
    assertEquals(
        expected.output().contains("Traceback (most recent call last)"),
        ended.output().contains("Traceback (most recent call last)"),
        ended::output);
  }

  private static String lastLine(String output) {
    return output.lines().reduce("", (before, line) -> line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import asyncore\ndef f(:\n",
        "import asyncore\nimport no_such_module\n",
        "import asyncore, sys\nprint(sys.argv[1:])\nsys.exit(7)\n",
        "import asyncore, sys\nsys.exit('as a text')\n",
      })
  void aProgramThatDoesNotLoop(String text) throws Exception {
    assertEndsAsUnderCPython(text);
  }

  @Test
  void anImportThatGraalPyLacks() throws Exception {
    String program = program("import asyncore\nimport curses\n");
    Program.Ended ended = Program.onTheLibrary(folder, program).run();
    assertEquals(1, ended.status(), ended::output);
    assertTrue(ended.output().startsWith("Traceback (most recent call last)"), ended::output);
    String last = "ModuleNotFoundError: No module named '_curses'";
    assertEquals(last, lastLine(ended.output()), ended::output);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "raise ValueError('of a callback')",
        "sys.exit(5)",
        "raise asyncore.ExitNow('out')",
        "raise KeyError",
        "raise ConnectionResetError(104, 'reset')",
      })
  void anExceptionThatLeavesTheLoop(String statement) throws Exception {
    assertEndsAsUnderCPython(SERVER + "\n\n" + CLIENT.formatted(statement));
  }

  @Test
  void anExceptionOfAPredicateLeavesTheLoop() throws Exception {
    assertEndsAsUnderCPython(
        SERVER + "server.readable = lambda: server.nothing\nasyncore.loop(timeout=5)\n");
  }

  @Test
  void ctrlCEndsALoopThatWaits() throws Exception {
    String text = SERVER + "print('ready', flush=True)\nasyncore.loop(timeout=3600)\n";
    Program program = Program.onTheLibrary(folder, program(text));
    Process process = program.start();
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      assertEquals("ready", output.readLine());
      String pid = Long.toString(process.pid());
      assertEquals(0, new ProcessBuilder("kill", "-INT", pid).start().waitFor());
      assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), "it waits on after Ctrl-C");
      assertEquals(130, process.exitValue());
      assertEquals("KeyboardInterrupt", output.lines().reduce("", (before, line) -> line).strip());
    } finally {
      process.destroyForcibly();
    }
  }
}
