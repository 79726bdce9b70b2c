package org.asyncore.compat.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Takes one JSON text apart, from left to right. */
final class JsonReader {
  private final String text;
  private int at;

  JsonReader(String text) {
    this.text = text;
  }

  Object document() {
    Object value = value();
    if (peek() != '\0') throw wrong("more than one value");
    return value;
  }

  private Object value() {
    return switch (peek()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, Object> object() {
    Map<String, Object> fields = new LinkedHashMap<>();
    at++;
    if (skip('}')) return fields;
    do {
      if (peek() != '"') throw wrong("not a key");
      String key = string();
      if (!skip(':')) throw wrong("no colon");
      fields.put(key, value());
    } while (skip(','));
    if (!skip('}')) throw wrong("no end of the object");
    return fields;
  }

  private List<Object> array() {
    List<Object> items = new ArrayList<>();
    at++;
    if (skip(']')) return items;
    do {
      items.add(value());
    } while (skip(','));
    if (!skip(']')) throw wrong("no end of the array");
    return items;
  }

  private String string() {
    StringBuilder out = new StringBuilder();
    at++;
    while (true) {
      if (at == text.length()) throw wrong("no end of the string");
      char c = text.charAt(at++);
      if (c == '"') return out.toString();
      out.append(c == '\\' ? escaped() : c);
    }
  }

  private char escaped() {
    if (at == text.length()) throw wrong("no end of the string");
    char c = text.charAt(at++);
    return switch (c) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        if (at + 4 > text.length()) throw wrong("no end of the escape");
        at += 4;
        yield (char) Integer.parseInt(text, at - 4, at, 16);
      }
      default -> c;
    };
  }

  private Object number() {
    int start = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) at++;
    String number = text.substring(start, at);
    try {
      if (number.matches("-?[0-9]+")) return Long.valueOf(number);
      return Double.valueOf(number);
    } catch (NumberFormatException e) {
      throw wrong("not a value");
    }
  }

  private Object word(String word, Object value) {
    if (!text.startsWith(word, at)) throw wrong("not a value");
    at += word.length();
    return value;
  }

  /** The next character that is no space; the NUL character at the end. */
  private char peek() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) at++;
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private boolean skip(char c) {
    if (peek() != c) return false;
    at++;
    return true;
  }

  private IllegalArgumentException wrong(String what) {
    String rest = text.substring(Math.min(at, text.length()));
    String near = rest.substring(0, Math.min(20, rest.length()));
    return new IllegalArgumentException("JSON: " + what + " at " + at + ": " + near);
  }
}
