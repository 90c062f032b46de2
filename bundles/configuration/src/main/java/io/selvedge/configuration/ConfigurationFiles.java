package io.selvedge.configuration;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Dictionary;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.cm.file.ConfigurationHandler;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.FrameworkUtil;

/**
 * The files of one {@code conf/} directory: {@code PID.cfg} or {@code PID.config} of a single
 * configuration, {@code FACTORYPID-name.cfg} or {@code .config} of one of several. File Install
 * reads them; this class writes them, each whole or not at all, whenever the power goes.
 */
final class ConfigurationFiles {

  /** The property by which File Install ties a configuration to its file. */
  static final String FILE = "felix.fileinstall.filename";

  private static final long MOST_BYTES = 1 << 20;

  private final Path conf;
  private final Durable disk;

  ConfigurationFiles(Path conf) {
    this(conf, new Durable());
  }

  ConfigurationFiles(Path conf, Durable disk) {
    this.conf = conf;
    this.disk = disk;
  }

  /** All files of configurations, as {@link #FILE} names them. */
  Set<String> all() throws IOException {
    try (Stream<Path> files = Files.list(conf)) {
      return files
          .filter(file -> file.toString().endsWith(".cfg") || file.toString().endsWith(".config"))
          .map(ConfigurationFiles::nameOf)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** The file that a name stands for; empty where it is not in this directory. */
  private Optional<Path> find(String name) {
    Path file = Path.of(URI.create(name)).normalize();
    return conf.toAbsolutePath().normalize().equals(file.getParent())
        ? Optional.of(file)
        : Optional.empty();
  }

  /**
   * The name of the file that a configuration has by its PID; of a new one, with types, where it
   * has none.
   */
  String nameFor(String pid, @Nullable String factoryPid) {
    String typed = fileName(pid, factoryPid);
    String text = typed.replaceFirst("\\.config$", ".cfg");
    return nameOf(conf.resolve(Files.exists(conf.resolve(text)) ? text : typed));
  }

  /**
   * Makes a file hold the values; leaves it alone where it does, and where it is none of these.
   *
   * @return true where it was written
   */
  boolean save(String name, Map<String, Object> values) throws IOException {
    Optional<Path> file = find(name);
    if (file.isEmpty()) {
      return false;
    }
    byte[] old = Files.exists(file.get()) ? Files.readAllBytes(file.get()) : new byte[0];
    byte[] now = merged(name, old, values);
    if (Arrays.equals(old, now)) {
      return false;
    }
    disk.write(file.get(), now);
    return true;
  }

  /** Whether a file says what the values say. */
  boolean holds(String name, Map<String, Object> values) throws IOException {
    Optional<Path> file = find(name);
    if (file.isEmpty() || Files.notExists(file.get())) {
      return false;
    }
    byte[] old = Files.readAllBytes(file.get());
    return Arrays.equals(old, merged(name, old, values));
  }

  /** A file with new values in it; the same bytes where it holds them. */
  static byte[] merged(String name, byte[] old, Map<String, Object> values) throws IOException {
    return name.endsWith(".cfg") ? asText(old, values) : asTyped(old, values);
  }

  /** Contents of all files of configurations by their plain names. */
  Map<String, byte[]> contents() throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    for (String name : all()) {
      Path file = find(name).orElseThrow();
      if (Files.size(file) > MOST_BYTES) {
        throw new IOException(
            "file ["
                + file.getFileName()
                + "] holds more than ["
                + MOST_BYTES
                + "] bytes; it is no configuration, take it out of conf");
      }
      contents.put(file.getFileName().toString(), Files.readAllBytes(file));
    }
    return contents;
  }

  /** The values of a file's content; texts where it is a {@code .cfg} file. */
  static Map<String, Object> read(String name, byte[] content) throws IOException {
    if (name.endsWith(".cfg")) {
      return new TreeMap<>(CfgText.values(new String(content, StandardCharsets.UTF_8)));
    }
    Map<String, Object> values = new TreeMap<>();
    if (content.length == 0) {
      return values;
    }
    Dictionary<?, ?> read = ConfigurationHandler.read(new ByteArrayInputStream(content));
    for (Object key : Collections.list(read.keys())) {
      values.put(key.toString(), read.get(key));
    }
    return values;
  }

  static byte[] typed(Map<String, Object> values) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    ConfigurationHandler.write(content, FrameworkUtil.asDictionary(values));
    return content.toByteArray();
  }

  /** {@code a.b-hall.cfg} is {@code a.b-hall}. */
  static String withoutEnding(String file) {
    return file.replaceFirst("[.](cfg|config)$", "");
  }

  /** The PID that File Install gives to a file's configuration: {@code a.b~hall}. */
  static String pidOf(String file) {
    return withoutEnding(file).replaceFirst("-", "~");
  }

  /** Whether it can be the name of such a file. */
  static boolean isName(String file) {
    return file.matches("[A-Za-z0-9_][A-Za-z0-9._~-]{0,199}[.](cfg|config)");
  }

  /** The name as {@link #FILE} has it. */
  String url(String file) {
    return nameOf(conf.resolve(file));
  }

  void delete(String name) throws IOException {
    Optional<Path> file = find(name);
    if (file.isPresent()) {
      Files.deleteIfExists(file.get());
    }
  }

  private static byte[] asText(byte[] old, Map<String, Object> values) throws IOException {
    String text = new String(old, StandardCharsets.UTF_8);
    String merged = CfgText.merge(text, values);
    if (merged.equals(text)) {
      return old;
    }
    if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), old)) {
      throw new IOException("the file holds bytes that are not UTF-8; save it in UTF-8");
    }
    return merged.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] asTyped(byte[] old, Map<String, Object> values) throws IOException {
    if (old.length > 0 && comparable(read("", old)).equals(comparable(values))) {
      return old;
    }
    return typed(values);
  }

  /** Values with their types as text: arrays are equal where what is in them is. */
  private static Map<String, String> comparable(Map<String, Object> values) {
    Map<String, String> comparable = new TreeMap<>();
    values.forEach((key, v) -> comparable.put(key, v.getClass() + CfgText.string(v)));
    return comparable;
  }

  /**
   * {@code PID.config}, or {@code FACTORYPID-name.config}: File Install reads the PID out of it.
   */
  static String fileName(String pid, @Nullable String factoryPid) {
    if (factoryPid == null) {
      return plain(pid) + ".config";
    }
    String name = pid.startsWith(factoryPid) ? pid.substring(factoryPid.length()) : pid;
    return plain(factoryPid) + "-" + plain(name.replaceFirst("^[~.-]", "")) + ".config";
  }

  private static String plain(String name) {
    return name.replaceAll("[^A-Za-z0-9._-]", "_");
  }

  /**
   * As File Install has it: {@code file:/…}, where the URI of a path would be {@code file:///…}.
   */
  static String nameOf(Path file) {
    return file.toFile().getAbsoluteFile().toURI().toString();
  }
}
