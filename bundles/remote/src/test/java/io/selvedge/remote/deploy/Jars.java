package io.selvedge.remote.deploy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import jdk.security.jarsigner.JarSigner;

/** Bundles and packages made for tests, and keys to sign them with. */
final class Jars {

  private Jars() {}

  /** A key with a certificate of its own, by the JDK's keytool. */
  record Signer(PrivateKey key, Certificate certificate) {

    static Signer make(Path directory, String name) throws Exception {
      Path store = directory.resolve(name + ".p12");
      Process keytool =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                  "-genkeypair",
                  "-alias",
                  name,
                  "-keyalg",
                  "EC",
                  "-groupname",
                  "secp256r1",
                  "-dname",
                  "CN=" + name,
                  "-validity",
                  "3650",
                  "-keystore",
                  store.toString(),
                  "-storepass",
                  "changeit",
                  "-storetype",
                  "PKCS12")
              .redirectErrorStream(true)
              .start();
      String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (keytool.waitFor() != 0) {
        throw new IllegalStateException(said);
      }
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(store)) {
        keys.load(in, "changeit".toCharArray());
      }
      return new Signer(
          (PrivateKey) keys.getKey(name, "changeit".toCharArray()), keys.getCertificate(name));
    }

    void trust(Path directory, String file) throws Exception {
      Files.createDirectories(directory);
      Files.writeString(
          directory.resolve(file),
          "-----BEGIN CERTIFICATE-----\n"
              + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
              + "\n-----END CERTIFICATE-----\n");
    }

    byte[] sign(byte[] jar, Path directory) throws Exception {
      Path file = Files.write(Files.createTempFile(directory, "x", ".jar"), jar);
      JarSigner signer =
          new JarSigner.Builder(
                  key,
                  CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)))
              .build();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (ZipFile zip = new ZipFile(file.toFile())) {
        signer.sign(zip, out);
      }
      return out.toByteArray();
    }
  }

  static byte[] bundle(String name, String version, Map<String, String> headers)
      throws IOException {
    Manifest manifest = manifest();
    manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
    manifest.getMainAttributes().putValue("Bundle-SymbolicName", name);
    manifest.getMainAttributes().putValue("Bundle-Version", version);
    headers.forEach(manifest.getMainAttributes()::putValue);
    return jar(manifest, Map.of("about.txt", name.getBytes(StandardCharsets.UTF_8)));
  }

  /** A bundle with an activator of these tests. */
  static byte[] active(String name, Class<?> activator, String uses) throws IOException {
    Manifest manifest = manifest();
    Attributes main = manifest.getMainAttributes();
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", name);
    main.putValue("Bundle-Activator", activator.getName());
    main.putValue("Import-Package", "org.osgi.framework," + uses);
    String path = activator.getName().replace('.', '/') + ".class";
    try (InputStream in = activator.getResourceAsStream('/' + path)) {
      return jar(manifest, Map.of(path, Objects.requireNonNull(in, path).readAllBytes()));
    }
  }

  /** Bundles by symbolic name; each lies under {@code bundles/NAME.jar}. */
  static byte[] dp(String name, Map<String, byte[]> bundles, Map<String, String> headers)
      throws IOException {
    Manifest manifest = manifest();
    manifest.getMainAttributes().putValue("DeploymentPackage-ManifestVersion", "1");
    manifest.getMainAttributes().putValue("DeploymentPackage-SymbolicName", name);
    manifest.getMainAttributes().putValue("DeploymentPackage-Version", "1.0.0");
    headers.forEach(manifest.getMainAttributes()::putValue);
    Map<String, byte[]> entries = new LinkedHashMap<>();
    for (Map.Entry<String, byte[]> one : bundles.entrySet()) {
      String entry = "bundles/" + one.getKey() + ".jar";
      Attributes attributes = new Attributes();
      attributes.putValue("Bundle-SymbolicName", one.getKey());
      attributes.putValue("Bundle-Version", "1.0.0");
      manifest.getEntries().put(entry, attributes);
      entries.put(entry, one.getValue());
    }
    return jar(manifest, entries);
  }

  private static Manifest manifest() {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    return manifest;
  }

  static byte[] jar(Manifest manifest, Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream zip = new JarOutputStream(bytes, manifest)) {
      for (Map.Entry<String, byte[]> one : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(one.getKey()));
        zip.write(one.getValue());
      }
    }
    return bytes.toByteArray();
  }

  /** The same jar with one more entry that nobody signed. */
  static byte[] smuggle(byte[] jar, Path directory) throws IOException {
    Path file = Files.write(Files.createTempFile(directory, "y", ".jar"), jar);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipFile zip = new ZipFile(file.toFile());
        OutputStream closing = out;
        ZipOutputStream copy = new ZipOutputStream(closing)) {
      for (ZipEntry one : Collections.list(zip.entries())) {
        copy.putNextEntry(new ZipEntry(one.getName()));
        copy.write(zip.getInputStream(one).readAllBytes());
      }
      copy.putNextEntry(new ZipEntry("evil/Code.class"));
      copy.write(1);
    }
    return out.toByteArray();
  }
}
