package io.selvedge.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.selvedge.api.device.Devices;
import io.selvedge.api.event.Event;
import io.selvedge.api.event.Events;
import io.selvedge.api.model.ModelException;
import io.selvedge.api.model.Models;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs inside the framework of the distribution. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class GatewayIT {

  private static final Logger LOG = LoggerFactory.getLogger(GatewayIT.class);
  private static final long PATIENCE_MILLIS = 90_000;

  @Inject BundleContext context;
  @Inject Devices devices;
  @Inject ConfigurationAdmin admin;
  @Inject Models models;
  @Inject Events events;

  @org.ops4j.pax.exam.Configuration
  public Option[] gateway() throws Exception {
    Path instance = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "gateway");
    TinyModel.write(instance.resolve("tiny-1"), "tiny", "1", 3);
    TinyModel.write(instance.resolve("tiny-2"), "tiny", "2", 5);
    Option[] options = Inside.gateway(instance, Distribution.freePort());
    // A hub that does not answer: the uplink's thread tries, and must end with its bundle.
    Files.writeString(instance.resolve("conf/io.selvedge.mqtt.cfg"), "broker=tcp://127.0.0.1:1\n");
    return options;
  }

  @Test
  public void everyBundleIsActive() {
    List<String> others =
        Arrays.stream(context.getBundles())
            .filter(bundle -> bundle.getState() != Bundle.ACTIVE)
            .map(bundle -> bundle.getSymbolicName() + " " + bundle.getState())
            .toList();
    assertEquals(List.of(), others);
  }

  @Test
  public void configurationMakesADeviceAndItsReadingsAppear() throws Exception {
    assertTrue(devices.find("hall").isEmpty());
    Path file = conf().resolve("io.selvedge.driver.simulated-hall.cfg");
    Files.writeString(file, "device.id=hall\ninterval.ms=50\n");
    await("readings of [hall]", () -> devices.latest("hall").size() > 3);
    assertEquals("selvedge-bus-hall", bus("hall"));

    Files.delete(file);
    await("[hall] is gone", () -> devices.find("hall").isEmpty());
  }

  @Test
  public void aChangeThroughConfigAdminReachesTheFile() throws Exception {
    Path file = conf().resolve("io.selvedge.driver.simulated-store.cfg");
    Files.writeString(file, "# kept\ndevice.id=store\ninterval.ms=500\n");
    await("[store] is there", () -> devices.find("store").isPresent());
    Configuration store = configuration("(device.id=store)");
    // Without the file's name, as the web console does it.
    store.update(FrameworkUtil.asDictionary(Map.of("device.id", "store", "interval.ms", "70")));
    await("the new interval in the file", () -> Files.readString(file).contains("70"));
    assertTrue(Files.readString(file).startsWith("# kept"));
    await(
        "the new interval",
        () -> devices.find("store").filter(d -> d.interval().toMillis() == 70).isPresent());
    Files.delete(file);
  }

  @Test
  public void aConfigurationMadeInTheConsoleGetsAFile() throws Exception {
    Configuration made = admin.createFactoryConfiguration("io.selvedge.driver.simulated", "?");
    made.update(FrameworkUtil.asDictionary(Map.of("device.id", "attic", "interval.ms", 90)));
    String name = made.getPid().replace("io.selvedge.driver.simulated.", "");
    Path file = conf().resolve("io.selvedge.driver.simulated-" + name + ".config");
    await("a file", () -> Files.exists(file) && Files.readString(file).contains("\"attic\""));
    await("[attic] is there", () -> devices.find("attic").isPresent());
    made.delete();
    await("the file is gone", () -> Files.notExists(file));
  }

  @Test
  public void aBundleDroppedInRunsUntilItIsTakenAway() throws Exception {
    Path jar = conf().resolveSibling("deploy").resolve("dropped.jar");
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Bundle-ManifestVersion", "2");
    attributes.putValue("Bundle-SymbolicName", "dropped");
    Path beside = Files.createTempFile(jar.getParent(), ".dropped", ".part");
    try (OutputStream out = Files.newOutputStream(beside)) {
      new JarOutputStream(out, manifest).close();
    }
    Files.move(beside, jar);
    await("[dropped] is active", () -> state("dropped") == Bundle.ACTIVE);
    Files.delete(jar);
    await("[dropped] is gone", () -> state("dropped") == Bundle.UNINSTALLED);
  }

  /** At most 10 MB a second are written here, and the file is looked at once a second. */
  @Test
  public void theLogDoesNotGrowBeyondItsBound() throws Exception {
    String line = "x".repeat(1000);
    for (int i = 0; i < 60_000; i++) {
      LOG.info(line);
      if (i % 1000 == 999) {
        Thread.sleep(100);
      }
    }
    Path log = conf().resolveSibling("log");
    assertTrue(Files.size(log.resolve("gateway.log")) < 25_000_000);
    await("an older log", () -> Files.exists(log.resolve("gateway.1.log.gz")));
  }

  private int state(String symbolicName) {
    return Arrays.stream(context.getBundles())
        .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
        .mapToInt(Bundle::getState)
        .findFirst()
        .orElse(Bundle.UNINSTALLED);
  }

  @Test
  public void aFileThatNobodyTakesIsNamed() throws Exception {
    Path misspelt = conf().resolve("io.selvedge.driver.simulatd-hall.cfg");
    Path broken = conf().resolveSibling("deploy").resolve("broken.jar");
    Files.writeString(misspelt, "device.id=hall\n");
    Files.writeString(broken, "no bundle");
    await(
        "both named by the check of readiness",
        () ->
            ready().contains("[io.selvedge.driver.simulatd-hall.cfg] is taken by nobody")
                && ready().contains("[broken.jar] is no bundle"));
    Files.delete(misspelt);
    Files.delete(broken);
    await("neither named any more", () -> ready().contains("all files are read"));
  }

  private String ready() throws IOException {
    String port = context.getProperty("selvedge.http.port");
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:" + port + "/health/ready").toURL().openConnection();
    boolean ok = connection.getResponseCode() == HttpURLConnection.HTTP_OK;
    try (InputStream in = ok ? connection.getInputStream() : connection.getErrorStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  public void aBundleThatStopsLeavesNoThread() throws Exception {
    List<Bundle> ours =
        Arrays.stream(context.getBundles())
            .filter(bundle -> bundle.getLocation().contains("/bundles/03/"))
            .filter(bundle -> bundle.getState() == Bundle.ACTIVE)
            .toList();
    for (String thread :
        List.of("selvedge-bus-office", "selvedge-flow-office", "selvedge-uplink")) {
      await("thread [" + thread + "]", () -> threads().contains(thread));
    }
    for (Bundle bundle : ours) {
      bundle.stop(Bundle.STOP_TRANSIENT);
    }
    try {
      await("no thread of ours: " + threads(), () -> threads().isEmpty());
    } finally {
      for (Bundle bundle : ours) {
        bundle.start();
      }
    }
    await("threads of ours again", () -> threads().contains("selvedge-bus-office"));
  }

  @Test
  public void aModelIsSwappedWhileItIsUsed() throws Exception {
    Path instance = Path.of(context.getProperty("selvedge.instance"));
    put(instance.resolve("tiny-1"));
    await("model [tiny] version [1]", () -> version("tiny").equals("1"));
    assertEquals(6, predict(2), 1e-4);

    put(instance.resolve("tiny-2"));
    long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    while (!version("tiny").equals("2")) {
      assertTrue("not in time: version [2]", System.nanoTime() < end);
      float answer = predict(2); // an answer at any time, of the one or of the other
      assertTrue("answer " + answer, Math.abs(answer - 6) < 1e-4 || Math.abs(answer - 10) < 1e-4);
    }
    assertEquals(10, predict(2), 1e-4);

    Files.writeString(conf().resolve("models/tiny.model.json"), "{\"format\": 1, \"name\": 7}");
    await(
        "an event of the refused manifest",
        () ->
            events.recent(100).stream()
                .anyMatch(
                    e -> e.code().startsWith("model.") && e.severity() != Event.Severity.INFO));
    assertEquals("the last good one goes on", 10, predict(2), 1e-4);
  }

  private void put(Path from) throws IOException {
    for (String file : List.of("tiny.onnx", "tiny.model.json")) {
      Path beside = conf().resolve("models/." + file);
      Files.copy(from.resolve(file), beside, StandardCopyOption.REPLACE_EXISTING);
      Files.move(beside, conf().resolve("models").resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private String version(String model) {
    return models.find(model).map(status -> status.ref().version()).orElse("");
  }

  private float predict(float x) throws ModelException {
    return models.predict("tiny", new float[][] {{x}}).rows()[0][0];
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("selvedge-"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private String bus(String device) {
    return threads().stream().filter(name -> name.endsWith("-" + device)).findFirst().orElse("");
  }

  private Configuration configuration(String filter) throws Exception {
    Configuration[] found = admin.listConfigurations(filter);
    assertEquals(filter, 1, found == null ? 0 : found.length);
    return found[0];
  }

  private Path conf() {
    return Path.of(context.getProperty("selvedge.conf"));
  }

  static void await(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    while (!condition.call()) {
      assertTrue("not in time: " + what, System.nanoTime() < end);
      Thread.sleep(50); // nothing tells a test of a file that was read
    }
  }
}
