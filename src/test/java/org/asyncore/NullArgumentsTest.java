package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.asynchat.Asynchat;
import org.asyncore.asynchat.Producer;
import org.asyncore.asynchat.ProducerFifo;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.ScriptedTransport;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.asyncore.transport.SocketType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Null, for each argument of each public method of the classes that programs call: refused, unless
 * the argument is {@link Nullable}, which its Javadoc then tells.
 */
class NullArgumentsTest {
  /** Called by the loop, or to be overridden: what they do with an argument is the program's. */
  private static final Set<String> CALLBACKS =
      Set.of("handleError", "handleAccepted", "handleUserEvent", "collectIncomingData");

  private static final Map<Class<?>, Supplier<Object>> SAMPLES =
      Map.ofEntries(
          Map.entry(byte[].class, () -> new byte[4]),
          Map.entry(String.class, () -> "text"),
          Map.entry(ByteBuffer.class, () -> ByteBuffer.allocate(4)),
          Map.entry(Charset.class, () -> StandardCharsets.UTF_8),
          Map.entry(Duration.class, () -> Duration.ofSeconds(1)),
          Map.entry(Runnable.class, () -> (Runnable) () -> {}),
          Map.entry(SocketAddress.class, () -> new InetSocketAddress(1)),
          Map.entry(Family.class, () -> Family.INET),
          Map.entry(SocketType.class, () -> SocketType.STREAM),
          Map.entry(Interest.class, () -> Interest.EVERY_PASS),
          Map.entry(AsyncSocket.class, ScriptedSocket::new),
          Map.entry(SocketMap.class, NullArgumentsTest::map),
          Map.entry(Dispatcher.class, () -> new Dispatcher(map())),
          Map.entry(Producer.class, () -> (Producer) () -> null),
          Map.entry(ProducerFifo.Entry.class, ProducerFifo.Entry::close),
          Map.entry(int.class, () -> 1),
          Map.entry(long.class, () -> 1L),
          Map.entry(double.class, () -> 0.0),
          Map.entry(boolean.class, () -> false));

  private static final Map<Class<?>, Supplier<Object>> SUBJECTS =
      Map.of(
          Asyncore.class, () -> "static",
          Asynchat.class, () -> "static",
          SocketMap.class, NullArgumentsTest::map,
          Dispatcher.class, () -> new Dispatcher(new ScriptedSocket(), map()),
          DispatcherWithSend.class, () -> new DispatcherWithSend(new ScriptedSocket(), map()),
          AsyncChat.class, NullArgumentsTest::chat,
          ProducerFifo.class, () -> chat().producerFifo());

  private static SocketMap map() {
    return new SocketMap(new ScriptedTransport());
  }

  private static AsyncChat chat() {
    return new AsyncChat(new ScriptedSocket(), map()) {};
  }

  record Argument(Class<?> type, Method method, int index) {
    /**
     * As its annotation says; the one of {@code compactTraceback} is an AssertionError, as in
     * Python.
     */
    boolean hasMeaning() {
      return method.getAnnotatedParameterTypes()[index].isAnnotationPresent(Nullable.class)
          || method.getName().equals("compactTraceback");
    }

    @Override
    public String toString() {
      String name = method.getDeclaringClass().getSimpleName() + "." + method.getName();
      return type.getSimpleName() + ": " + name + " " + index + " of " + Arrays.toString(types());
    }

    private String[] types() {
      return Stream.of(method.getParameterTypes()).map(Class::getSimpleName).toArray(String[]::new);
    }
  }

  static Stream<Argument> arguments() {
    return SUBJECTS.keySet().stream()
        .flatMap(
            type ->
                Stream.of(type.getMethods())
                    .filter(NullArgumentsTest::isOurs)
                    .flatMap(method -> arguments(type, method)));
  }

  private static boolean isOurs(Method method) {
    return method.getDeclaringClass().getName().startsWith("org.asyncore")
        && !method.isSynthetic()
        && !CALLBACKS.contains(method.getName());
  }

  private static Stream<Argument> arguments(Class<?> type, Method method) {
    return IntStream.range(0, method.getParameterCount())
        .filter(index -> !method.getParameterTypes()[index].isPrimitive())
        .mapToObj(index -> new Argument(type, method, index))
        .filter(argument -> !argument.hasMeaning());
  }

  @ParameterizedTest
  @MethodSource("arguments")
  void nullIsRefusedByTheNameOfTheArgument(Argument tried) throws IllegalAccessException {
    Object subject = SUBJECTS.get(tried.type()).get();
    Object[] arguments = new Object[tried.method().getParameterCount()];
    for (int i = 0; i < arguments.length; i++) {
      Class<?> type = tried.method().getParameterTypes()[i];
      if (i != tried.index()) arguments[i] = SAMPLES.get(type).get();
    }
    Throwable refusal = null;
    try {
      boolean isStatic = Modifier.isStatic(tried.method().getModifiers());
      tried.method().invoke(isStatic ? null : subject, arguments);
    } catch (InvocationTargetException thrown) {
      refusal = thrown.getCause();
    }
    assertTrue(refusal instanceof NullPointerException, "refused by " + refusal);
    String message = refusal.getMessage();
    assertTrue(message != null && message.matches("\\w+ is null"), message);
  }
}
