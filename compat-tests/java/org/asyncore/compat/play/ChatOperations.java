package org.asyncore.compat.play;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.asyncore.Dispatcher;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.asynchat.Producer;
import org.asyncore.asynchat.ProducerFifo;
import org.asyncore.asynchat.SimpleProducer;
import org.asyncore.asynchat.Terminator;
import org.asyncore.compat.scenario.Action;
import org.asyncore.compat.scenario.Bytes;
import org.asyncore.compat.scenario.Fields;
import org.asyncore.compat.scenario.ScenarioException;

/** Calls of async_chat's own methods. */
final class ChatOperations {
  private final World world;

  ChatOperations(World world) {
    this.world = world;
  }

  Map<String, Operation> all() {
    Map<String, Operation> all = new HashMap<>();
    all.put("set_terminator", call((chat, action) -> setTerminator(chat, action.value("value"))));
    all.put("push", call((chat, action) -> chat.push(action.bytes("data"))));
    all.put("close_when_done", call((chat, action) -> chat.closeWhenDone()));
    all.put("discard_buffers", call((chat, action) -> chat.discardBuffers()));
    all.put(
        "push_simple_producer",
        call((chat, action) -> chat.pushWithProducer(simpleProducer(action))));
    all.put("push_producer", call(this::pushProducer));
    all.put(
        "push_bytes_as_producer", call((chat, action) -> pushWhole(chat, action.bytes("data"))));
    all.put("keep_data", call(this::keepData));
    all.put(
        "get_data",
        action -> Bytes.show(chat(world.channel(action.text("ch"))).takeIncomingData()));
    return all;
  }

  private interface Method {
    void call(AsyncChat chat, Action action);
  }

  private Operation call(Method method) {
    return action -> {
      method.call(chat(world.channel(action.text("ch"))), action);
      return null;
    };
  }

  static AsyncChat chat(Dispatcher channel) {
    if (channel instanceof AsyncChat chat) return chat;
    throw new ScenarioException(Scripted.of(channel).name() + " is no async_chat");
  }

  static void setTerminator(AsyncChat chat, Object value) {
    if (value == null) chat.setTerminator(null);
    else if (value instanceof Long count) chat.setTerminator(count);
    else chat.setTerminator(Bytes.of(value));
  }

  static SimpleProducer simpleProducer(Fields action) {
    byte[] data = action.bytes("data");
    return action.has("size")
        ? new SimpleProducer(data, action.integer("size"))
        : new SimpleProducer(data);
  }

  private static void pushWhole(AsyncChat chat, byte[] data) {
    chat.producerFifo().addLast(ProducerFifo.Entry.of(data));
    chat.initiateSend();
  }

  private void pushProducer(AsyncChat chat, Action action) {
    Deque<Object> chunks = new ArrayDeque<>(action.list("chunks"));
    Producer producer = () -> chunks.isEmpty() ? new byte[0] : chunk(chunks.pop());
    chat.pushWithProducer(producer);
  }

  private byte[] chunk(Object chunk) {
    if (chunk instanceof Map<?, ?> rule && rule.containsKey("raise")) {
      throw Exceptions.raise(world.exceptions().make((String) rule.get("raise")));
    }
    return Bytes.of(chunk);
  }

  private void keepData(AsyncChat chat, Action action) {
    byte[] piece = Scripted.of((Dispatcher) chat).incomingPiece();
    chat.appendIncomingData(action.has("data") ? action.bytes("data") : piece);
  }

  static Object see(AsyncChat chat, String what) {
    return switch (what) {
      case "in_buffer" -> Bytes.show(chat.acInBuffer());
      case "fifo" -> chat.producerFifo().size();
      case "terminator" -> show(chat.getTerminator());
      default -> throw new ScenarioException("nothing to see: " + what);
    };
  }

  private static Object show(Terminator terminator) {
    if (terminator instanceof Terminator.Bytes bytes) return Bytes.show(bytes.bytes());
    return terminator instanceof Terminator.Count count ? count.remaining() : null;
  }
}
