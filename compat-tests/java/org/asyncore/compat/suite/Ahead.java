package org.asyncore.compat.suite;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.asyncore.compat.process.Played;
import org.asyncore.compat.process.PlayerProcess;

/**
 * Plays cases ahead of whoever asks for them, each transport in a process of its own, both at once.
 */
final class Ahead implements AutoCloseable {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<Case, CompletableFuture<Played>> played = new HashMap<>();
  private final Map<String, CompletableFuture<Played>> collected = new HashMap<>();

  /** Begins; the processes write their standard error into the folder. */
  Ahead(List<Case> cases, List<String> transports, Path folder) {
    for (Case tried : cases) played.put(tried, new CompletableFuture<>());
    for (String transport : transports) collected.put(transport, new CompletableFuture<>());
    for (String transport : transports) {
      List<Case> ofTransport = cases.stream().filter(c -> c.transport().equals(transport)).toList();
      threads.execute(() -> play(ofTransport, transport, errors(folder, transport)));
    }
  }

  /** What the process that plays on this transport prints on its standard error. */
  static Path errors(Path folder, String transport) {
    return folder.resolve("stderr-" + transport + ".txt");
  }

  private void play(List<Case> cases, String transport, Path errors) {
    try (PlayerProcess process = new PlayerProcess(transport, errors)) {
      for (Case tried : cases) {
        played.get(tried).complete(process.play(tried.file(), tried.mode()));
      }
      if (!cases.isEmpty()) {
        collected.get(transport).complete(process.collectGarbage(cases.get(0).file()));
      }
    } catch (InterruptedException | RuntimeException | Error e) {
      // To whoever waits for what was not played.
      for (Case tried : cases) played.get(tried).completeExceptionally(e);
      collected.get(transport).completeExceptionally(e);
    }
  }

  /** Waits until the case was played. */
  Played of(Case tried) throws InterruptedException, ExecutionException {
    return played.get(tried).get();
  }

  /** Waits until all was played on the transport, and garbage was collected. */
  Played collected(String transport) throws InterruptedException, ExecutionException {
    return collected.get(transport).get();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
