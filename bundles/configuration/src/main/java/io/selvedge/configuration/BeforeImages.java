package io.selvedge.configuration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * How files in {@code conf/} were before a deployment named them, one directory for each artifact:
 * a copy of the same name, or an empty file {@code NAME.absent} where there was none. The launcher
 * reads them, too (docs/deployment.md).
 */
final class BeforeImages {

  private static final String ABSENT = ".absent";

  private final Path root;
  private final Path conf;
  private final Durable disk;

  BeforeImages(Path root, Path conf, Durable disk) {
    this.root = root;
    this.conf = conf;
    this.disk = disk;
  }

  /** Keeps how a file is now, where that is not kept yet. */
  void keep(String artifact, String file) throws IOException {
    if (files(artifact).contains(file)) {
      return;
    }
    Path directory = Files.createDirectories(root.resolve(artifact));
    Path now = conf.resolve(file);
    if (Files.exists(now)) {
      disk.write(directory.resolve(file), Files.readAllBytes(now));
    } else {
      disk.write(directory.resolve(file + ABSENT), new byte[0]);
    }
  }

  /** The files that an artifact has changed. */
  Set<String> files(String artifact) throws IOException {
    Set<String> files = new TreeSet<>();
    for (Path one : list(root.resolve(artifact))) {
      String name = String.valueOf(one.getFileName());
      if (!name.startsWith(".")) { // else a copy that was cut short
        files.add(name.endsWith(ABSENT) ? name.replaceFirst("\\.absent$", "") : name);
      }
    }
    return files;
  }

  /** What a file was; empty where there was none. */
  Optional<byte[]> before(String artifact, String file) throws IOException {
    Path image = root.resolve(artifact).resolve(file);
    return Files.exists(image) ? Optional.of(Files.readAllBytes(image)) : Optional.empty();
  }

  void forget(String artifact, String file) throws IOException {
    Path directory = root.resolve(artifact);
    disk.delete(directory.resolve(file));
    disk.delete(directory.resolve(file + ABSENT));
    if (Files.isDirectory(directory) && files(artifact).isEmpty()) {
      for (Path left : list(directory)) {
        Files.delete(left);
      }
      Files.delete(directory);
    }
  }

  /** Which artifact has changed a file, by file. */
  Map<String, String> owners() throws IOException {
    Map<String, String> owners = new TreeMap<>();
    for (Path artifact : list(root)) {
      String name = String.valueOf(artifact.getFileName());
      for (String file : files(name)) {
        owners.put(file, name);
      }
    }
    return owners;
  }

  private static List<Path> list(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }
}
