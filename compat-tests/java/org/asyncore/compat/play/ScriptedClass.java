package org.asyncore.compat.play;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import net.bytebuddy.dynamic.scaffold.subclass.ConstructorStrategy;
import net.bytebuddy.implementation.FieldAccessor;
import net.bytebuddy.implementation.MethodDelegation;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.matcher.ElementMatchers;
import org.asyncore.Dispatcher;

/**
 * A subclass of one of the library's classes in which each method that Python's programs may
 * override goes through a {@link Script}: record.py's class body, once for all kinds.
 */
final class ScriptedClass {
  /** Short forms of these call them, as Python's default arguments do. */
  private static final Set<String> OVERRIDDEN =
      Set.of(
          "handleRead()",
          "handleWrite()",
          "handleExpt()",
          "handleConnect()",
          "handleAccept()",
          "handleAccepted(AsyncSocket,SocketAddress)",
          "handleClose()",
          "handleError(Throwable)",
          "handleReadEvent()",
          "handleWriteEvent()",
          "handleExptEvent()",
          "handleConnectEvent()",
          "close()",
          "recv(int)",
          "recv(ByteBuffer)",
          "send(byte[],int,int)",
          "send(ByteBuffer)",
          "accept()",
          "readable()",
          "writable()",
          "addChannel(SocketMap)",
          "delChannel(SocketMap)",
          "setSocket(AsyncSocket,SocketMap)",
          "log(String)",
          "logInfo(String,String)",
          "initiateSend()",
          "collectIncomingData(byte[])",
          "foundTerminator()");

  private static final ClassValue<ScriptedClass> MADE =
      new ClassValue<>() {
        @Override
        protected ScriptedClass computeValue(Class<?> type) {
          return new ScriptedClass(type.asSubclass(Dispatcher.class));
        }
      };

  private final Class<? extends Dispatcher> subclass;

  static ScriptedClass of(Class<? extends Dispatcher> type) {
    return MADE.get(type);
  }

  private ScriptedClass(Class<? extends Dispatcher> type) {
    ElementMatcher<MethodDescription> isOverridden =
        method -> OVERRIDDEN.contains(signature(method));
    subclass =
        new ByteBuddy()
            .subclass(type, ConstructorStrategy.Default.IMITATE_SUPER_CLASS_PUBLIC)
            .name(ScriptedClass.class.getPackageName() + ".Scripted" + type.getSimpleName())
            .implement(Scripted.class)
            .defineField("script", Script.class, Visibility.PRIVATE)
            .method(ElementMatchers.named("script"))
            .intercept(FieldAccessor.ofField("script"))
            .method(isOverridden)
            .intercept(MethodDelegation.to(ScriptedCall.class))
            .make()
            .load(
                ScriptedClass.class.getClassLoader(),
                ClassLoadingStrategy.UsingLookup.of(MethodHandles.lookup()))
            .getLoaded();
  }

  private static String signature(MethodDescription method) {
    return method.getParameters().asTypeList().asErasures().stream()
        .map(type -> type.getSimpleName())
        .collect(Collectors.joining(",", method.getName() + "(", ")"));
  }

  /** A new channel, by the library's constructor for these arguments. */
  Dispatcher make(Script script, Class<?>[] types, Object... arguments) {
    Dispatcher channel = script.whileBuilding(() -> construct(types, arguments));
    ((Scripted) channel).script(script);
    return channel;
  }

  private Dispatcher construct(Class<?>[] types, Object... arguments) {
    try {
      return subclass.getConstructor(types).newInstance(arguments);
    } catch (InvocationTargetException thrown) {
      throw Exceptions.raise(thrown.getCause());
    } catch (ReflectiveOperationException missing) {
      throw new LinkageError("no constructor of " + Arrays.toString(types), missing);
    }
  }
}
