package io.selvedge.bench.ota;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Bundles out of the benches' own classes. */
public final class Jars {

  private Jars() {}

  /**
   * Makes one.
   *
   * @param headers beside Manifest-Version and Bundle-ManifestVersion
   * @param classes that are in it
   */
  public static byte[] bundle(Map<String, String> headers, List<Class<?>> classes)
      throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    headers.forEach(main::putValue);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream out = new JarOutputStream(bytes, manifest)) {
      for (Class<?> one : classes) {
        String name = one.getName().replace('.', '/') + ".class";
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
