package org.asyncore.python.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.asyncore.SocketMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small programs print here what they print under CPython, to the letter. */
class ProgramsTest {
  private static final Path PROGRAMS = Path.of("src/python/programs").toAbsolutePath();
  private static final Optional<CPython> PYTHON = CPython.find();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo_server.py",
        "http_client.py",
        "line_server.py",
        "udp_echo.py",
        "pipe_reader.py",
        "chat_attributes.py",
        "callback_errors.py",
      })
  void aProgramPrintsWhatItPrintsUnderCPython(String name, @TempDir Path folder) throws Exception {
    assumeTrue(new SocketMap().transport().name().equals("epoll"), "no epoll here");
    assumeTrue(PYTHON.isPresent(), CPython.NONE);
    String program = PROGRAMS.resolve(name).toString();
    Program.Ended expected = Program.underCPython(PYTHON.get(), folder, program).run();
    assertEquals(expected, Program.onTheLibrary(folder, program).run());
  }

  @Test
  void aProgramRunsFromAJarAsFromClasses(@TempDir Path folder) throws Exception {
    assumeTrue(new SocketMap().transport().name().equals("epoll"), "no epoll here");
    Path program =
        Files.writeString(
            folder.resolve("where.py"),
            """
            import asynchat, asyncore
            print("a jar.jar" in asyncore.__file__, issubclass(asynchat.async_chat, asyncore.dispatcher))
            asyncore.loop(timeout=0, count=1)
            """);
    assertEquals(
        new Program.Ended(0, "True True\n"), Program.fromAJar(folder, program.toString()).run());
  }

  @Test
  void whatLeavesALoopInPythonLeavesThatOfAJavaDispatcher(@TempDir Path folder) throws Exception {
    assumeTrue(new SocketMap().transport().name().equals("epoll"), "no epoll here");
    Program.Ended ended =
        Program.onTheLibrary(folder, PROGRAMS.resolve("leaving.py").toString()).run();
    List<String> lines = ended.output().lines().toList();
    assertEquals(
        List.of(
            "said guest: hello",
            "out of the loop: ExitNow('out') True 1",
            "said guest: hello",
            "out of the loop: SystemExit(5) True 1",
            "said guest: hello",
            "out of the loop: KeyboardInterrupt() True 1",
            "said guest: hello"),
        lines.subList(0, 7),
        ended::output);
    assertTrue(lines.get(7).startsWith("error: uncaptured python exception"), ended::output);
    assertEquals(List.of("left", "the end of the loop"), lines.subList(8, lines.size()));
  }

  @Test
  void tlsOfNettysStandsInFrontOfAPythonDispatcher(@TempDir Path folder) throws Exception {
    assumeTrue(new SocketMap().transport().name().equals("epoll"), "no epoll here");
    assumeTrue(PYTHON.isPresent(), CPython.NONE);
    Path certificate = PYTHON.get().library().resolve("test/certdata/keycert.pem");
    String program = PROGRAMS.resolve("starttls.py").toString();
    String printed =
        """
        b'nialp\\n'
        b'go\\n'
        b'terces\\n'
        b'bye\\n' TLSv1.3
        b''
        {}
        """;
    assertEquals(
        new Program.Ended(0, printed),
        Program.onTheLibrary(folder, program, certificate.toString()).run());
  }
}
