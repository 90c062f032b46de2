package io.selvedge.bench.swap;

import io.selvedge.bench.probe.ProbeActivator;
import io.selvedge.testkit.FakeBuses;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** Makes the bundle of probes: their package, and the fakes of the test kit. */
final class ProbeBundle {

  private ProbeBundle() {}

  static void write(Path file) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", "io.selvedge.bench.probe");
    main.putValue("Bundle-Version", "1.0.0");
    main.putValue("Bundle-Activator", ProbeActivator.class.getName());
    main.putValue(
        "Import-Package", "io.selvedge.api.device,io.selvedge.api.bus,org.osgi.framework");
    Path part = file.resolveSibling("." + file.getFileName() + ".part");
    try (OutputStream out = Files.newOutputStream(part);
        JarOutputStream jar = new JarOutputStream(out, manifest)) {
      copy(ProbeActivator.class, jar);
      copy(FakeBuses.class, jar);
    }
    Files.move(part, file);
  }

  /** All classes of a package, from a folder or a jar; those of tests need more than there is. */
  private static void copy(Class<?> type, JarOutputStream to) throws IOException {
    String folder = type.getPackageName().replace('.', '/') + "/";
    Path source = Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    if (Files.isDirectory(source)) {
      try (Stream<Path> files = Files.list(source.resolve(folder))) {
        for (Path one : files.filter(Files::isRegularFile).toList()) {
          add(to, folder + one.getFileName(), Files.readAllBytes(one));
        }
      }
      return;
    }
    try (JarFile jar = new JarFile(source.toFile())) {
      for (JarEntry entry : jar.stream().toList()) {
        String name = entry.getName();
        if (name.startsWith(folder) && name.endsWith(".class")) {
          try (InputStream in = jar.getInputStream(entry)) {
            add(to, name, in.readAllBytes());
          }
        }
      }
    }
  }

  private static void add(JarOutputStream jar, String name, byte[] bytes) throws IOException {
    jar.putNextEntry(new JarEntry(name));
    jar.write(bytes);
  }
}
