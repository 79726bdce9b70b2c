package org.asyncore.migrate;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * A key with its certificate for {@code localhost}, and the authority that signed it: made by the
 * JDK's own keytool.
 */
public record Certificates(Path file) {
  static final String PASSWORD = "for-tests";

  /**
   * Makes one in a folder, signed by the folder's authority.
   *
   * @param from when it begins to be valid, as keytool's {@code -startdate}: {@code -1d}
   * @param days for how long it is
   */
  public static Certificates make(Path folder, String name, String from, int days)
      throws Exception {
    Certificates made = new Certificates(folder.resolve(name + ".p12"));
    String authority = folder.resolve("authority.p12").toString();
    String request = folder.resolve(name + ".request").toString();
    String answer = folder.resolve(name + ".answer").toString();
    String root = folder.resolve("authority.pem").toString();
    if (!Files.exists(Path.of(authority))) {
      keytool(authority, "-genkeypair", "-keyalg", "EC", "-dname", "CN=tests", "-ext", "bc:c");
      keytool(authority, "-exportcert", "-rfc", "-file", root);
    }
    keytool(made.file.toString(), "-genkeypair", "-keyalg", "EC", "-dname", "CN=localhost");
    keytool(made.file.toString(), "-certreq", "-file", request);
    keytool(
        authority,
        List.of("-gencert", "-rfc", "-infile", request, "-outfile", answer),
        List.of("-startdate", from, "-validity", Integer.toString(days)),
        List.of("-ext", "san=dns:localhost"));
    // The chain, root last, takes the place of the key's own certificate.
    Files.writeString(Path.of(answer), Files.readString(Path.of(root)), StandardOpenOption.APPEND);
    keytool(made.file.toString(), "-importcert", "-noprompt", "-file", answer);
    keytool(made.file.toString(), "-importcert", "-noprompt", "-file", root, "-alias", "root");
    return made;
  }

  private static void keytool(String store, String... options) throws Exception {
    keytool(store, List.of(options));
  }

  @SafeVarargs
  private static void keytool(String store, List<String>... options) throws Exception {
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    // Its run is too short to be worth compiling well.
    List<String> command =
        new ArrayList<>(List.of(keytool.toString(), "-J-XX:TieredStopAtLevel=1"));
    for (List<String> each : options) command.addAll(each);
    if (!command.contains("-alias")) command.addAll(List.of("-alias", "it"));
    command.addAll(List.of("-keystore", store, "-storetype", "PKCS12", "-storepass", PASSWORD));
    Path output = Path.of(store + ".log");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new AssertionError(command + " failed: " + Files.readString(output));
    }
  }

  /** The authority's certificate, as openssl reads it. */
  public Path root() {
    return file.resolveSibling("authority.pem");
  }

  private KeyStore store() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  public KeyManagerFactory keys() throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store(), PASSWORD.toCharArray());
    return keys;
  }

  /** Trusts the authority, and no other. */
  public TrustManagerFactory trust() throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("root", store().getCertificate("root"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    return trust;
  }
}
