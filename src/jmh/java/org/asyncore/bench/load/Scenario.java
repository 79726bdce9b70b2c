package org.asyncore.bench.load;

import java.util.List;
import java.util.Locale;

/**
 * What is asked of a server.
 *
 * @param name by which the command line and the result files know it
 * @param title what a table or a chart calls it
 * @param shape how connections are used
 * @param lines whether the server answers lines, and not bytes
 * @param connections how many are busy
 * @param idle how many more are open and silent
 * @param messageBytes what a connection sends before it waits for an answer
 * @param depth how many messages a connection may have on their way
 * @param countedBytes how many bytes count as one message in the results
 * @param receiveBytes what the server asks {@code recv} for
 */
public record Scenario(
    String name,
    String title,
    Shape shape,
    boolean lines,
    int connections,
    int idle,
    int messageBytes,
    int depth,
    int countedBytes,
    int receiveBytes) {

  /** How connections are used. */
  public enum Shape {
    /** They stay open; each answer allows the next message. */
    ECHO,
    /** As {@link #ECHO}, through TLS. */
    TLS,
    /** One message, then the client closes and connects again. */
    CHURN,
    /** They send much and read late, with a ping-pong of 64 bytes beside them. */
    LATE,
    /** Each line is heard by all. */
    CHAT
  }

  private static final int LINE = Pattern.LINE_BYTES;
  private static final int BULK = 65536;

  /** All of them, in the order of the report. */
  public static final List<Scenario> ALL =
      List.of(
          echo("pingpong-x1", "64 B ping-pong, 1 connection", 1, 0, 64, 1, 8192),
          echo("pingpong-x64", "64 B ping-pong, 64 connections", 64, 0, 64, 1, 8192),
          echo("pingpong-x1000", "64 B ping-pong, 1,000 connections", 1000, 0, 64, 1, 8192),
          echo("pipelined-x16", "64 B, 32 on their way, 16 connections", 16, 0, 64, 32, 8192),
          echo("bulk-x1", "64 KiB, 1 connection, recv(65536)", 1, 0, BULK, 4, BULK),
          echo("bulk-x8", "64 KiB, 8 connections, recv(65536)", 8, 0, BULK, 4, BULK),
          echo("bulk-x1-recv8192", "64 KiB, 1 connection, recv(8192)", 1, 0, BULK, 4, 8192),
          echo("bulk-x8-recv8192", "64 KiB, 8 connections, recv(8192)", 8, 0, BULK, 4, 8192),
          new Scenario(
              "tls-bulk-x1",
              "64 KiB through TLS, 1 connection, recv(65536)",
              Shape.TLS,
              false,
              1,
              0,
              BULK,
              4,
              BULK,
              BULK),
          new Scenario(
              "churn-x32",
              "short connections, 32 at a time",
              Shape.CHURN,
              false,
              32,
              0,
              64,
              1,
              64,
              8192),
          echo("idle10k-x1", "64 B ping-pong beside 10,000 idle", 1, 10_000, 64, 1, 8192),
          echo("idle10k-x64", "64 B ping-pong x64 beside 10,000 idle", 64, 10_000, 64, 1, 8192),
          lines("lines-x16", "20-byte lines, 32 on their way, 16 connections", LINE, 32),
          lines("lines-burst-x16", "32 lines in one write, 16 connections", 32 * LINE, 1),
          new Scenario(
              "room-x16",
              "a chat room of 16, a line heard",
              Shape.CHAT,
              true,
              16,
              0,
              ChatGuest.HEARD_BYTES,
              1,
              ChatGuest.HEARD_BYTES,
              4096),
          new Scenario(
              "late-x8",
              "8 peers that send 16 MiB and read late",
              Shape.LATE,
              false,
              8,
              0,
              16 << 20,
              1,
              16 << 20,
              BULK));

  private static Scenario echo(
      String name, String title, int connections, int idle, int bytes, int depth, int receive) {
    return new Scenario(
        name, title, Shape.ECHO, false, connections, idle, bytes, depth, bytes, receive);
  }

  private static Scenario lines(String name, String title, int messageBytes, int depth) {
    return new Scenario(name, title, Shape.ECHO, true, 16, 0, messageBytes, depth, LINE, BULK);
  }

  /** The scenario of a name. */
  public static Scenario named(String name) {
    for (Scenario scenario : ALL) {
      if (scenario.name.equals(name)) return scenario;
    }
    throw new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "no scenario %s; there are %s",
            name,
            ALL.stream().map(Scenario::name).toList()));
  }

  /** The same with fewer silent connections, where the system allows no more. */
  public Scenario withIdle(int count) {
    return new Scenario(
        name,
        title,
        shape,
        lines,
        connections,
        count,
        messageBytes,
        depth,
        countedBytes,
        receiveBytes);
  }
}
