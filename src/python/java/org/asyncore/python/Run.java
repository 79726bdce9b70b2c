package org.asyncore.python;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;

/**
 * Runs a Python program, unchanged, on this library: {@code mvn -Ppython test-compile exec:java
 * -Dexec.args="program.py ARGUMENTS"}.
 *
 * <p>Its exit status is Python's: that of {@code sys.exit}, 1 after a traceback, 130 after Ctrl-C.
 */
public final class Run {
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  /** As CPython's own end after Ctrl-C, which a shell shows as 130. */
  private static final String AFTER_CTRL_C =
      """
      def _after_ctrl_c():
          import atexit, os, sys
          shown = sys.excepthook
          def excepthook(kind, raised, traceback):
              shown(kind, raised, traceback)
              if issubclass(kind, KeyboardInterrupt):
                  atexit._run_exitfuncs()
                  sys.stdout.flush()
                  os._exit(130)
          sys.excepthook = excepthook
      _after_ctrl_c()
      del _after_ctrl_c
      """;

  private Run() {}

  public static void main(String[] arguments) throws IOException {
    System.exit(run(arguments));
  }

  /**
   * Runs a program to its end.
   *
   * @param arguments the program's path, then what it finds in {@code sys.argv[1:]}
   * @return the exit status
   */
  static int run(String... arguments) throws IOException {
    if (arguments.length == 0) {
      System.err.println("usage: Run program.py ARGUMENTS");
      return USAGE;
    }
    Path program = Path.of(arguments[0]);
    if (!Files.isReadable(program)) {
      System.err.println("can't open file '" + program.toAbsolutePath() + "'");
      return USAGE;
    }
    try (Context python = context(arguments)) {
      python.eval("python", AFTER_CTRL_C);
      python.eval(Source.newBuilder("python", program.toFile()).build());
      return 0;
    } catch (PolyglotException ended) {
      if (ended.isExit()) return ended.getExitStatus();
      System.err.println(ended);
      return FAILED;
    }
  }

  private static Context context(String... arguments) {
    Path program = Path.of(arguments[0]).toAbsolutePath();
    return Context.newBuilder("python")
        .allowAllAccess(true)
        .allowExperimentalOptions(true)
        .arguments("python", arguments)
        .option("python.PosixModuleBackend", "native") // The other one has no descriptors.
        .option("python.PythonPath", program.getParent() + ":" + Modules.path())
        .option("python.AlwaysRunExcepthook", "true")
        .option("python.InstallSignalHandlers", "true")
        .option("engine.WarnInterpreterOnly", "false")
        .option("log.python.level", "SEVERE") // It warns of the native backend.
        .build();
  }
}
