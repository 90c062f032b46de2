package io.selvedge.mqtt.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;

/**
 * Reads what the configurations of connections have in common. A wrong value takes nothing away: it
 * is told, with what it must be, and its default counts. For one thread.
 */
public final class SettingsReader {

  private final String file;
  private final Map<String, Object> properties;
  private final BundleContext context;
  private final List<String> problems = new ArrayList<>();

  /**
   * Reads nothing yet.
   *
   * @param file name of the file of configuration, for who has to correct it
   * @param properties as they stand there, because what is no number cannot be had otherwise
   * @param context whose properties say where the instance is
   */
  public SettingsReader(String file, Map<String, Object> properties, BundleContext context) {
    this.file = file;
    this.properties = properties;
    this.context = context;
  }

  /** What was wrong in all that was read until now. */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  /** A property of the framework. */
  public String property(String name, String otherwise) {
    return Optional.ofNullable(context.getProperty(name))
        .filter(value -> !value.isBlank())
        .orElse(otherwise);
  }

  /** Where the configuration lies. */
  public Path conf() {
    return Path.of(property("selvedge.conf", "conf"));
  }

  /** Where data is kept. */
  public Path data() {
    return Path.of(property("selvedge.data", "data"));
  }

  /** A whole number within limits. */
  public int whole(String name, int least, int most, int otherwise) {
    String text = text(name, Integer.toString(otherwise));
    try {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // falls through to the one message for both faults
    }
    refuse(name, text, "a whole number from " + least + " to " + most, Integer.toString(otherwise));
    return otherwise;
  }

  /** True or false. */
  public boolean flag(String name, boolean otherwise) {
    String text = text(name, Boolean.toString(otherwise));
    if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
      return text.equalsIgnoreCase("true");
    }
    refuse(name, text, "true or false", Boolean.toString(otherwise));
    return otherwise;
  }

  private String text(String name, String otherwise) {
    Object given = properties.get(name);
    return given == null ? otherwise : given.toString().strip();
  }

  /**
   * A value is wrong.
   *
   * @param rule what it must be
   * @param otherwise what counts in its place
   */
  public void refuse(String name, String value, String rule, String otherwise) {
    wrong(name + " [" + value + "] must be " + rule, "correct it", "[" + otherwise + "] counts");
  }

  /**
   * Something is wrong.
   *
   * @param what it is
   * @param remedy what is to be done in the file
   * @param meanwhile what is so until then
   */
  public void wrong(String what, String remedy, String meanwhile) {
    problems.add(what + "; " + remedy + " in " + file + ". Until then " + meanwhile);
  }

  /**
   * Certificates, relative to the folder of the configuration.
   *
   * @param ca empty: those of the Java runtime
   * @param certificate empty: none is shown
   * @param key of the certificate
   */
  public TlsFiles tls(String ca, String certificate, String key) {
    TlsFiles files = TlsFiles.NONE;
    if (!ca.isBlank()) {
      files = files.withCa(conf().resolve(ca.strip()));
    }
    String shown = certificate.strip();
    String proof = key.strip();
    if (!shown.isEmpty() && !proof.isEmpty()) {
      return files.withIdentity(conf().resolve(shown), conf().resolve(proof));
    }
    if (!shown.isEmpty() || !proof.isEmpty()) {
      wrong(
          "client.certificate.file ["
              + shown
              + "] and client.key.file ["
              + proof
              + "] must be set both or neither",
          "correct it",
          "the gateway shows no certificate");
    }
    return files;
  }

  /**
   * A password, read each time so that a new one needs no restart.
   *
   * @param given in place of the file; empty: the file counts
   * @param from file with it in the first line, relative to the folder of the configuration
   * @param user whose it is
   * @throws IOException where the file cannot be read
   */
  public char[] password(String given, String from, String user) throws IOException {
    if (!given.isEmpty()) {
      return given.toCharArray();
    }
    Path path = conf().resolve(from.strip());
    if (from.isBlank() || !Files.isRegularFile(path)) {
      throw new IOException(
          "password file ["
              + path
              + "] is not there; write the password for user ["
              + user
              + "] into it");
    }
    return Files.readString(path, StandardCharsets.UTF_8)
        .lines()
        .findFirst()
        .orElse("")
        .toCharArray();
  }
}
