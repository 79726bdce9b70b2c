package org.asyncore.examples.cookbook;

import java.time.Duration;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.transport.Shutdown;

/**
 * How a server ends a conversation of which it cannot tell where the next request begins: closing
 * with bytes unread would reset, and could take the last answer from the client. So our end is said
 * first, behind the answers, what else comes is dropped, and the client's end closes.
 */
public final class Farewell {
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private Farewell() {}

  /** Has all that comes be handed to {@code collectIncomingData} as it is, which drops it. */
  public static void stopParsing(AsyncChat chat) {
    chat.setTerminator(null);
    chat.maxIncoming(AsyncChat.NO_LIMIT);
  }

  /** Says our end behind what is queued, and waits a while for the client's. */
  public static void endWhenSent(AsyncChat chat) {
    chat.whenSent(
        () -> {
          chat.socket().shutdown(Shutdown.WR);
          chat.callLater(LONGEST, chat::close);
        });
  }
}
