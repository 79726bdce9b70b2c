package org.asyncore.python;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;

/** Where {@code asyncore.py} and {@code asynchat.py} are: beside these classes, or in their jar. */
final class Modules {
  private Modules() {}

  /** An entry for {@code sys.path}: a folder, or a jar, from which Python imports as well. */
  static Path path() {
    URL found = Modules.class.getResource("/asyncore.py");
    if (found == null) throw new IllegalStateException("asyncore.py is not on the class path");
    String place = found.toString();
    try {
      String file = place.startsWith("jar:") ? place.substring(4, place.indexOf("!/")) : place;
      Path path = Path.of(new java.net.URI(file));
      return place.startsWith("jar:") ? path : path.getParent();
    } catch (URISyntaxException noPath) {
      throw new IllegalStateException("Python cannot import from " + place, noPath);
    }
  }
}
