package org.asyncore;

import java.util.List;
import java.util.Set;

/**
 * Whether a class leaves {@code readable()} and {@code writable()}, and what they ask, as the
 * library wrote them. Those answer from fields that every change touches, so that {@link
 * Interest#ON_TOUCH} shows to nobody.
 *
 * <p>The one place that reflects, once a class: a method cannot learn whether it is overridden, and
 * to have each program say so would leave those slow that were ported and not touched since. What
 * cannot be found out counts as overridden: in a native image that is so of classes that its
 * metadata does not name, which is exact, and slow.
 */
final class InheritedPredicates extends ClassValue<Boolean> {
  private static final List<String> ASKED =
      List.of("readable", "writable", "accepting", "connected", "socket");

  /** By name: asynchat knows this package, and not the other way round. */
  private static final Set<String> OURS =
      Set.of(
          "org.asyncore.Dispatcher",
          "org.asyncore.DispatcherWithSend",
          "org.asyncore.asynchat.AsyncChat");

  private static final InheritedPredicates INHERITED = new InheritedPredicates();

  static boolean of(Dispatcher dispatcher) {
    return INHERITED.get(dispatcher.getClass());
  }

  @Override
  protected Boolean computeValue(Class<?> type) {
    try {
      for (String name : ASKED) {
        if (!OURS.contains(type.getMethod(name).getDeclaringClass().getName())) return false;
      }
      return true;
    } catch (NoSuchMethodException | SecurityException | LinkageError unknown) {
      return false; // A LinkageError is what native images throw for what they left out.
    }
  }
}
