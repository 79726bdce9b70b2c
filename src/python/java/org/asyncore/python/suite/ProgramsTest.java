package org.asyncore.python.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
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
      })
  void aProgramPrintsWhatItPrintsUnderCPython(String name, @TempDir Path folder) throws Exception {
    assumeTrue(new SocketMap().transport().name().equals("epoll"), "no epoll here");
    assumeTrue(PYTHON.isPresent(), CPython.NONE);
    String program = PROGRAMS.resolve(name).toString();
    Program.Ended expected = Program.underCPython(PYTHON.get(), folder, program).run();
    assertEquals(expected, Program.onTheLibrary(folder, program).run());
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
