package org.asyncore.border;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.asyncore.fixture.NettyIo;

/** A row of the matrix that every rule of the border is tried on. */
record Row(String transport, boolean usePoll, Mode mode, Kind kind) {
  private static final List<String> TRANSPORTS = List.of("epoll", "nio", "io_uring");

  /** All rows that differ: an event loop by itself knows no order of events. */
  static Stream<Row> all() {
    return of(Arrays.asList(Mode.values()), Arrays.asList(Kind.values()));
  }

  /** Those of these modes, for what the kind of dispatcher has no part in. */
  static Stream<Row> of(Mode... modes) {
    return of(List.of(modes), List.of(Kind.PLAIN));
  }

  static Stream<Row> of(Collection<Mode> modes, Collection<Kind> kinds) {
    return TRANSPORTS.stream()
        .flatMap(
            transport ->
                modes.stream()
                    .flatMap(mode -> kinds.stream().flatMap(kind -> of(transport, mode, kind))));
  }

  private static Stream<Row> of(String transport, Mode mode, Kind kind) {
    if (transport.equals("io_uring") && !mode.isForeign()) return Stream.empty(); // No loop has it.
    Row inSelectOrder = new Row(transport, false, mode, kind);
    if (mode.isForeign()) return Stream.of(inSelectOrder);
    return Stream.of(inSelectOrder, new Row(transport, true, mode, kind));
  }

  boolean isEpoll() {
    return transport.equals("epoll");
  }

  /** What an event loop has that is nobody's map's. */
  NettyIo io() {
    return NettyIo.named(transport);
  }

  /** What another map has, whose loop has a part in it: this one's, where there are such loops. */
  String transportOfLoops() {
    return io() == NettyIo.IO_URING ? "auto" : transport;
  }

  /** Skips the test where this machine has no such transport. */
  void assumeAvailable() {
    io().assumeAvailable();
  }

  @Override
  public String toString() {
    String order = mode.isForeign() ? "" : usePoll ? " poll" : " select";
    return transport + order + " " + mode + " " + kind;
  }
}
