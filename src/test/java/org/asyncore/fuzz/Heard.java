package org.asyncore.fuzz;

import java.util.ArrayList;
import java.util.List;

/**
 * What is in a stream, found by looking at the whole of it.
 *
 * @param messages all that end
 * @param rest what has come of the next one
 */
record Heard(List<String> messages, String rest) {
  static Heard in(String stream, List<Ending> endings) {
    List<String> messages = new ArrayList<>();
    int from = 0;
    for (int i = 0; from < stream.length(); i++) {
      Ending ending = endings.get(i % endings.size());
      int to = ending.endIn(stream, from);
      if (to < 0) break;
      messages.add(stream.substring(from, to));
      from = to + ending.text().length();
    }
    return new Heard(messages, stream.substring(from));
  }
}
