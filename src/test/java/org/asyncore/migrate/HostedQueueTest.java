package org.asyncore.migrate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.asyncore.ScheduledCall;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.asynchat.ProducerFifo.Entry;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a program does to a queue, and to its calls, where nobody loops. */
class HostedQueueTest {
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final List<String> told = new ArrayList<>();
  private AsyncChat chat;

  /** Queues what it reads, by hand. */
  private final class Chat extends AsyncChat {
    Chat(AsyncSocket socket, SocketMap map) {
      super(socket, map);
      setTerminator(new byte[] {'\n'});
      waterMarks(0, 5);
    }

    @Override
    public void collectIncomingData(byte[] data) {
      producerFifo().addLast(Entry.of(data));
    }

    @Override
    public void foundTerminator() {
      producerFifo().addFirst(Entry.of("> ".getBytes(US_ASCII)));
      whenSent(() -> told.add("sent"));
    }

    @Override
    public void handleHighWater() {
      told.add("high");
    }

    @Override
    public void handleLowWater() {
      told.add("low");
    }
  }

  @BeforeEach
  void host() {
    channel.freezeTime();
    DispatcherHandler handler = new DispatcherHandler(Chat::new);
    channel.pipeline().addLast(handler);
    channel.runPendingTasks();
    chat = (AsyncChat) handler.dispatcher();
  }

  @AfterEach
  void close() {
    chat.close();
    channel.finishAndReleaseAll();
  }

  private String sent() {
    channel.runPendingTasks();
    StringBuilder all = new StringBuilder();
    for (ByteBuf each; (each = channel.readOutbound()) != null; each.release()) {
      all.append(each.toString(US_ASCII));
    }
    return all.toString();
  }

  @Test
  void whatACallbackQueuesIsSent() {
    channel.writeInbound(Unpooled.copiedBuffer("hello\n", US_ASCII));
    assertEquals("> hello", sent());
    assertEquals(List.of("high", "low", "sent"), told);
  }

  @Test
  void whatAnotherTaskQueuesIsSentWhenItSaysSo() {
    chat.producerFifo().addLast(Entry.of("news".getBytes(US_ASCII)));
    chat.interestChanged();
    assertEquals("news", sent());
  }

  @Test
  void aCallThatIsResetWaitsAsLongAgain() {
    ScheduledCall call = chat.callEvery(Duration.ofSeconds(10), () -> told.add("called"));
    after(9);
    assertTrue(call.reset());
    after(9);
    assertEquals(List.of(), told);
    after(1);
    assertEquals(List.of("called"), told);
  }

  private void after(int seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    channel.runPendingTasks();
  }
}
