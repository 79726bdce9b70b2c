package org.asyncore.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * A key and its certificate for one run of the comparison, in a file that the servers present and
 * the loads trust; made by the JDK's keytool.
 */
public record TlsKeys(Path file) {
  private static final String PROPERTY = "bench.keys";
  private static final String PASSWORD = "for-one-run";

  /** Makes a new file in a folder. */
  public static TlsKeys make(Path folder) throws IOException {
    Files.createDirectories(folder);
    TlsKeys made = new TlsKeys(folder.resolve("keys.p12").toAbsolutePath());
    Files.deleteIfExists(made.file);
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    List<String> command =
        List.of(
            keytool.toString(),
            "-genkeypair",
            "-keyalg",
            "EC",
            "-dname",
            "CN=localhost",
            "-validity",
            "2",
            "-keystore",
            made.file.toString(),
            "-storepass",
            PASSWORD);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!Files.exists(made.file))
      throw new IOException("keytool made no " + made.file + ": " + said);
    return made;
  }

  /** What a child of the comparison is started with, so that {@link #given} finds the file. */
  public String option() {
    return "-D" + PROPERTY + "=" + file;
  }

  /** The file that this process was started with; null if it was started without. */
  public static TlsKeys given() {
    String file = System.getProperty(PROPERTY);
    return file == null ? null : new TlsKeys(Path.of(file));
  }

  private KeyStore store() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  /** The key, to present. */
  public KeyManagerFactory keys() throws GeneralSecurityException, IOException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store(), PASSWORD.toCharArray());
    return keys;
  }

  /** Trusts the key's certificate, and no other. */
  public TrustManagerFactory trust() throws GeneralSecurityException, IOException {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store());
    return trust;
  }
}
