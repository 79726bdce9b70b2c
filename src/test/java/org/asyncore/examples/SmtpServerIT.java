package org.asyncore.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Tool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other people's clients; SmtpServerTest has the dialogues. */
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

  private static String text(SmtpServer.Message message) {
    return new String(message.data(), ISO_8859_1);
  }
}
