package org.asyncore.compat.json;

/**
 * JSON as plain Java values: {@link java.util.Map} in the order of the text, {@link
 * java.util.List}, {@link String}, {@link Long}, {@link Double}, {@link Boolean} and null.
 *
 * <p>Two parsed values are equal as JSON values if {@code equals} says so: the order of keys does
 * not matter to a map.
 */
public final class Json {
  private Json() {}

  /** The value of a text that holds one. */
  public static Object parse(String text) {
    return new JsonReader(text).document();
  }

  /** The value on one line, in ASCII, as Python's {@code json.dumps} writes it. */
  public static String write(Object value) {
    StringBuilder out = new StringBuilder();
    JsonWriter.write(value, out);
    return out.toString();
  }
}
