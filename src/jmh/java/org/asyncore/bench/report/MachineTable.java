package org.asyncore.bench.report;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.asyncore.bench.compare.Results;

/** Where and when figures were measured, and by which command. */
final class MachineTable {
  private static final List<String> ORDER =
      List.of("date", "cpu", "cores", "pinned", "kernel", "java", "netty", "python");

  private MachineTable() {}

  static String of(Path file) throws IOException {
    Properties facts = facts(file);
    StringBuilder table = new StringBuilder("| | |\n|---|---|\n");
    for (String name : ORDER) {
      table
          .append("| ")
          .append(name)
          .append(" | ")
          .append(facts.getProperty(name, ""))
          .append(" |\n");
    }
    table.append("| servers' JVM | `").append(facts.getProperty("server.jvm", "")).append("` |\n");
    return table.toString();
  }

  /** What was asked for, in the order of the runs. */
  static String commands(Path file) throws IOException {
    StringBuilder commands = new StringBuilder("```sh\n");
    for (String options : facts(file).getProperty("options", "").split(Results.AND, -1)) {
      String command = "mvn -Pbench test-compile exec:exec@compare -Dcompare.args=";
      commands.append(command).append('"').append(options).append("\"\n");
    }
    return commands.append("```\n").toString();
  }

  private static Properties facts(Path file) throws IOException {
    Properties facts = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      facts.load(reader);
    }
    return facts;
  }
}
