package org.asyncore.compat.play;

import java.util.LinkedHashMap;
import java.util.Map;

/** The fields of a line of the trace, or of a value in one; values may be null. */
final class Lines {
  private Lines() {}

  static Map<String, Object> none() {
    return new LinkedHashMap<>();
  }

  static Map<String, Object> of(String key, Object value) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(key, value);
    return fields;
  }

  static Map<String, Object> of(String key, Object value, String key2, Object value2) {
    Map<String, Object> fields = of(key, value);
    fields.put(key2, value2);
    return fields;
  }
}
