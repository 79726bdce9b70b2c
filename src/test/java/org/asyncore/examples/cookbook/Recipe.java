package org.asyncore.examples.cookbook;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.asyncore.fixture.Wiring;
import org.junit.jupiter.params.provider.Arguments;

/**
 * A recipe of docs/cookbook.md that has others to talk to.
 *
 * @param hasOrder whether somebody could tell select's order from poll's
 * @param hasProtocol whether there is anything that nobody should say
 */
record Recipe(String name, Laying laying, boolean hasOrder, boolean hasProtocol) {
  interface Laying {
    /** Lays it, with its files in this folder. */
    Table lay(Kitchen kitchen, Path folder) throws Exception;
  }

  static final List<Recipe> ALL =
      List.of(
          new Recipe("workers", ServerTables::workers, true, true),
          new Recipe("many peers", ClientTables::peers, false, true), // It makes its loop itself.
          new Recipe("proxy", ServerTables::proxy, true, false),
          new Recipe("hosted proxy", ServerTables::hostedProxy, false, false), // Nobody loops.
          new Recipe("SOCKS5", ClientTables::socks5, true, true),
          new Recipe("HTTP CONNECT", ClientTables::httpConnect, true, true),
          new Recipe("PROXY protocol", ServerTables::proxyProtocol, true, true),
          new Recipe("reconnecting", ClientTables::reconnecting, true, false),
          new Recipe("watched process", FileTables::process, true, false),
          new Recipe("standard input", FileTables::stdio, true, true),
          new Recipe("follow", ServerTables::follow, true, true),
          new Recipe("FTP", FtpTable::new, true, true),
          new Recipe("HTTP", ServerTables::http, true, true),
          new Recipe("signalled", ServerTables::signalled, true, true),
          new Recipe(
              "inherited", FileTables::inherited, false, false), // A process, which loops itself.
          new Recipe(
              "own poller", FileTables::ownPoller, false, false), // Select's order is its own.
          new Recipe("fronted", ServerTables::fronted, true, false),
          new Recipe("upgrade", ServerTables::upgrade, true, true),
          new Recipe("upgrade under TLS", ServerTables::upgradeUnderTls, true, true));

  Table lay(Kitchen kitchen, Path folder) throws Exception {
    return laying.lay(kitchen, folder);
  }

  /** Each recipe on each transport, in both orders where somebody could tell. */
  static Stream<Arguments> rows() {
    return ALL.stream().flatMap(Recipe::onEach);
  }

  /** Those of them where something may be said that is wrong. */
  static Stream<Arguments> rowsOfProtocols() {
    return ALL.stream().filter(Recipe::hasProtocol).flatMap(Recipe::onEach);
  }

  private Stream<Arguments> onEach() {
    return (hasOrder ? Wiring.inet() : Wiring.transports())
        .map(wiring -> Arguments.of(this, wiring));
  }

  @Override
  public String toString() {
    return name;
  }
}
