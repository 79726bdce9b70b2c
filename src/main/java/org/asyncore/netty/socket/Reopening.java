package org.asyncore.netty.socket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.AttributeKey;
import io.netty.util.internal.InternalThreadLocalMap;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.asyncore.netty.kernel.Addresses;
import org.asyncore.netty.kernel.ErrnoMapping;
import org.asyncore.netty.kernel.Options;
import org.asyncore.netty.kernel.SystemOptions;

/**
 * What a channel was before its connect: Netty, and the JDK, close a channel whose connect fails,
 * and in asyncore the socket is there to try again. So another channel takes its place, with
 * everything that the first one had: options, the bound name, the handlers.
 *
 * <p>A handler that cannot be used twice, as it ends with its channel, has a recipe by which
 * another one is made: see {@link #recipe}. Attributes stay behind, as Netty does not tell which
 * there are (docs/differences.md#attributes-of-a-failed-connect).
 *
 * <p>Confined to the holder of the turn.
 */
public final class Reopening {
  /** Handlers to be made anew, by their names in the pipeline. */
  private static final AttributeKey<Map<String, Supplier<ChannelHandler>>> RECIPES =
      AttributeKey.valueOf(Reopening.class, "recipes");

  private final Map<ChannelOption<?>, Object> options;
  private final Boolean reusesPort;

  /** Null for none. */
  private final SocketAddress boundTo;

  private Reopening(
      Map<ChannelOption<?>, Object> options, Boolean reusesPort, SocketAddress boundTo) {
    this.options = options;
    this.reusesPort = reusesPort;
    this.boundTo = boundTo;
  }

  /** What there is to carry over of a channel that is about to connect. */
  public static Reopening of(Channel fresh) {
    return new Reopening(
        Options.all(fresh),
        Options.has(fresh, StandardSocketOptions.SO_REUSEPORT),
        boundName(fresh));
  }

  private static SocketAddress boundName(Channel fresh) {
    SocketAddress local = fresh.localAddress();
    if (local == null && fresh instanceof UnixChannel unix) local = boundPast(unix);
    if (local instanceof InetSocketAddress inet) return inet.getPort() == 0 ? null : inet;
    return local == null || Addresses.isUnnamed(local) ? null : local;
  }

  /** A bind past the channel is known to the system alone. */
  private static SocketAddress boundPast(UnixChannel fresh) {
    Socket socket = (Socket) fresh.fd();
    return fresh instanceof DomainSocketChannel
        ? socket.localDomainSocketAddress()
        : socket.localAddress();
  }

  /** Has another channel, which no loop has yet, take the options and the handlers over. */
  public void onto(Channel another, Channel spent, Consumer<Channel> takeEnd) {
    options.forEach((option, value) -> set(another, option, value));
    if (reusesPort != null) Options.set(another, StandardSocketOptions.SO_REUSEPORT, reusesPort);
    SystemOptions.carryOver(spent, another);
    Map<String, Supplier<ChannelHandler>> recipes = spent.attr(RECIPES).get();
    another.attr(RECIPES).set(recipes);
    ChannelPipeline from = spent.pipeline();
    removeOurs(from); // What the others say as they leave is nobody's business.
    for (Map.Entry<String, ChannelHandler> each : from.toMap().entrySet()) {
      ChannelHandler handler = each.getValue();
      from.remove(handler);
      Supplier<ChannelHandler> recipe = recipes == null ? null : recipes.get(each.getKey());
      add(another.pipeline(), each.getKey(), recipe == null ? handler : recipe.get());
    }
    takeEnd.accept(another);
  }

  private static void removeOurs(ChannelPipeline pipeline) {
    for (ChannelHandler each : pipeline.toMap().values()) {
      if (each instanceof StaysBehind) pipeline.remove(each);
    }
  }

  /** A handler of the library's, which belongs to one channel. */
  public interface StaysBehind extends ChannelHandler {}

  /** Gives it the name that the first one had; when it is registered. */
  public void bind(Channel another) {
    if (boundTo == null) return;
    try {
      if (boundTo instanceof UnixDomainSocketAddress unix) Files.deleteIfExists(unix.getPath());
    } catch (IOException inTheWay) {
      throw ErrnoMapping.osException(inTheWay);
    }
    ChannelFuture bound = another.bind(boundTo);
    if (!bound.isSuccess()) throw ErrnoMapping.osException(bound.cause());
  }

  @SuppressWarnings("unchecked") // Each value is one that this option had.
  private static void set(Channel channel, ChannelOption<?> option, Object value) {
    ChannelOption<Object> named = (ChannelOption<Object>) option;
    Object own = channel.config().getOption(named);
    if (value == null || value.equals(own) || option.equals(ChannelOption.RECVBUF_ALLOCATOR))
      return;
    try {
      channel.config().setOption(named, value);
      if (value.equals(channel.config().getOption(named))) return;
      // Linux tells twice what was set: the other half is for its own use.
      if (isBufferSize(option)) channel.config().setOption(named, (Integer) value / 2);
    } catch (ChannelException readOnly) {
      throw ErrnoMapping.osException(readOnly);
    }
  }

  private static boolean isBufferSize(ChannelOption<?> option) {
    return option.equals(ChannelOption.SO_RCVBUF) || option.equals(ChannelOption.SO_SNDBUF);
  }

  /**
   * Netty refuses a handler that was in a pipeline before, unless it may be shared: this one is in
   * one only, at any time.
   */
  private static void add(ChannelPipeline pipeline, String name, ChannelHandler handler) {
    Map<Class<?>, Boolean> sharable = InternalThreadLocalMap.get().handlerSharableCache();
    Boolean before = sharable.put(handler.getClass(), true);
    try {
      pipeline.addLast(name, handler);
    } finally {
      if (before == null) sharable.remove(handler.getClass());
      else sharable.put(handler.getClass(), before);
    }
  }

  /** Says how a handler is made anew where its channel is replaced. */
  public static void recipe(Channel channel, String name, Supplier<ChannelHandler> recipe) {
    Map<String, Supplier<ChannelHandler>> recipes = channel.attr(RECIPES).get();
    if (recipes == null) {
      recipes = new HashMap<>();
      channel.attr(RECIPES).set(recipes);
    }
    recipes.put(name, recipe);
  }
}
