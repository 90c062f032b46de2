package io.selvedge.console.bundles;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** A real framework, and bundles for it. */
final class Felix {

  private static final long PATIENCE_NANOS = 30_000_000_000L;

  private final Framework framework;

  Felix(Path directory) throws Exception {
    framework =
        ServiceLoader.load(FrameworkFactory.class)
            .findFirst()
            .orElseThrow()
            .newFramework(
                Map.of(
                    Constants.FRAMEWORK_STORAGE,
                    directory.resolve("cache").toString(),
                    Constants.FRAMEWORK_BEGINNING_STARTLEVEL,
                    "10",
                    "felix.log.level",
                    "0"));
    framework.start();
  }

  BundleContext context() {
    return framework.getBundleContext();
  }

  Bundle start(String location, byte[] jar) throws Exception {
    Bundle bundle = context().installBundle(location, new ByteArrayInputStream(jar));
    bundle.start();
    return bundle;
  }

  /** {@code NAME VERSION} of those that run, without the framework itself. */
  List<String> running() {
    return Arrays.stream(context().getBundles())
        .filter(bundle -> bundle.getBundleId() != 0 && bundle.getState() == Bundle.ACTIVE)
        .map(bundle -> bundle.getSymbolicName() + ' ' + bundle.getVersion())
        .toList();
  }

  static byte[] jar(String name, String version, Map<String, String> headers) throws IOException {
    return jar(name, version, headers, Map.of());
  }

  /** One whose activator is of these tests. */
  static byte[] active(String name, String version, Class<?> activator) throws IOException {
    String path = activator.getName().replace('.', '/') + ".class";
    try (InputStream in = activator.getResourceAsStream('/' + path)) {
      return jar(
          name,
          version,
          Map.of("Bundle-Activator", activator.getName(), "Import-Package", "org.osgi.framework"),
          Map.of(path, Objects.requireNonNull(in, path).readAllBytes()));
    }
  }

  private static byte[] jar(
      String name, String version, Map<String, String> headers, Map<String, byte[]> entries)
      throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", name);
    main.putValue("Bundle-Version", version);
    headers.forEach(main::putValue);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream zip = new JarOutputStream(bytes, manifest)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return bytes.toByteArray();
  }

  static void await(String what, Callable<Boolean> question) throws Exception {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!question.call()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.sleep(5);
    }
  }

  void stop() throws Exception {
    framework.stop();
    framework.waitForStop(10_000);
  }
}
