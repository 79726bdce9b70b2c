package org.asyncore.compat.play;

import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import net.bytebuddy.implementation.bind.annotation.AllArguments;
import net.bytebuddy.implementation.bind.annotation.Origin;
import net.bytebuddy.implementation.bind.annotation.RuntimeType;
import net.bytebuddy.implementation.bind.annotation.SuperCall;
import net.bytebuddy.implementation.bind.annotation.This;
import org.asyncore.Dispatcher;
import org.asyncore.transport.Accepted;

/** A call of a method of a {@link ScriptedClass}, which its script hears of first. */
public final class ScriptedCall {
  private ScriptedCall() {}

  /**
   * Makes a call.
   *
   * @param method the library's
   * @param inherited calls the method that the library's class has, with the same arguments
   */
  @RuntimeType
  public static Object make(
      @This Dispatcher channel,
      @Origin Method method,
      @AllArguments Object[] args,
      @SuperCall Callable<?> inherited) {
    String name = method.getName();
    Script script = Scripted.of(channel);
    Supplier<Object> call = () -> call(inherited);
    return switch (name) {
      case "recv" ->
          args[0] instanceof ByteBuffer target
              ? (Object) Transfers.recv(script, target, () -> (int) call.get())
              : script.returned(byte[].class, name, () -> (byte[]) call.get(), args);
      case "send" ->
          args[0] instanceof ByteBuffer data
              ? Transfers.send(script, data, () -> (int) call.get())
              : Transfers.send(script, args, () -> (int) call.get());
      case "accept" -> script.returned(Accepted.class, name, () -> (Accepted) call.get());
      case "readable", "writable" -> script.predicate(name, () -> (boolean) call.get());
      case "setSocket" -> {
        Object nothing = call.get();
        SwitchedOn.by(channel);
        yield nothing;
      }
      default -> entered(script, channel, name, args, () -> run(name, call));
    };
  }

  private static Object entered(
      Script script, Dispatcher channel, String name, Object[] args, Runnable inherited) {
    switch (name) {
      case "handleError" -> script.handlesError((Throwable) args[0], inherited);
      case "addChannel" -> {
        script.belongsTo(channel);
        script.entered("add_channel", inherited);
      }
      default -> script.entered(pythonName(name), inherited, args);
    }
    return null;
  }

  private static void run(String name, Supplier<Object> call) {
    if (call.get() != null) throw new AssertionError("a method with a result: " + name);
  }

  private static String pythonName(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  private static Object call(Callable<?> inherited) {
    try {
      return inherited.call();
    } catch (Throwable thrown) {
      throw Exceptions.raise(thrown);
    }
  }
}
