package org.asyncore.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * Tells virtual threads from others. Java has them from 21 on and the library is built for 17, so
 * {@code Thread.isVirtual} is looked up: here, and nowhere else. From any thread.
 */
public final class VirtualThreads {
  /** Null where Java has none, and in a native image that was not told of it. */
  private static final @Nullable MethodHandle IS_VIRTUAL = find();

  private VirtualThreads() {}

  private static @Nullable MethodHandle find() {
    try {
      MethodType question = MethodType.methodType(boolean.class);
      return MethodHandles.publicLookup().findVirtual(Thread.class, "isVirtual", question);
    } catch (ReflectiveOperationException | LinkageError none) {
      return null;
    }
  }

  /** Whether the current thread is one; false on Java 17. */
  public static boolean isCurrent() {
    if (IS_VIRTUAL == null) return false;
    try {
      return (boolean) IS_VIRTUAL.invokeExact(Thread.currentThread());
    } catch (Throwable never) {
      throw new AssertionError("Thread.isVirtual throws", never);
    }
  }
}
