package org.asyncore.compat.json;

import java.util.Map;

/** Writes values on one line, with the spaces that Python's {@code json.dumps} puts in. */
final class JsonWriter {
  private JsonWriter() {}

  static void write(Object value, StringBuilder out) {
    if (value instanceof Map<?, ?> fields) {
      object(fields, out);
    } else if (value instanceof Iterable<?> items) {
      array(items, out);
    } else if (value instanceof String text) {
      string(text, out);
    } else if (value == null || value instanceof Number || value instanceof Boolean) {
      out.append(value);
    } else {
      throw new IllegalArgumentException("not a JSON value: " + value.getClass());
    }
  }

  private static void object(Map<?, ?> fields, StringBuilder out) {
    out.append('{');
    String between = "";
    for (Map.Entry<?, ?> field : fields.entrySet()) {
      out.append(between);
      string((String) field.getKey(), out);
      out.append(": ");
      write(field.getValue(), out);
      between = ", ";
    }
    out.append('}');
  }

  private static void array(Iterable<?> items, StringBuilder out) {
    out.append('[');
    String between = "";
    for (Object item : items) {
      out.append(between);
      write(item, out);
      between = ", ";
    }
    out.append(']');
  }

  private static void string(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c >= ' ' && c < 0x7f) out.append(c);
          else out.append(String.format("\\u%04x", (int) c));
        }
      }
    }
    out.append('"');
  }
}
