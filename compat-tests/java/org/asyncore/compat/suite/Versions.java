package org.asyncore.compat.suite;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.asyncore.Asyncore;
import org.asyncore.compat.process.Python;

/** What was tried, and on what. */
final class Versions {
  private static final String UNKNOWN = "unknown";

  private Versions() {}

  static Map<String, String> ofThisRun() throws IOException {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put(
        "library",
        version("/META-INF/maven/org.asyncore/netty-asyncore/pom.properties", "version"));
    versions.put(
        "netty", version("/META-INF/io.netty.versions.properties", "netty-common.version"));
    versions.put(
        "java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    versions.put(
        "system",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"));
    versions.put("python", Python.find().map(Python::version).orElse("none with asyncore"));
    return versions;
  }

  /** A property of a file that the jars bring; several may bring one of this name. */
  private static String version(String resource, String key) throws IOException {
    var urls = Asyncore.class.getClassLoader().getResources(resource.substring(1));
    while (urls.hasMoreElements()) {
      String version = property(urls.nextElement(), key);
      if (version != null) return version;
    }
    return UNKNOWN;
  }

  private static String property(URL url, String key) throws IOException {
    Properties properties = new Properties();
    try (InputStream stream = url.openStream()) {
      properties.load(stream);
    }
    return properties.getProperty(key);
  }
}
