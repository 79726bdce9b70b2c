package org.asyncore.compat.scenario;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.asyncore.transport.Family;

/**
 * A JSON object of a scenario, whose fields are read by name and type; unchangeable. A field that
 * is missing or of another type is a {@link ScenarioException}.
 */
public class Fields {
  private final Map<String, Object> fields;

  public Fields(Map<String, Object> fields) {
    this.fields = fields;
  }

  /** The object itself. */
  public final Map<String, Object> json() {
    return fields;
  }

  public final boolean has(String key) {
    return fields.containsKey(key);
  }

  /** The value of a field; null if it is absent or null. */
  public final Object value(String key) {
    return fields.get(key);
  }

  /** A text that must be there. */
  public final String text(String key) {
    return as(String.class, key, required(key));
  }

  public final String text(String key, String byDefault) {
    return has(key) ? text(key) : byDefault;
  }

  /** A number that must be there. */
  public final int integer(String key) {
    return Math.toIntExact(as(Long.class, key, required(key)));
  }

  public final int integer(String key, int byDefault) {
    return has(key) ? integer(key) : byDefault;
  }

  public final boolean flag(String key, boolean byDefault) {
    return has(key) ? as(Boolean.class, key, required(key)) : byDefault;
  }

  /** A number of seconds; null is without end. */
  public final double seconds(String key, double byDefault) {
    if (!has(key)) return byDefault;
    Object value = value(key);
    return value == null ? Double.POSITIVE_INFINITY : as(Number.class, key, value).doubleValue();
  }

  /** The address family under {@code family}; IPv4 by default. */
  public final Family family() {
    return Family.valueOf(text("family", "inet").toUpperCase(Locale.ROOT));
  }

  /** Bytes that must be there, in the notation of {@link Bytes}. */
  public final byte[] bytes(String key) {
    if (!has(key)) throw new ScenarioException("no " + key + " in " + this);
    return Bytes.of(value(key));
  }

  /** A list that must be there. */
  public final List<?> list(String key) {
    return as(List.class, key, required(key));
  }

  /** Another object. */
  public final Fields object(String key) {
    return new Fields(asObject(required(key)));
  }

  /** A copy in which fields have these values, unless they have one. */
  protected final Map<String, Object> withDefaults(Map<String, Object> defaults) {
    Map<String, Object> copy = new LinkedHashMap<>(defaults);
    copy.putAll(fields);
    return copy;
  }

  @SuppressWarnings("unchecked") // The keys of a JSON object are texts.
  public static Map<String, Object> asObject(Object value) {
    if (value instanceof Map<?, ?>) return (Map<String, Object>) value;
    throw new ScenarioException("not an object: " + value);
  }

  private Object required(String key) {
    Object value = value(key);
    if (value == null) throw new ScenarioException("no " + key + " in " + this);
    return value;
  }

  private <T> T as(Class<T> type, String key, Object value) {
    if (type.isInstance(value)) return type.cast(value);
    throw new ScenarioException(key + " is not a " + type.getSimpleName() + " in " + this);
  }

  @Override
  public final String toString() {
    return fields.toString();
  }
}
