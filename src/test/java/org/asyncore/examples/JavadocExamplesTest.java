package org.asyncore.examples;

import org.asyncore.testkit.TestLoop;
import org.junit.jupiter.api.Test;

/** The examples of Javadoc do what they show. */
class JavadocExamplesTest {
  private final TestLoop loop = new TestLoop();

  @Test
  void aServerEchoes() {
    JavadocExamples.testLoop();
  }

  @Test
  void aChatEchoesLines() {
    loop.connected(socket -> new JavadocExamples.LineEcho(socket, loop.map()))
        .send("one\ntw")
        .expect("one\n")
        .send("o\n")
        .expect("two\n");
  }

  @Test
  void aHostedHandlerEchoes() {
    JavadocExamples.pipeline(loop);
  }
}
