package org.asyncore.compat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A command line: words, and options that each have a value. */
final class Arguments {
  private final List<String> words = new ArrayList<>();
  private final Map<String, String> options = new HashMap<>();

  Arguments(String[] args) {
    for (int i = 0; i < args.length; i++) {
      if (!args[i].startsWith("--")) {
        words.add(args[i]);
      } else {
        if (i + 1 == args.length) throw new IllegalArgumentException("no value for " + args[i]);
        options.put(args[i], args[++i]);
      }
    }
  }

  String word(int index) {
    if (index < words.size()) return words.get(index);
    throw new IllegalArgumentException("a word is missing after: " + String.join(" ", words));
  }

  boolean isEmpty() {
    return words.isEmpty();
  }

  /** The value of an option, which is thereby known. */
  String option(String name, String byDefault) {
    String value = options.remove(name);
    return value == null ? byDefault : value;
  }

  /** All options that were given have been asked for. */
  void needNoMore() {
    if (!options.isEmpty()) throw new IllegalArgumentException("unknown: " + options.keySet());
  }
}
