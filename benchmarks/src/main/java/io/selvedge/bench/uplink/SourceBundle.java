package io.selvedge.bench.uplink;

import io.selvedge.bench.source.SourceActivator;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** Makes the bundle that is dropped into the gateway, of the classes of one package. */
final class SourceBundle {

  private SourceBundle() {}

  static void write(Path file) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", "io.selvedge.bench.source");
    main.putValue("Bundle-Version", "1.0.0");
    main.putValue("Bundle-Activator", SourceActivator.class.getName());
    main.putValue(
        "Import-Package", "io.selvedge.api.device,io.selvedge.api.uplink,org.osgi.framework");
    String name = SourceActivator.class.getPackageName().replace('.', '/');
    Path classes =
        Path.of(
            SourceActivator.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try (OutputStream out = Files.newOutputStream(part);
        JarOutputStream jar = new JarOutputStream(out, manifest);
        Stream<Path> files = Files.list(classes.resolve(name))) {
      for (Path type : files.toList()) {
        jar.putNextEntry(new JarEntry(name + "/" + type.getFileName()));
        Files.copy(type, jar);
      }
    }
    Files.move(part, file);
  }
}
