package org.asyncore.asynchat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random input, cuts, terminators and callbacks: the same calls as Python's own algorithm. */
class AsyncChatIsPythonsTest {
  private static final int ROUNDS = 3_000;

  /** A callback does one of these things, the same in both. */
  private enum Kind {
    NOTHING,
    BYTES,
    COUNT,
    NONE,
    DISCARD,
    REPLACE,
    THROW
  }

  private record Action(Kind kind, String bytes, int count) {
    static Action random(Random random, int busy) {
      Kind kind = random.nextInt(100) < busy ? pick(random) : Kind.NOTHING;
      return new Action(kind, PythonChat.randomText(random, 5), random.nextInt(7));
    }

    private static Kind pick(Random random) {
      List<Kind> kinds = List.of(Kind.values());
      return kinds.get(random.nextInt(kinds.size()));
    }
  }

  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 40, 90})
  void inputIsDeliveredAsPythonDoes(int busy) {
    for (int round = 0; round < ROUNDS; round++) {
      Random random = new Random(busy * 100_000L + round);
      List<Action> actions = new ArrayList<>();
      for (int i = 0; i < 40; i++) actions.add(Action.random(random, busy));
      List<String> reads = new ArrayList<>();
      for (int i = random.nextInt(15); i >= 0; i--) {
        reads.add(PythonChat.randomText(random, 10) + "a");
      }
      compare(actions, reads, "busy " + busy + ", round " + round + ": " + reads);
    }
  }

  private static void compare(List<Action> actions, List<String> reads, String what) {
    PythonChat python = python(actions);
    RecordingChat chat = RecordingChat.overConnected();
    chat.onData(data -> act(chat, actions, chat.calls.size()));
    chat.onFound(() -> act(chat, actions, chat.calls.size()));
    Action first = actions.get(0);
    python.terminator = first.count % 2 == 0 ? first.bytes : Long.valueOf(first.count);
    if (first.count % 2 == 0) chat.setTerminator(first.bytes.getBytes(ISO_8859_1));
    else chat.setTerminator(first.count);

    for (String read : reads) {
      String thrown = thrownBy(() -> python.handleRead(read));
      chat.wire.feed(read);
      assertEquals(thrown, thrownBy(chat::handleRead), what);
      assertEquals(python.calls, chat.calls, what);
      assertEquals(python.acInBuffer, chat.pending(), what);
    }
  }

  private static PythonChat python(List<Action> actions) {
    PythonChat[] self = {null};
    self[0] =
        new PythonChat(
            number -> {
              Action action = actions.get(number % actions.size());
              switch (action.kind) {
                case NOTHING -> {}
                case BYTES -> self[0].terminator = action.bytes;
                case COUNT -> self[0].terminator = Long.valueOf(action.count);
                case NONE -> self[0].terminator = null;
                case DISCARD -> self[0].acInBuffer = "";
                case REPLACE -> {
                  if (number < actions.size()) self[0].acInBuffer = action.bytes;
                }
                case THROW -> throw new Refused();
              }
            });
    return self[0];
  }

  private static void act(AsyncChat chat, List<Action> actions, int number) {
    Action action = actions.get(number % actions.size());
    switch (action.kind) {
      case NOTHING -> {}
      case BYTES -> chat.setTerminator(action.bytes.getBytes(ISO_8859_1));
      case COUNT -> chat.setTerminator(action.count);
      case NONE -> chat.setTerminator(null);
      case DISCARD -> chat.discardBuffers();
      case REPLACE -> { // Not for ever, as input would never end.
        if (number < actions.size()) chat.acInBuffer(action.bytes.getBytes(ISO_8859_1));
      }
      case THROW -> throw new Refused();
    }
  }

  /** A count that became something else is a TypeError in Python, of the one or the other kind. */
  private static String thrownBy(Runnable call) {
    try {
      call.run();
      return "nothing";
    } catch (Refused e) {
      return "Refused";
    } catch (ClassCastException | NullPointerException e) {
      return "TypeError";
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 1000})
  void outputIsSentAsPythonDoes(int outBufferSize) {
    for (int round = 0; round < ROUNDS; round++) {
      Random random = new Random(outBufferSize * 100_000L + round);
      PythonFifo python = new PythonFifo(outBufferSize);
      RecordingChat chat = RecordingChat.overConnected();
      chat.acOutBufferSize(outBufferSize);
      for (int step = 0; step < 20; step++) {
        int room = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(9);
        python.room = room;
        chat.wire.takesAtMost(room);
        String data = PythonChat.randomText(random, 12);
        int kind = random.nextInt(12);
        switch (kind) {
          case 0, 1, 2 -> {
            python.push(data);
            chat.push(data.getBytes(ISO_8859_1));
          }
          case 3 -> {
            python.pushWithProducer(data);
            chat.producerFifo().addLast(ProducerFifo.Entry.of(data.getBytes(ISO_8859_1)));
            chat.initiateSend();
          }
          case 4 -> {
            python.pushWithProducer(pieces(data, 4));
            chat.pushWithProducer(new SimpleProducer(data.getBytes(ISO_8859_1), 4));
          }
          case 5 -> {
            if (step > 10) {
              python.fifo.add(PythonFifo.NONE);
              chat.closeWhenDone();
            }
          }
          default -> {
            python.initiateSend();
            chat.handleWrite();
          }
        }
        String what = "size " + outBufferSize + ", round " + round + ", step " + step;
        assertEquals(python.sends, chat.wire.sends(), what);
        assertEquals(python.fifo.size(), chat.producerFifo().size(), what);
        assertEquals(python.connected, chat.connected(), what);
      }
    }
  }

  private static Deque<String> pieces(String data, int size) {
    Deque<String> pieces = new ArrayDeque<>();
    for (int i = 0; i < data.length(); i += size) {
      pieces.add(data.substring(i, Math.min(data.length(), i + size)));
    }
    return pieces;
  }

  /** {@code async_chat.initiate_send} and what fills its queue, line by line. */
  private static final class PythonFifo {
    static final Object NONE = new Object();

    final ArrayDeque<Object> fifo = new ArrayDeque<>();
    final List<String> sends = new ArrayList<>();
    final int obs;
    boolean connected = true;
    int room;

    PythonFifo(int obs) {
      this.obs = obs;
    }

    void push(String data) {
      if (data.length() > obs) {
        for (int i = 0; i < data.length(); i += obs) fifo.add(PythonChat.slice(data, i, i + obs));
      } else {
        fifo.add(data);
      }
      initiateSend();
    }

    void pushWithProducer(Object producer) {
      fifo.add(producer);
      initiateSend();
    }

    void initiateSend() {
      while (!fifo.isEmpty() && connected) {
        Object first = fifo.getFirst();
        if (first == NONE || first.equals("")) {
          fifo.removeFirst();
          if (first == NONE) {
            connected = false;
            return;
          }
        }
        if (first instanceof Deque<?> producer) {
          Object data = producer.poll();
          if (data != null) fifo.addFirst(data);
          else fifo.removeFirst();
          continue;
        }
        String text = (String) first;
        String data = PythonChat.slice(text, 0, obs);
        int sent = Math.min(room, data.length());
        if (sent > 0 || data.isEmpty()) sends.add(data.substring(0, sent));
        if (sent == 0) return;
        if (sent < data.length() || obs < text.length()) {
          fifo.removeFirst();
          fifo.addFirst(text.substring(sent));
        } else {
          fifo.removeFirst();
        }
        return;
      }
    }
  }
}
