package org.asyncore.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Tool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpServerIT {
  private final BlockingQueue<SmtpServer.Message> mailbox = new LinkedBlockingQueue<>();
  private final Serving server =
      new Serving(
          new SmtpServer(
              "127.0.0.1",
              0,
              new SocketMap(),
              message -> {
                if (message.sender().startsWith("unlucky")) throw new IllegalStateException("full");
                mailbox.add(message);
              }));

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aMessageIsTakenHoweverItIsCut(boolean byteByByte) throws IOException {
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
    try (LinePeer peer = new LinePeer(server.port())) {
      String replies =
          byteByByte ? peer.trickle(dialogue).readAll() : peer.send(dialogue).readAll();
      assertEquals("220 250-250-250-250 250 250 250 354 250 221 ", codes(replies));
    }
    SmtpServer.Message message = mailbox.remove();
    assertEquals("ann@example.com", message.sender());
    assertEquals(List.of("bob@example.com", "\"the boss\"@[127.0.0.1]"), message.recipients());
    assertEquals(
        crlf("Subject: caf\u00e9", "", ".one dot", "..", "\n.\nnot the end"), text(message));
  }

  @Test
  void anEmptyMessageAndABounceAreMessages() throws IOException {
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
  void whatIsOutOfOrderIsRefused(String commands, String codes) throws IOException {
    assertEquals(codes + " ", replies(commands.split("\\|", -1)));
  }

  @Test
  void aSizeBeyondTheLimitIsRefusedBeforeTheText() throws IOException {
    assertEquals(
        "250 552 250 ",
        replies(
            "EHLO x",
            "MAIL FROM:<a@b.example> SIZE=" + (SmtpServer.MAX_MESSAGE + 1),
            "MAIL FROM:<a@b.example> SIZE=" + SmtpServer.MAX_MESSAGE));
  }

  @Test
  void aTextBeyondTheLimitIsRefusedAtItsEnd() throws IOException {
    String line = "x".repeat(998) + "\r\n";
    try (LinePeer peer = new LinePeer(server.port())) {
      peer.send(crlf("HELO x", "MAIL FROM:<a@b.example>", "RCPT TO:<c@d.example>", "DATA"));
      peer.readUntil("one dot\r\n");
      peer.send(line.repeat(SmtpServer.MAX_MESSAGE / line.length() + 1)).send(crlf(".", "QUIT"));
      assertEquals("552 221 ", codes(peer.readAll()));
    }
    assertTrue(mailbox.isEmpty());
  }

  @Test
  void aCommandThatIsTooLongIsRefusedAndTheNextIsUnderstood() throws IOException {
    assertEquals("500 250 ", replies("NOOP " + "x".repeat(100_000), "NOOP"));
    assertEquals("250 500 ", replies("NOOP " + "x".repeat(548), "NOOP " + "x".repeat(549)));
  }

  @Test
  void aLineOfTextThatIsTooLongIsRefusedAtTheEndOfTheText() throws IOException {
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
  void tooManyRecipientsAreRefusedOneByOne() throws IOException {
    List<String> commands = new ArrayList<>(List.of("EHLO x", "MAIL FROM:<a@b.example>"));
    for (int i = 0; i < 101; i++) commands.add("RCPT TO:<r" + i + "@d.example>");
    String codes = replies(commands.toArray(String[]::new));
    assertTrue(codes.endsWith(" 250 452 "), codes);
  }

  @Test
  void aMailboxThatThrowsLeavesTheMessageWithItsSender() throws IOException {
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
  void whatIsSentBehindQuitIsNotAnswered() throws IOException {
    try (LinePeer peer = new LinePeer(server.port())) {
      assertEquals("220 221 ", codes(peer.send("QUIT\r\nNOOP\r\nNOOP\r\n").readAll()));
    }
  }

  @Test
  void pythonsSmtplibIsServed(@TempDir Path folder) throws IOException, InterruptedException {
    Tool.assumePresent("python3");
    String script =
        """
        import smtplib, sys
        with smtplib.SMTP("127.0.0.1", int(sys.argv[1]), timeout=20) as smtp:
            smtp.ehlo("client.example")
            assert smtp.has_extn("size") and smtp.has_extn("8bitmime"), smtp.esmtp_features
            assert smtp.has_extn("pipelining"), smtp.esmtp_features
            refused = smtp.sendmail(
                "ann@example.com", ["bob@example.com", "not an address"],
                b"Subject: dots\\r\\n\\r\\n.\\r\\n..\\r\\n" + b"line\\r\\n" * 20000,
                mail_options=["BODY=8BITMIME"])
            assert list(refused) == ["not an address"], refused
            assert smtp.verify("bob")[0] == 252
            assert smtp.noop()[0] == 250
            assert smtp.rset()[0] == 250
            try:
                smtp.sendmail("unlucky@example.com", "bob@example.com", "text")
                assert False, "451 expected"
            except smtplib.SMTPDataError as error:
                assert error.smtp_code == 451, error
            smtp.sendmail("ann@example.com", "bob@example.com", "second")
        with smtplib.SMTP("127.0.0.1", int(sys.argv[1]), timeout=20) as smtp:
            assert smtp.helo("client.example")[0] == 250
            assert smtp.docmd("MAIL FROM:<a b@example.com>")[0] == 501
        print("all well")
        """;
    String printed = Tool.run(folder, "python3", "-c", script, String.valueOf(server.port()));
    assertEquals("all well", printed.strip());
    SmtpServer.Message message = mailbox.remove();
    assertEquals(List.of("bob@example.com"), message.recipients());
    assertEquals("Subject: dots\r\n\r\n.\r\n..\r\n" + "line\r\n".repeat(20000), text(message));
    assertEquals("second\r\n", text(mailbox.remove()));
  }

  @Test
  void curlIsServed(@TempDir Path folder) throws IOException, InterruptedException {
    Tool.assumePresent("curl");
    Files.writeString(
        folder.resolve("mail"), "Subject: x\r\n\r\n.dot\r\n" + "y\r\n".repeat(50_000));
    Tool.run(
        folder,
        "curl",
        "--silent",
        "--show-error",
        "--max-time",
        "30",
        "--url",
        "smtp://127.0.0.1:" + server.port() + "/client.example",
        "--mail-from",
        "ann@example.com",
        "--mail-rcpt",
        "bob@example.com",
        "--mail-rcpt",
        "eve@example.com",
        "--upload-file",
        "mail");
    SmtpServer.Message message = mailbox.remove();
    assertEquals(List.of("bob@example.com", "eve@example.com"), message.recipients());
    assertEquals(Files.readString(folder.resolve("mail")), text(message));
  }

  @Test
  void swaksIsServed(@TempDir Path folder) throws IOException, InterruptedException {
    Tool.assumePresent("swaks");
    Tool.run(
        folder,
        "swaks",
        "--server",
        "127.0.0.1",
        "--port",
        String.valueOf(server.port()),
        "--pipeline",
        "--from",
        "ann@example.com",
        "--to",
        "bob@example.com");
    assertEquals("ann@example.com", mailbox.remove().sender());
  }

  /** The codes of the replies to some commands, each sent when the one before was answered. */
  private String replies(String... commands) throws IOException {
    StringBuilder replies = new StringBuilder();
    try (LinePeer peer = new LinePeer(server.port())) {
      peer.readUntil("\r\n");
      for (String command : commands) {
        peer.send(command + "\r\n");
        String line = peer.line();
        while (line.charAt(3) == '-') line = peer.line();
        replies.append(line).append("\r\n");
      }
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
