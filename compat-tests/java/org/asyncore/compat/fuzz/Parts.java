package org.asyncore.compat.fuzz;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is left of a JSON value when one part of it is taken away. */
final class Parts {
  /** Channels, their fields, their handlers, and the handlers' lists and actions. */
  private static final int DEPTH = 5;

  private Parts() {}

  /** The value without one of its parts, for each part of it and of its parts; big parts first. */
  static List<Object> removed(Object value, int depth) {
    List<Object> results = new ArrayList<>();
    if (depth == DEPTH) return results;
    if (value instanceof Map<?, ?> object) {
      for (Object key : object.keySet()) {
        Map<Object, Object> rest = new LinkedHashMap<>(object);
        rest.remove(key);
        results.add(rest);
      }
      for (Map.Entry<?, ?> field : object.entrySet()) {
        for (Object smaller : removed(field.getValue(), depth + 1)) {
          Map<Object, Object> rest = new LinkedHashMap<>(object);
          rest.put(field.getKey(), smaller);
          results.add(rest);
        }
      }
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        List<Object> rest = new ArrayList<>(list);
        rest.remove(i);
        results.add(rest);
      }
      for (int i = 0; i < list.size(); i++) {
        for (Object smaller : removed(list.get(i), depth + 1)) {
          List<Object> rest = new ArrayList<>(list);
          rest.set(i, smaller);
          results.add(rest);
        }
      }
    }
    return results;
  }
}
