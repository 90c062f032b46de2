package io.selvedge.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** Bundles out of the benches' own classes. */
public final class Jars {

  private static final String CLASS = ".class";

  private Jars() {}

  /**
   * Makes one.
   *
   * @param headers beside Manifest-Version and Bundle-ManifestVersion
   * @param classes that are in it
   */
  public static byte[] bundle(Map<String, String> headers, List<Class<?>> classes)
      throws IOException {
    return jar(headers, classes.stream().map(Jars::entry).toList());
  }

  /**
   * Makes one of the whole package of its activator, which is its name, too.
   *
   * @param others one class each of further packages
   */
  public static byte[] bundle(Class<?> activator, String imports, Class<?>... others)
      throws IOException {
    List<String> entries = new ArrayList<>(besides(activator));
    for (Class<?> other : others) {
      entries.addAll(besides(other));
    }
    return jar(
        Map.of(
            "Bundle-SymbolicName",
            activator.getPackageName(),
            "Bundle-Version",
            "1.0.0",
            "Bundle-Activator",
            activator.getName(),
            "Import-Package",
            imports),
        entries);
  }

  private static String entry(Class<?> type) {
    return type.getName().replace('.', '/') + CLASS;
  }

  /** All classes of a package, from a folder or a jar; not those of packages below it. */
  private static List<String> besides(Class<?> type) throws IOException {
    String folder = type.getPackageName().replace('.', '/') + "/";
    Path source = Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    if (Files.isDirectory(source)) {
      try (Stream<Path> files = Files.list(source.resolve(folder))) {
        return files
            .map(file -> folder + file.getFileName())
            .filter(name -> name.endsWith(CLASS))
            .sorted()
            .toList();
      }
    }
    try (JarFile jar = new JarFile(source.toFile())) {
      return jar.stream()
          .map(JarEntry::getName)
          .filter(name -> name.startsWith(folder) && name.endsWith(CLASS))
          .filter(name -> name.indexOf('/', folder.length()) < 0)
          .sorted()
          .toList();
    }
  }

  private static byte[] jar(Map<String, String> headers, List<String> entries) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    headers.forEach(main::putValue);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream out = new JarOutputStream(bytes, manifest)) {
      for (String name : entries) {
        JarEntry entry = new JarEntry(name);
        entry.setTime(0);
        out.putNextEntry(entry);
        try (InputStream in = Jars.class.getResourceAsStream('/' + name)) {
          if (in == null) {
            throw new IOException("class [" + name + "] is not on the class path");
          }
          in.transferTo(out);
        }
        out.closeEntry();
      }
    }
    return bytes.toByteArray();
  }
}
