package org.asyncore;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * The observers that the command line asks for, {@code -Dorg.asyncore.observers=JfrEvents,..}: of
 * those that are there as services, the library's own and others, by the names of their classes.
 * They are looked for once a process. Each map has its own.
 */
final class NamedObservers {
  private static final String PROPERTY = "org.asyncore.observers";

  private NamedObservers() {}

  /** Only loaded where somebody asks. */
  private static final class Asked {
    static final NamedProviders PROVIDERS = NamedProviders.of(System.getProperty(PROPERTY));
  }

  /** What was found, or what is wrong. */
  record NamedProviders(
      List<ServiceLoader.Provider<LoopObserver>> found, @Nullable String problem) {
    static NamedProviders of(String names) {
      ClassLoader ours = LoopObserver.class.getClassLoader();
      List<ServiceLoader.Provider<LoopObserver>> all =
          ServiceLoader.load(LoopObserver.class, ours).stream().toList();
      List<ServiceLoader.Provider<LoopObserver>> found = new ArrayList<>();
      for (String name : names.split(",", -1)) {
        List<ServiceLoader.Provider<LoopObserver>> named =
            all.stream().filter(p -> is(p, name.strip())).toList();
        if (named.isEmpty()) return new NamedProviders(List.of(), problem(name.strip(), all));
        found.add(named.get(0));
      }
      return new NamedProviders(found, null);
    }

    private static boolean is(ServiceLoader.Provider<LoopObserver> provider, String name) {
      Class<?> type = provider.type();
      return type.getName().equals(name) || type.getSimpleName().equals(name);
    }

    private static String problem(String name, List<ServiceLoader.Provider<LoopObserver>> all) {
      List<String> names = all.stream().map(each -> each.type().getSimpleName()).toList();
      return "no observer is named " + name + " (-D" + PROPERTY + "); there are " + names;
    }

    @Nullable LoopObserver make() {
      if (problem != null) throw new IllegalArgumentException(problem);
      @Nullable LoopObserver observer = null;
      for (ServiceLoader.Provider<LoopObserver> provider : found) {
        LoopObserver next = provider.get();
        observer = observer == null ? next : observer.andThen(next);
      }
      return observer;
    }
  }

  /**
   * For a new map; null where none is asked for.
   *
   * @throws IllegalArgumentException if one is not there
   */
  static @Nullable LoopObserver make() {
    return System.getProperty(PROPERTY) == null ? null : Asked.PROVIDERS.make();
  }
}
