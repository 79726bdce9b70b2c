package org.asyncore.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.asynchat.IncomingLimitException;
import org.asyncore.transport.AsyncSocket;

/**
 * One SMTP connection. Commands and text alike are lines, so its terminator never changes; what a
 * line means does:
 *
 * <pre>
 * COMMANDS   DATA, with sender and recipients known   354   TEXT
 * COMMANDS   QUIT                                     221   QUIT
 * COMMANDS   any other                                      COMMANDS
 * TEXT       a line of one dot                        250   COMMANDS
 * TEXT       any other                                      TEXT
 * QUIT       any                                      none  QUIT
 * </pre>
 */
final class SmtpSession extends AsyncChat {
  private enum Phase {
    COMMANDS,
    TEXT,
    QUIT
  }

  /** RFC 5321's 512 with CRLF; for MAIL's parameters RFC 1870 adds 26 and RFC 6152 17. */
  private static final int MAX_COMMAND = 512 - 2 + 26 + 17;

  /** RFC 5321 promises 998; programs send more. */
  private static final int MAX_TEXT_LINE = 1 << 16;

  private static final String HOST = "localhost";
  private static final int MAX_RECIPIENTS = 100;

  /** What a peer may leave unread before it is dropped. */
  private static final int MAX_REPLIES = 1 << 16;

  private final Consumer<SmtpServer.Message> mailbox;
  private Phase phase = Phase.COMMANDS;
  private boolean greeted;

  /** The reverse-path, null outside of a transaction. */
  private String sender;

  private final List<String> recipients = new ArrayList<>();
  private ByteArrayOutputStream text = new ByteArrayOutputStream();

  /** The reply that awaits a text that cannot be taken, else null. */
  private String refusal;

  SmtpSession(AsyncSocket socket, SocketMap map, Consumer<SmtpServer.Message> mailbox) {
    super(socket, map);
    this.mailbox = mailbox;
    setTerminator(new byte[] {'\r', '\n'});
    maxIncoming(MAX_COMMAND);
    maxOutgoing(MAX_REPLIES);
    reply("220 " + HOST + " ESMTP");
  }

  @Override
  public void collectIncomingData(byte[] data) {
    appendIncomingData(data);
  }

  @Override
  public void foundTerminator() {
    byte[] line = takeIncomingData();
    switch (phase) {
      case COMMANDS -> command(new String(line, ISO_8859_1));
      case TEXT -> textLine(line);
      case QUIT -> {} // Pipelined behind QUIT: async_chat delivers it all the same.
    }
  }

  @Override
  public void handleError(Throwable thrown) {
    if (!(thrown instanceof IncomingLimitException)) {
      super.handleError(thrown);
      return;
    }
    takeIncomingData(); // The beginning of the line; AsyncChat drops the rest.
    if (phase == Phase.TEXT) refuse("500 a line of the text is too long");
    else reply("500 line too long");
  }

  private void command(String line) {
    String[] words = line.split(" ", 2);
    String argument = words.length == 1 ? "" : words[1].strip();
    if (!line.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      reply("500 not printable ASCII");
      return;
    }
    switch (words[0].toUpperCase(Locale.ROOT)) {
      case "EHLO" -> hello(argument, true);
      case "HELO" -> hello(argument, false);
      case "MAIL" -> mail(SmtpPath.parse("FROM", argument));
      case "RCPT" -> rcpt(SmtpPath.parse("TO", argument));
      case "DATA" -> data(argument);
      case "RSET" -> rset(argument);
      case "NOOP" -> reply("250 OK");
      case "VRFY" -> reply(argument.isEmpty() ? "501 VRFY whom?" : "252 send it, and it will tell");
      case "QUIT" -> quit(argument);
      case "EXPN", "HELP" -> reply("502 not implemented");
      default -> reply("500 not a command");
    }
  }

  private void hello(String name, boolean extended) {
    if (name.isEmpty()) {
      reply("501 who is calling?");
      return;
    }
    greeted = true;
    reset();
    if (!extended) {
      reply("250 " + HOST);
      return;
    }
    reply("250-" + HOST);
    reply("250-SIZE " + SmtpServer.MAX_MESSAGE);
    reply("250-8BITMIME");
    reply("250 PIPELINING");
  }

  private void mail(SmtpPath path) {
    if (!greeted) {
      reply("503 EHLO first");
    } else if (sender != null) {
      reply("503 a MAIL is open");
    } else if (path == null || path.address().equalsIgnoreCase("postmaster")) {
      reply("501 syntax: MAIL FROM:<address>");
    } else if (accept(path.parameters())) {
      sender = path.address();
      reply("250 OK");
    }
  }

  private boolean accept(List<String> parameters) {
    for (String parameter : parameters) {
      String known = parameter.toUpperCase(Locale.ROOT);
      if (known.equals("BODY=7BIT") || known.equals("BODY=8BITMIME")) continue; // Both are welcome.
      if (!known.matches("SIZE=[0-9]{1,18}")) {
        reply("555 not a parameter: " + parameter);
        return false;
      }
      if (Long.parseLong(known.substring(5)) > SmtpServer.MAX_MESSAGE) {
        reply("552 message too large");
        return false;
      }
    }
    return true;
  }

  private void rcpt(SmtpPath path) {
    if (sender == null) {
      reply("503 MAIL first");
    } else if (path == null || path.address().isEmpty()) {
      reply("501 syntax: RCPT TO:<address>");
    } else if (!path.parameters().isEmpty()) {
      reply("555 not a parameter: " + path.parameters().get(0));
    } else if (recipients.size() == MAX_RECIPIENTS) {
      reply("452 too many recipients");
    } else {
      recipients.add(path.address());
      reply("250 OK");
    }
  }

  private void data(String argument) {
    if (!argument.isEmpty()) {
      reply("501 DATA takes no argument");
    } else if (recipients.isEmpty()) {
      reply(sender == null ? "503 MAIL first" : "503 RCPT first");
    } else {
      phase = Phase.TEXT;
      maxIncoming(MAX_TEXT_LINE);
      reply("354 end with a line of one dot");
    }
  }

  /**
   * Only CRLF ends a line, so a dot between bare line feeds is text, and no message hides there.
   */
  private void textLine(byte[] line) {
    boolean isDotted = line.length > 0 && line[0] == '.';
    if (isDotted && line.length == 1) {
      endOfText();
      return;
    }
    int from = isDotted ? 1 : 0;
    int byteCount = line.length - from;
    if (text.size() + byteCount + 2 > SmtpServer.MAX_MESSAGE) refuse("552 message too large");
    if (refusal != null) return;
    text.write(line, from, byteCount);
    text.write('\r');
    text.write('\n');
  }

  private void refuse(String reply) {
    if (refusal == null) refusal = reply;
    text = new ByteArrayOutputStream();
  }

  private void endOfText() {
    phase = Phase.COMMANDS;
    maxIncoming(MAX_COMMAND);
    String reply = refusal == null ? deliver() : refusal;
    reset();
    reply(reply);
  }

  private String deliver() {
    try {
      mailbox.accept(new SmtpServer.Message(sender, List.copyOf(recipients), text.toByteArray()));
      return "250 OK";
    } catch (RuntimeException e) {
      logInfo("a message was not taken: " + e, "error");
      return "451 local error, try again";
    }
  }

  private void rset(String argument) {
    if (!argument.isEmpty()) {
      reply("501 RSET takes no argument");
      return;
    }
    reset();
    reply("250 OK");
  }

  private void quit(String argument) {
    if (!argument.isEmpty()) {
      reply("501 QUIT takes no argument");
      return;
    }
    phase = Phase.QUIT;
    reply("221 bye");
    closeWhenDone();
  }

  private void reset() {
    sender = null;
    recipients.clear();
    text = new ByteArrayOutputStream();
    refusal = null;
  }

  private void reply(String line) {
    push((line + "\r\n").getBytes(US_ASCII));
  }
}
