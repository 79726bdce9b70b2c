package org.asyncore.testkit;

import java.util.List;

/**
 * What a peer on a Unix domain socket may be called. Python's escapes stand for bytes, and FOLDER
 * for a folder of the test's.
 */
public final class OddNames {
  /** Not empty, and each another. */
  public static final List<String> ALL =
      List.of(
          "\\x00any",
          "\\x00",
          "\\x00a\\x00\\xff",
          "FOLDER/plain",
          "FOLDER/\\xc3\\xa4",
          "FOLDER/x\\xff",
          "FOLDER/a\\nerror: forged");

  private OddNames() {}

  /** An expression of Python's for the bytes of a name, whose variables are given. */
  public static String inPython(String name, String folder) {
    return "%s.encode('latin-1').decode('unicode_escape').encode('latin-1')".formatted(name)
        + ".replace(b'FOLDER', %s.encode())".formatted(folder);
  }
}
