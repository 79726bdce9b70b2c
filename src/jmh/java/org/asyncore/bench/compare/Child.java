package org.asyncore.bench.compare;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that is spoken with in lines, and ends with its standard input. */
final class Child implements AutoCloseable {
  private final String name;
  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter commands;

  Child(String name, List<String> command) throws IOException {
    this.name = name;
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    answers = process.inputReader();
    commands = process.outputWriter();
  }

  long pid() {
    return process.pid();
  }

  void tell(String command) throws IOException {
    commands.write(command);
    commands.newLine();
    commands.flush();
  }

  /** The next line. */
  String hear() throws IOException {
    String line = answers.readLine();
    if (line == null) throw new IOException(name + " has ended");
    return line;
  }

  /** What follows the word in the next line that starts with it; other lines are shown. */
  long hear(String word) throws IOException {
    String line = hear();
    while (!line.startsWith(word + " ")) {
      System.err.println(name + ": " + line);
      line = hear();
    }
    return Long.parseLong(line.substring(word.length() + 1));
  }

  /** Asks for a number by the word that the answer starts with. */
  long ask(String word) throws IOException {
    tell(word);
    return hear(word);
  }

  @Override
  public void close() throws IOException {
    try {
      commands.close();
      if (!process.waitFor(10, TimeUnit.SECONDS)) process.destroyForcibly();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
