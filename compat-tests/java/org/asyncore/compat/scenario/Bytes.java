package org.asyncore.compat.scenario;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/** The notation of bytes: a character for each, or a rule that gives many. */
public final class Bytes {
  private static final int LONGEST_SHOWN = 64;
  private static final int SEQUENCE = 251;

  private Bytes() {}

  /** The bytes that a scenario means; null for null. */
  public static byte[] of(Object notation) {
    if (notation == null) return null;
    if (notation instanceof String text) return text.getBytes(ISO_8859_1);
    Fields rule = new Fields(Fields.asObject(notation));
    if (!rule.has("seq")) return repeated(rule.text("repeat"), rule.integer("n"));
    return sequence(rule.integer("from", 0), rule.integer("seq"));
  }

  private static byte[] repeated(String text, int times) {
    return text.repeat(times).getBytes(ISO_8859_1);
  }

  private static byte[] sequence(int from, int byteCount) {
    byte[] data = new byte[byteCount];
    for (int i = 0; i < byteCount; i++) data[i] = (byte) ((from + i) % SEQUENCE);
    return data;
  }

  /** How a trace shows them: long ones by their length and checksum. */
  public static Object show(byte[] data) {
    if (data == null) return null;
    if (data.length <= LONGEST_SHOWN) return new String(data, ISO_8859_1);
    CRC32 crc = new CRC32();
    crc.update(data);
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("len", data.length);
    shown.put("crc32", String.format("%08x", crc.getValue()));
    return shown;
  }
}
