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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

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

  /** The bundles that it uses classes of, without the framework. */
  static List<String> wiredTo(Bundle bundle) {
    return bundle
        .adapt(BundleWiring.class)
        .getRequiredWires(BundleRevision.PACKAGE_NAMESPACE)
        .stream()
        .map(wire -> wire.getProvider())
        .map(revision -> revision.getSymbolicName() + ' ' + revision.getVersion())
        .toList();
  }

  static List<String> fragmentsOf(Bundle bundle) {
    return bundle.adapt(BundleWiring.class).getProvidedWires(BundleRevision.HOST_NAMESPACE).stream()
        .map(wire -> wire.getRequirer().getSymbolicName())
        .toList();
  }

  /** Starts a bundle that is stopped, the first time that it is. */
  void startAgainOnce(Bundle bundle) {
    AtomicBoolean done = new AtomicBoolean();
    context()
        .addBundleListener(
            (SynchronousBundleListener)
                event -> {
                  if (event.getType() == BundleEvent.STOPPED
                      && event.getBundle().equals(bundle)
                      && done.compareAndSet(false, true)) {
                    try {
                      bundle.start();
                    } catch (BundleException e) {
                      throw new IllegalStateException(e);
                    }
                  }
                });
  }

  /** Waits until an update stops a bundle, and for a refresh that has all locks but this one's. */
  void refreshAmidAnUpdate(Bundle slow) throws Exception {
    await("an update", () -> isSomebodyIn("updateBundle", "stopBundle", SlowToStop.STOPS));
    framework.adapt(FrameworkWiring.class).refreshBundles(List.of(slow));
    await("a refresh", () -> isSomebodyIn("refreshPackages", "acquireBundleLock"));
  }

  /** A refresh that waits for a bundle to stop, with all locks but this one's. */
  void refreshWithoutEnd(Bundle slow) throws Exception {
    framework.adapt(FrameworkWiring.class).refreshBundles(List.of(slow));
    await("a refresh", () -> isSomebodyIn("refreshPackages", "stopBundle", SlowToStop.STOPS));
  }

  private static boolean isSomebodyIn(String... methods) {
    return Thread.getAllStackTraces().values().stream()
        .map(stack -> Arrays.stream(stack).map(StackTraceElement::getMethodName).toList())
        .anyMatch(stack -> stack.containsAll(List.of(methods)));
  }

  static <T> CompletableFuture<T> async(Callable<T> call) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return call.call();
          } catch (Exception e) { // whatever it is, it is looked at
            throw new CompletionException(e);
          }
        });
  }

  /** One whose activator is of these tests, and which uses some packages. */
  static byte[] active(String name, String version, Class<?> activator, String... uses)
      throws IOException {
    String path = activator.getName().replace('.', '/') + ".class";
    try (InputStream in = activator.getResourceAsStream('/' + path)) {
      return jar(
          name,
          version,
          Map.of(
              "Bundle-Activator",
              activator.getName(),
              "Import-Package",
              String.join(",", List.of(uses))
                  + (uses.length > 0 ? "," : "")
                  + "org.osgi.framework"),
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
    assertThat(framework.waitForStop(30_000).getType()).isEqualTo(FrameworkEvent.STOPPED);
  }
}
