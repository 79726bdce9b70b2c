package org.asyncore.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.regex.Pattern;
import org.asyncore.testkit.Peer;
import org.asyncore.testkit.TestLoop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the SMTP server says to what, in memory. */
class SmtpServerTest {
  private final TestLoop loop = new TestLoop();
  private final Queue<SmtpServer.Message> mailbox = new ArrayDeque<>();

  @BeforeEach
  void open() {
    new SmtpServer(
        "127.0.0.1",
        25,
        loop.map(),
        message -> {
          if (message.sender().startsWith("unlucky")) throw new IllegalStateException("full");
          mailbox.add(message);
        });
  }

  @AfterEach
  void close() {
    loop.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aMessageIsTakenHoweverItIsCut(boolean byteByByte) {
    String dialogue =
        crlf(
            "EHLO client.example",
            "MAIL FROM:<ann@example.com> SIZE=100 BODY=8BITMIME",
            "RCPT TO:<bob@example.com>",
            "RCPT TO:<@relay.example:\"the boss\"@[127.0.0.1]>",
            "DATA",
            "Subject: caf\u00e9",
            "",
            "..one dot",
            "...",
            "\n.\nnot the end",
            ".",
            "QUIT");
    Peer client = loop.connect(25);
    if (byteByByte) client.inPieces(1);
    String replies = client.send(dialogue).received();
    assertEquals("220 250-250-250-250 250 250 250 354 250 221 ", codes(replies));
    client.expectEnd();
    SmtpServer.Message message = mailbox.remove();
    assertEquals("ann@example.com", message.sender());
    assertEquals(List.of("bob@example.com", "\"the boss\"@[127.0.0.1]"), message.recipients());
    assertEquals(
        crlf("Subject: caf\u00e9", "", ".one dot", "..", "\n.\nnot the end"), text(message));
  }

  @Test
  void anEmptyMessageAndABounceAreMessages() {
    assertEquals(
        "250 250 250 354 250 ",
        replies("HELO x", "MAIL FROM:<>", "RCPT TO:<Postmaster>", "DATA", "."));
    SmtpServer.Message message = mailbox.remove();
    assertEquals("", message.sender());
    assertEquals(List.of("Postmaster"), message.recipients());
    assertEquals("", text(message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '=',
      value = {
        "BOGUS = 500",
        "'' = 500",
        "EHLO = 501",
        "HELO = 501",
        "MAIL FROM:<a@b.example> = 503",
        "EHLO x|RCPT TO:<a@b.example> = 250 503",
        "EHLO x|DATA = 250 503",
        "EHLO x|MAIL FROM:a@b.example = 250 501",
        "EHLO x|MAIL FROM:<a> = 250 501",
        "EHLO x|MAIL FROM:<a@b..example> = 250 501",
        "EHLO x|MAIL FROM:<postmaster> = 250 501",
        "EHLO x|MAIL TO:<a@b.example> = 250 501",
        "EHLO x|MAIL FROM:<a@b.example> COLOUR = 250 555",
        "EHLO x|MAIL FROM:<a@b.example>|MAIL FROM:<c@d.example> = 250 250 503",
        "EHLO x|MAIL FROM:<a@b.example>|DATA = 250 250 503",
        "EHLO x|MAIL FROM:<a@b.example>|RCPT TO:<> = 250 250 501",
        "EHLO x|MAIL FROM:<a@b.example>|RCPT TO:<c@d.example> NOTIFY = 250 250 555",
        "EHLO x|MAIL FROM:<a@b.example>|RSET|RCPT TO:<c@d.example> = 250 250 250 503",
        "EHLO x|MAIL FROM:<a@b.example>|EHLO x|RCPT TO:<c@d.example> = 250 250 250 503",
        "EHLO x|MAIL FROM:<a@b.example>|RCPT TO:<c@d.example>|DATA x = 250 250 250 501",
        "noop|NOOP anything|vrfy ann|VRFY|EXPN list|HELP|RSET x|QUIT x = 250 250 252 501 502 502"
            + " 501 501"
      })
  void whatIsOutOfOrderIsRefused(String commands, String codes) {
    assertEquals(codes + " ", replies(commands.split("\\|", -1)));
  }

  @Test
  void aSizeBeyondTheLimitIsRefusedBeforeTheText() {
    assertEquals(
        "250 552 250 ",
        replies(
            "EHLO x",
            "MAIL FROM:<a@b.example> SIZE=" + (SmtpServer.MAX_MESSAGE + 1),
            "MAIL FROM:<a@b.example> SIZE=" + SmtpServer.MAX_MESSAGE));
  }

  @Test
  void aTextBeyondTheLimitIsRefusedAtItsEnd() {
    String line = "x".repeat(998) + "\r\n";
    Peer client = loop.connect(25);
    client.send(crlf("HELO x", "MAIL FROM:<a@b.example>", "RCPT TO:<c@d.example>", "DATA"));
    client.expect(Pattern.compile("(?s).*one dot\r\n"));
    client.send(line.repeat(SmtpServer.MAX_MESSAGE / line.length() + 1)).send(crlf(".", "QUIT"));
    assertEquals("552 221 ", codes(client.received()));
    assertTrue(mailbox.isEmpty());
  }

  @Test
  void aCommandThatIsTooLongIsRefusedAndTheNextIsUnderstood() {
    assertEquals("500 250 ", replies("NOOP " + "x".repeat(100_000), "NOOP"));
    assertEquals("250 500 ", replies("NOOP " + "x".repeat(548), "NOOP " + "x".repeat(549)));
  }

  @Test
  void aLineOfTextThatIsTooLongIsRefusedAtTheEndOfTheText() {
    assertEquals(
        "250 250 250 354 500 250 ",
        replies(
            "EHLO x",
            "MAIL FROM:<a@b.example>",
            "RCPT TO:<c@d.example>",
            "DATA",
            "x".repeat(70_000) + "\r\nmore\r\n.",
            "NOOP"));
    assertTrue(mailbox.isEmpty());
  }

  @Test
  void tooManyRecipientsAreRefusedOneByOne() {
    List<String> commands = new ArrayList<>(List.of("EHLO x", "MAIL FROM:<a@b.example>"));
    for (int i = 0; i < 101; i++) commands.add("RCPT TO:<r" + i + "@d.example>");
    String codes = replies(commands.toArray(String[]::new));
    assertTrue(codes.endsWith(" 250 452 "), codes);
  }

  @Test
  void aMailboxThatThrowsLeavesTheMessageWithItsSender() {
    assertEquals(
        "250 250 250 354 451 250 ",
        replies(
            "EHLO x",
            "MAIL FROM:<unlucky@b.example>",
            "RCPT TO:<c@d.example>",
            "DATA",
            "text\r\n.",
            "NOOP"));
  }

  @Test
  void whatIsSentBehindQuitIsNotAnswered() {
    Peer client = loop.connect(25);
    assertEquals("220 221 ", codes(client.send("QUIT\r\nNOOP\r\nNOOP\r\n").received()));
  }

  /** The codes of the replies to some commands, each sent when the one before was answered. */
  private String replies(String... commands) {
    Peer client = loop.connect(25).expect("220");
    client.received();
    StringBuilder replies = new StringBuilder();
    for (String command : commands) {
      String last = client.send(command + "\r\n").received().replaceAll("(?m)^...-.*\r\n", "");
      replies.append(last);
    }
    return codes(replies.toString());
  }

  private static String crlf(String... lines) {
    return String.join("\r\n", lines) + "\r\n";
  }

  private static String codes(String replies) {
    return replies.lines().map(line -> line.substring(0, 4)).reduce("", String::concat);
  }

  private static String text(SmtpServer.Message message) {
    return new String(message.data(), ISO_8859_1);
  }
}
