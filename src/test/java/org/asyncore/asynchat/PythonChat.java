package org.asyncore.asynchat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;

/**
 * {@code async_chat.handle_read}, line by line: text for bytes, copies wherever Python copies. Slow
 * on purpose; what {@link AsyncChat} does is compared with it.
 */
final class PythonChat {
  final List<String> calls = new ArrayList<>();
  String acInBuffer = "";

  /** A String, a Long or null. */
  Object terminator;

  /** What a callback does; told how many callbacks there were before. */
  private final IntConsumer callback;

  PythonChat(IntConsumer callback) {
    this.callback = callback;
  }

  void handleRead(String data) {
    acInBuffer = acInBuffer + data;
    while (!acInBuffer.isEmpty()) {
      int lb = acInBuffer.length();
      if (terminator == null || terminator.equals("") || terminator.equals(0L)) {
        collect(acInBuffer);
        acInBuffer = "";
      } else if (terminator instanceof Long count) {
        if (lb < count) {
          collect(acInBuffer);
          acInBuffer = "";
          terminator = (Long) terminator - lb;
        } else {
          collect(slice(acInBuffer, 0, count));
          acInBuffer = slice(acInBuffer, count, acInBuffer.length());
          terminator = 0L;
          found();
        }
      } else {
        String bytes = (String) terminator;
        int index = acInBuffer.indexOf(bytes);
        if (index != -1) {
          if (index > 0) collect(acInBuffer.substring(0, index));
          acInBuffer = slice(acInBuffer, index + bytes.length(), acInBuffer.length());
          found();
        } else {
          index = findPrefixAtEnd(acInBuffer, bytes);
          if (index != 0) {
            if (index != lb) {
              collect(slice(acInBuffer, 0, -index));
              acInBuffer = slice(acInBuffer, -index, acInBuffer.length());
            }
            break;
          }
          collect(acInBuffer);
          acInBuffer = "";
        }
      }
    }
  }

  private void collect(String data) {
    calls.add("data " + data);
    callback.accept(calls.size());
  }

  private void found() {
    calls.add("found");
    callback.accept(calls.size());
  }

  private static int findPrefixAtEnd(String haystack, String needle) {
    int l = needle.length() - 1;
    while (l != 0 && !haystack.endsWith(needle.substring(0, l))) l--;
    return l;
  }

  /** {@code text[from:to]}. */
  static String slice(String text, long from, long to) {
    int length = text.length();
    long start = Math.max(0, Math.min(length, from < 0 ? from + length : from));
    long end = Math.max(0, Math.min(length, to < 0 ? to + length : to));
    return start < end ? text.substring((int) start, (int) end) : "";
  }

  /** Up to {@code longest} characters of an alphabet so small that terminators are found in it. */
  static String randomText(Random random, int longest) {
    StringBuilder text = new StringBuilder();
    for (int left = random.nextInt(longest + 1); left > 0; left--) {
      text.append((char) ('a' + random.nextInt(2)));
    }
    return text.toString();
  }
}
