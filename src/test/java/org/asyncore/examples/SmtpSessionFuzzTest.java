package org.asyncore.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.ScriptedSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** The SMTP example answers every line of every peer, and breaks at none. */
class SmtpSessionFuzzTest {
  private static final int LONGEST_LINE = 1 << 16;

  /** What a session said and took in. */
  private record Talk(String replies, List<String> mail, boolean isOpen) {}

  private static Talk talk(String stream, List<Integer> cuts) {
    ScriptedSocket wire = ScriptedSocket.connected();
    CallLog passes = new CallLog(wire.transport());
    List<String> mail = new ArrayList<>();
    SmtpSession session =
        new SmtpSession(
            wire,
            passes.map(),
            message -> mail.add(message.recipients() + " " + message.data().length));
    for (int from = 0, i = 0; from < stream.length() && session.fileno() >= 0; i++) {
      int to = Math.min(stream.length(), from + cuts.get(i % cuts.size()));
      wire.feed(stream.substring(from, to));
      passes.pass();
      from = to;
      assertTrue(session.incomingSize() <= LONGEST_LINE, "unended input is bounded");
    }
    for (int i = 0; session.fileno() >= 0 && (wire.unread() > 0 || session.writable()); i++) {
      assertTrue(i < 100, "passes until all input is answered");
      passes.pass();
    }
    return new Talk(wire.sent(), mail, session.fileno() >= 0);
  }

  @Provide
  Arbitrary<String> streams() {
    Arbitrary<String> known =
        Arbitraries.of(
            "EHLO a",
            "HELO b",
            "MAIL FROM:<a@b>",
            "MAIL FROM:<> SIZE=9",
            "MAIL FROM:<a@b> BODY=8BITMIME",
            "RCPT TO:<c@d>",
            "RCPT TO:<\"q\\\" r\"@d>",
            "DATA",
            "DATA now",
            ".",
            "..",
            "text",
            "RSET",
            "NOOP",
            "VRFY x",
            "QUIT",
            "quit now",
            "MAIL FROM:<a@b> SIZE=99999999999999999999",
            "RCPT TO:",
            "MAIL");
    Arbitrary<String> wild =
        Arbitraries.strings().withChars("AMR<>:@ \"\\\u0000\u00ff\r\n.").ofMaxLength(30);
    Arbitrary<String> endless = Arbitraries.integers().between(500, 70_000).map("x"::repeat);
    Arbitrary<String> line =
        Arbitraries.frequencyOf(Tuple.of(12, known), Tuple.of(3, wild), Tuple.of(1, endless));
    return line.list().ofMaxSize(25).map(lines -> String.join("\r\n", lines) + "\r\n");
  }

  @Provide
  Arbitrary<List<Integer>> cuts() {
    return Arbitraries.integers().between(1, 3000).list().ofMinSize(1).ofMaxSize(8);
  }

  @Property
  void repliesDoNotDependOnHowTheInputIsCut(
      @ForAll("streams") String stream, @ForAll("cuts") List<Integer> cuts) {
    Talk cut = talk(stream, cuts);
    Talk whole = talk(stream, List.of(Integer.MAX_VALUE / 2));
    assertEquals(whole, cut);
    for (String reply : cut.replies().lines().toList()) {
      assertTrue(reply.matches("[2345][0-9][0-9][ -].*"), reply);
    }
    assertTrue(cut.isOpen() || cut.replies().endsWith("221 bye\r\n"), "only QUIT ends a session");
  }

  /** One arrival of many receive buffers: the whole takes more passes than it has pieces. */
  @Test
  void longLinesInOneArrivalAreAnsweredToTheLast() {
    String endless = "x".repeat(70_000) + "\r\n";
    repliesDoNotDependOnHowTheInputIsCut(
        "EHLO a\r\n" + endless.repeat(8) + "DATA\r\n", List.of(3000));
  }

  /** What once went wrong, and what might. */
  @ParameterizedTest
  @CsvFileSource(resources = "/fuzz/smtp.csv", numLinesToSkip = 1)
  void keptInputsAreAnswered(int cut, String stream) {
    repliesDoNotDependOnHowTheInputIsCut(
        stream.replace("\\r", "\r").replace("\\n", "\n"), List.of(cut));
  }
}
