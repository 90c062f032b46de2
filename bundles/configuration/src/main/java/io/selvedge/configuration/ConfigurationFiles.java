package io.selvedge.configuration;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Dictionary;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.cm.file.ConfigurationHandler;
import org.jspecify.annotations.Nullable;

/**
 * The files of one {@code conf/} directory: {@code PID.cfg} or {@code PID.config} of a single
 * configuration, {@code FACTORYPID-name.cfg} or {@code .config} of one of several. File Install
 * reads them; this class makes the file of a configuration that has none yet.
 */
final class ConfigurationFiles {

  /** The property by which File Install ties a configuration to its file. */
  static final String FILE = "felix.fileinstall.filename";

  private static final Set<String> NOT_SAVED =
      Set.of("service.pid", "service.factoryPid", "service.bundleLocation", FILE);

  private final Path conf;

  ConfigurationFiles(Path conf) {
    this.conf = conf;
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

  /**
   * Writes a new file, whole or not at all.
   *
   * @param properties a copy; loses what a file does not hold
   * @return its name, as {@link #FILE} has it
   */
  @SuppressWarnings("JdkObsolete") // Config Admin speaks Dictionary
  String create(String pid, @Nullable String factoryPid, Dictionary<String, Object> properties)
      throws IOException {
    Path file = conf.resolve(fileName(pid, factoryPid));
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    NOT_SAVED.forEach(properties::remove);
    ConfigurationHandler.write(content, properties);
    Path beside = conf.resolve("." + file.getFileName() + ".new");
    Files.write(beside, content.toByteArray());
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return nameOf(file);
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

  private static String nameOf(Path file) {
    return file.toAbsolutePath().toUri().toString();
  }
}
