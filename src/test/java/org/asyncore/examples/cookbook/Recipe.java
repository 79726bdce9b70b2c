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
 */
record Recipe(String name, Laying laying, boolean hasOrder) {
  interface Laying {
    /** Lays it, with its files in this folder. */
    Table lay(Kitchen kitchen, Path folder) throws Exception;
  }

  static final List<Recipe> ALL =
      List.of(
          new Recipe("workers", ServerTables::workers, true),
          new Recipe("many peers", ClientTables::peers, false), // It makes its loop itself.
          new Recipe("proxy", ServerTables::proxy, true),
          new Recipe("hosted proxy", ServerTables::hostedProxy, false), // Nobody loops.
          new Recipe("SOCKS5", ClientTables::socks5, true),
          new Recipe("HTTP CONNECT", ClientTables::httpConnect, true),
          new Recipe("PROXY protocol", ServerTables::proxyProtocol, true),
          new Recipe("reconnecting", ClientTables::reconnecting, true),
          new Recipe("watched process", FileTables::process, true),
          new Recipe("standard input", FileTables::stdio, true),
          new Recipe("follow", ServerTables::follow, true),
          new Recipe("FTP", FtpTable::new, true),
          new Recipe("HTTP", ServerTables::http, true),
          new Recipe("signalled", ServerTables::signalled, true),
          new Recipe("inherited", FileTables::inherited, false), // A process, which loops itself.
          new Recipe("own poller", FileTables::ownPoller, false), // Select's order is its own.
          new Recipe("fronted", ServerTables::fronted, true),
          new Recipe("upgrade", ServerTables::upgrade, true),
          new Recipe("upgrade under TLS", ServerTables::upgradeUnderTls, true));

  Table lay(Kitchen kitchen, Path folder) throws Exception {
    return laying.lay(kitchen, folder);
  }

  /** Each recipe on each transport, in both orders where somebody could tell. */
  static Stream<Arguments> rows() {
    return ALL.stream()
        .flatMap(
            recipe ->
                (recipe.hasOrder ? Wiring.inet() : Wiring.transports())
                    .map(wiring -> Arguments.of(recipe, wiring)));
  }

  @Override
  public String toString() {
    return name;
  }
}
