package org.asyncore.examples;

import java.net.SocketAddress;
import java.util.List;
import java.util.function.Consumer;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;

/**
 * Takes mail as RFC 5321 says, with SIZE, 8BITMIME and PIPELINING, and hands it to a mailbox: what
 * Python's {@code smtpd} was to asynchat. {@link SmtpSession} speaks.
 *
 * <p>It has no timeouts, as asyncore has no timers.
 */
public class SmtpServer extends Dispatcher {
  /** What a message may have, in bytes. */
  static final int MAX_MESSAGE = 10 << 20;

  /**
   * A message, taken over from its sender.
   *
   * @param sender the reverse-path; empty for a bounce
   * @param recipients the forward-paths, one or more
   * @param data header and body, lines ended by CRLF, without the dots of the transfer
   */
  @SuppressWarnings("ArrayRecordComponent") // The array is handed over, never shared or compared.
  public record Message(String sender, List<String> recipients, byte[] data) {}

  private final Consumer<Message> mailbox;

  /**
   * A server in this map; null for the default one.
   *
   * @param mailbox called in the loop's thread; if it throws, the sender keeps the message
   */
  public SmtpServer(String host, int port, SocketMap map, Consumer<Message> mailbox) {
    super(map);
    this.mailbox = mailbox;
    createSocket();
    setReuseAddr();
    bind(host, port);
    listen(128);
  }

  @Override
  public void handleAccepted(AsyncSocket socket, SocketAddress address) {
    new SmtpSession(socket, map(), mailbox);
  }

  public static void main(String[] args) throws InterruptedException {
    new SmtpServer(
        "127.0.0.1",
        Integer.parseInt(args[0]),
        null,
        mail ->
            System.out.println(
                mail.data().length
                    + " bytes from <"
                    + mail.sender()
                    + "> to "
                    + mail.recipients()));
    Asyncore.loop();
  }
}
