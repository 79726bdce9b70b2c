package org.asyncore.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** AsyncChat finds the messages of a stream, however that is cut and whatever is in it. */
class AsyncChatFuzzTest {
  /** Few letters, so that terminators, and beginnings of them, are found everywhere. */
  @Provide
  Arbitrary<String> streams() {
    return Arbitraries.strings().withChars("ab\r\n\u00ff").ofMaxLength(400);
  }

  @Provide
  Arbitrary<List<Integer>> cuts() {
    return Arbitraries.integers().between(1, 60).list().ofMinSize(1).ofMaxSize(20);
  }

  @Provide
  Arbitrary<List<Ending>> endings() {
    return ending().list().ofMinSize(1).ofMaxSize(4);
  }

  private static Arbitrary<Ending> ending() {
    Arbitrary<Ending> texts =
        Arbitraries.strings().withChars("ab\r\n").ofMinLength(1).ofMaxLength(5).map(Ending::ofText);
    Arbitrary<Ending> counts = Arbitraries.longs().between(1, 50).map(Ending::ofCount);
    return Arbitraries.frequencyOf(
        Tuple.of(6, texts), Tuple.of(3, counts), Tuple.of(1, Arbitraries.just(Ending.none())));
  }

  @Property
  void messagesDoNotDependOnHowTheStreamIsCut(
      @ForAll("streams") String stream,
      @ForAll("cuts") List<Integer> cuts,
      @ForAll("endings") List<Ending> endings) {
    Listened chat = Listened.to(endings).hear(stream, cuts);
    assertEquals(Heard.in(stream, endings), new Heard(chat.messages, chat.rest()));
  }

  @Property
  void whatIsTooLongIsToldOnceAndDropped(
      @ForAll("streams") String stream,
      @ForAll("cuts") List<Integer> cuts,
      @ForAll("limits") int limit) {
    List<Ending> lines = List.of(Ending.ofText("\r\n"));
    Listened chat = Listened.to(lines);
    chat.maxIncoming(limit);
    chat.hear(stream, cuts);
    Heard all = Heard.in(stream, lines);
    List<String> short_ = all.messages().stream().filter(each -> each.length() <= limit).toList();
    int rest = all.rest().length() - (all.rest().endsWith("\r") ? 1 : 0); // It may begin the end.
    assertEquals(short_, chat.messages);
    assertEquals(all.messages().size() - short_.size() + (rest > limit ? 1 : 0), chat.tooLong);
    assertTrue(chat.mostKept <= limit, () -> "kept " + chat.mostKept + " of " + limit);
  }

  @Provide
  Arbitrary<Integer> limits() {
    return Arbitraries.integers().between(1, 40);
  }

  /** What once went wrong, and what might. */
  @ParameterizedTest
  @CsvFileSource(
      resources = "/fuzz/async-chat.csv",
      numLinesToSkip = 1,
      maxCharsPerColumn = 100_000)
  void keptInputsAreUnderstood(String endings, String cuts, String stream) {
    List<Integer> sizes = Arrays.stream(cuts.split(" ")).map(Integer::valueOf).toList();
    List<Ending> parsed = Arrays.stream(endings.split(" ")).map(Ending::parse).toList();
    messagesDoNotDependOnHowTheStreamIsCut(Escapes.read(stream), sizes, parsed);
  }
}
