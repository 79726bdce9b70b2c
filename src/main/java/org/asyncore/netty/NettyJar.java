package org.asyncore.netty;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.util.Properties;

/**
 * Where an artifact of Netty's was found, and which release it is of. It is looked for by one file
 * of it, so nothing of it is loaded.
 *
 * @param version as Netty writes it, {@code 4.2.18.Final}; null if the jar does not say, because
 *     somebody has put several jars into one
 * @param place the jar's path, or the URL of whatever stands in its place
 */
record NettyJar(String artifact, String version, String place) {
  private static final String VERSIONS = "META-INF/io.netty.versions.properties";

  /**
   * The artifact that has this file, first on the path of a class loader; null if there is none.
   */
  static NettyJar find(ClassLoader loader, String artifact, String file) {
    URL url = loader.getResource(file);
    if (url == null) return null;
    String all = url.toString();
    String root = all.substring(0, all.length() - file.length());
    return new NettyJar(artifact, version(root, artifact), place(root));
  }

  private static String version(String root, String artifact) {
    Properties versions = new Properties();
    try (InputStream input = open(root + VERSIONS)) {
      versions.load(input);
    } catch (IOException noneThere) {
      return null;
    }
    return versions.getProperty(artifact + ".version");
  }

  @SuppressWarnings("deprecation") // The constructor of URL: its replacement is of Java 20.
  private static InputStream open(String url) throws MalformedURLException, IOException {
    URLConnection connection = new URL(url).openConnection();
    connection.setUseCaches(false); // Else the jar stays open for as long as the process.
    return connection.getInputStream();
  }

  /** {@code jar:file:/lib/a.jar!/} is {@code /lib/a.jar}. */
  private static String place(String root) {
    return root.replaceFirst("^(jar:)?(file:|nested:)?", "").replaceFirst("!?/$", "");
  }

  String named() {
    return artifact
        + " "
        + (version == null ? "of an unknown release" : version)
        + " ("
        + place
        + ")";
  }
}
