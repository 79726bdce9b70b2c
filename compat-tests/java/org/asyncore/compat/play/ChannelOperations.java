package org.asyncore.compat.play;

import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.compat.scenario.Action;
import org.asyncore.compat.scenario.Bytes;
import org.asyncore.compat.scenario.ScenarioException;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.WouldBlockException;

/** Calls of the methods that every channel has, and of the module's functions on one channel. */
final class ChannelOperations {
  private static final byte[] FILLING = new byte[65536];
  private static final int REFUSALS = 3;

  private final World world;

  ChannelOperations(World world) {
    this.world = world;
  }

  Map<String, Operation> all() {
    Map<String, Operation> all = new HashMap<>();
    all.put("create_socket", call(this::createSocket));
    all.put("set_reuse_addr", call((channel, action) -> channel.setReuseAddr()));
    all.put("bind", call(this::bind));
    all.put("listen", call((channel, action) -> channel.listen(action.integer("backlog", 5))));
    all.put("connect", call(this::connect));
    all.put("accept", call((channel, action) -> channel.accept()));
    all.put("send", call((channel, action) -> channel.send(action.bytes("data"))));
    all.put("recv", call((channel, action) -> channel.recv(action.integer("n"))));
    all.put("recv_until_block", call(this::recvUntilBlock));
    all.put("fill", call((channel, action) -> fill(channel)));
    all.put("close", call((channel, action) -> channel.close()));
    all.put("call", call((channel, action) -> callMethod(channel, action.text("method"))));
    all.put("add_channel", call((channel, action) -> channel.addChannel(mapOf(action))));
    all.put("del_channel", call((channel, action) -> channel.delChannel(mapOf(action))));
    all.put("set", call(this::set));
    all.put("quiet", call(this::quiet));
    all.put("log", call((channel, action) -> channel.log(action.text("message"))));
    all.put("log_info", call(this::logInfo));
    all.put("dispatch_read", call((channel, action) -> Asyncore.read(channel)));
    all.put("dispatch_write", call((channel, action) -> Asyncore.write(channel)));
    all.put("dispatch_expt", call((channel, action) -> Asyncore.exception(channel)));
    all.put("dispatch_readwrite", call(this::readwrite));
    all.put("see", action -> see(world.channel(action.text("ch")), action.list("what")));
    return all;
  }

  /** A call without a value that the trace would show. */
  private interface Method {
    void call(Dispatcher channel, Action action);
  }

  private Operation call(Method method) {
    return action -> {
      method.call(world.channel(action.text("ch")), action);
      return null;
    };
  }

  // --- sockets ---

  private void createSocket(Dispatcher channel, Action action) {
    String type = action.text("type", "stream").toUpperCase(Locale.ROOT);
    createSocket(channel, action.family(), SocketType.valueOf(type));
  }

  void createSocket(Dispatcher channel, Family family, SocketType type) {
    channel.createSocket(family, type);
    world.noDelay(channel.socket());
  }

  private void bind(Dispatcher channel, Action action) {
    String name = action.text("ch");
    SocketAddress address =
        action.has("to")
            ? world.addresses().of(action.text("to"))
            : world.addresses().fresh(name, channel.family());
    bind(channel, name, address);
  }

  void bind(Dispatcher channel, String name, SocketAddress address) {
    channel.bind(address);
    world.addresses().remember(name, channel.socket().getsockname(), true);
  }

  private void connect(Dispatcher channel, Action action) {
    connect(channel, action.text("ch"), action.text("to"));
  }

  void connect(Dispatcher channel, String name, String to) {
    Variant.ofThisRun().prepare(channel);
    try {
      channel.connect(world.addresses().of(to));
    } finally {
      AsyncSocket socket = channel.socket();
      if (socket.fileno() >= 0) world.addresses().rememberConnecting(name, socket);
    }
  }

  // --- bytes ---

  private void recvUntilBlock(Dispatcher channel, Action action) {
    int byteCount = action.integer("n");
    try {
      while (channel.recv(byteCount).length > 0) {}
    } catch (WouldBlockException wasExpected) {
      // All is read.
    }
  }

  private void fill(Dispatcher channel) {
    Script script = Scripted.of(channel);
    boolean wasQuiet = script.isQuiet();
    script.quiet(true);
    int refused = 0;
    while (refused < REFUSALS) {
      if (channel.send(FILLING) > 0) {
        refused = 0;
      } else {
        refused++;
        world.waiting().settle();
      }
    }
    script.quiet(wasQuiet);
  }

  // --- methods ---

  private void callMethod(Dispatcher channel, String method) {
    switch (method) {
      case "handle_read" -> channel.handleRead();
      case "handle_write" -> channel.handleWrite();
      case "handle_expt" -> channel.handleExpt();
      case "handle_connect" -> channel.handleConnect();
      case "handle_accept" -> channel.handleAccept();
      case "handle_close" -> channel.handleClose();
      case "handle_error" -> channel.handleError(world.handledError());
      case "handle_read_event" -> channel.handleReadEvent();
      case "handle_write_event" -> channel.handleWriteEvent();
      case "handle_expt_event" -> channel.handleExptEvent();
      case "handle_connect_event" -> channel.handleConnectEvent();
      case "close" -> channel.close();
      case "add_channel" -> channel.addChannel();
      case "del_channel" -> channel.delChannel();
      case "initiate_send" -> initiateSend(channel);
      case "found_terminator" -> ChatOperations.chat(channel).foundTerminator();
      default -> throw new ScenarioException("no method " + method);
    }
  }

  private static void initiateSend(Dispatcher channel) {
    if (channel instanceof DispatcherWithSend withSend) withSend.initiateSend();
    else ChatOperations.chat(channel).initiateSend();
  }

  private SocketMap mapOf(Action action) {
    return action.has("map") ? world.map(action.text("map")) : null;
  }

  private void set(Dispatcher channel, Action action) {
    for (String method : List.of("readable", "writable")) {
      if (action.value(method) == null) continue;
      Scripted.of(channel).predicates().set(method, action.value(method));
    }
  }

  private void quiet(Dispatcher channel, Action action) {
    Scripted.of(channel).quiet(action.flag("on", true));
  }

  private void logInfo(Dispatcher channel, Action action) {
    if (action.has("type")) channel.logInfo(action.text("message"), action.text("type"));
    else channel.logInfo(action.text("message"));
  }

  private void readwrite(Dispatcher channel, Action action) {
    int flags = 0;
    for (Object flag : action.list("flags")) {
      flags |=
          switch ((String) flag) {
            case "in" -> Readiness.IN;
            case "out" -> Readiness.OUT;
            case "pri" -> Readiness.PRI;
            case "hup" -> Readiness.HUP;
            case "err" -> Readiness.ERR;
            case "nval" -> Readiness.NVAL;
            default -> throw new ScenarioException("no flag " + flag);
          };
    }
    Asyncore.readwrite(channel, flags);
  }

  // --- observation ---

  private Object see(Dispatcher channel, List<?> what) {
    Map<String, Object> seen = new LinkedHashMap<>();
    for (Object item : what) seen.put((String) item, see(channel, (String) item));
    return seen;
  }

  private Object see(Dispatcher channel, String what) {
    return switch (what) {
      case "flags" -> flags(channel);
      case "addr" -> world.addresses().show(channel.addr());
      case "repr" -> world.texts().repr(channel);
      case "readable" -> channel.readable();
      case "writable" -> channel.writable();
      case "socket" -> socketState(channel.socket());
      case "out_buffer" -> Bytes.show(((DispatcherWithSend) channel).outBuffer());
      case "reuse_addr" -> channel.socket().getsockopt(StandardSocketOptions.SO_REUSEADDR);
      default -> ChatOperations.see(ChatOperations.chat(channel), what);
    };
  }

  private static List<String> flags(Dispatcher channel) {
    List<String> flags = new ArrayList<>();
    if (channel.connected()) flags.add("connected");
    if (channel.accepting()) flags.add("accepting");
    if (channel.connecting()) flags.add("connecting");
    if (channel.closing()) flags.add("closing");
    return flags;
  }

  private static String socketState(AsyncSocket socket) {
    if (socket == null) return "none";
    return socket.fileno() >= 0 ? "open" : "closed";
  }
}
