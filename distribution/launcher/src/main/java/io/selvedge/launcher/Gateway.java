package io.selvedge.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;

/** The framework with the bundles of the distribution. Used by one thread, and ended by any. */
final class Gateway {

  private static final long STOP_MILLIS = 15_000;

  private final Programs programs;
  private final Framework framework;
  private final Path mark;

  Gateway(Programs programs, Instance instance, Settings settings) throws Problem {
    this.programs = programs;
    Map<String, String> values = values(programs, instance, settings);
    // Logback and libraries look at system properties, not at the framework's.
    values.forEach(System::setProperty);
    System.setProperty("ai.djl.offline", "true");
    Map<String, String> configuration = frameworkProperties(programs, values);
    configuration.putAll(values);
    configuration.put(Constants.FRAMEWORK_STORAGE, instance.cache().toString());
    mark = instance.run().resolve("programs");
    if (!takeMark()) {
      configuration.put(
          Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
    }
    framework =
        ServiceLoader.load(FrameworkFactory.class)
            .findFirst()
            .orElseThrow(
                () -> Problem.failed("no OSGi framework in [lib]; unpack the programs anew"))
            .newFramework(configuration);
  }

  /** What bundles may ask for; see docs/architecture.md. */
  private static Map<String, String> values(Programs programs, Instance instance, Settings settings)
      throws Problem {
    Map<String, String> values = new TreeMap<>();
    values.put("selvedge.home", programs.home().toString());
    values.put("selvedge.version", programs.version());
    values.put("selvedge.instance", instance.directory().toString());
    values.put("selvedge.conf", instance.conf().toString());
    values.put("selvedge.data", instance.data().toString());
    values.put("selvedge.log", instance.log().toString());
    values.put("selvedge.gateway.id", settings.gatewayId());
    values.put("selvedge.account", settings.account());
    values.put("selvedge.gateway.groups", settings.groups());
    values.put("selvedge.http.host", settings.host());
    values.put("selvedge.http.port", Integer.toString(settings.port()));
    return values;
  }

  private static Map<String, String> frameworkProperties(
      Programs programs, Map<String, String> values) throws Problem {
    Properties shipped = new Properties();
    Path file = programs.frameworkProperties();
    try (Reader reader = Files.newBufferedReader(file)) {
      shipped.load(reader);
    } catch (IOException e) {
      throw Problem.failed("[" + file + "] cannot be read: " + e + "; unpack the programs anew");
    }
    Map<String, String> configuration = new HashMap<>();
    for (String key : shipped.stringPropertyNames()) {
      String value = shipped.getProperty(key);
      for (Map.Entry<String, String> known : values.entrySet()) {
        value = value.replace("${" + known.getKey() + "}", known.getValue());
      }
      configuration.put(key, value);
    }
    return configuration;
  }

  /**
   * Whether the bundle cache may be used again: it is of these programs, and the last run ended
   * well. Otherwise it is made anew: that costs a tenth of a second, and nothing that matters is in
   * it. The mark is there only between a clean stop and the next start.
   */
  private boolean takeMark() throws Problem {
    try {
      boolean good = Files.exists(mark) && Files.readString(mark).equals(programs.fingerprint());
      Files.deleteIfExists(mark);
      return good;
    } catch (IOException e) {
      throw Problem.failed("[" + mark + "] cannot be read: " + e + "; delete it and start again");
    }
  }

  /** Brings all bundles up; returns when their start levels are reached. */
  void start() throws Problem {
    try {
      framework.init();
      BundleContext context = framework.getBundleContext();
      for (Programs.Jar jar : programs.jars()) {
        if (context.getBundle(jar.location()) == null) {
          install(context, jar);
        }
      }
      framework.start();
    } catch (BundleException e) {
      throw Problem.failed(
          "the framework does not start: "
              + e.getMessage()
              + "; where a bundle is damaged, unpack the programs anew");
    }
  }

  private static void install(BundleContext context, Programs.Jar jar) throws BundleException {
    Bundle bundle = context.installBundle(jar.location());
    bundle.adapt(BundleStartLevel.class).setStartLevel(jar.startLevel());
    boolean fragment = bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null;
    if (!fragment) {
      bundle.start(Bundle.START_ACTIVATION_POLICY);
    }
  }

  /** Waits until the framework is stopped, by {@link #stop} or from inside. */
  void await() throws Problem, InterruptedException {
    FrameworkEvent end = framework.waitForStop(0);
    while (end.getType() == FrameworkEvent.STOPPED_UPDATE) { // "restart" in the web console
      start();
      end = framework.waitForStop(0);
    }
  }

  /**
   * Stops all bundles in reverse order.
   *
   * @throws Problem they did not end in time
   */
  void stop() throws Problem, InterruptedException {
    try {
      framework.stop();
      if (framework.waitForStop(STOP_MILLIS).getType() == FrameworkEvent.WAIT_TIMEDOUT) {
        throw Problem.failed(
            "bundles still run after [" + STOP_MILLIS + " ms]; the process ends without them");
      }
      Files.writeString(mark, programs.fingerprint());
    } catch (BundleException | IOException e) {
      throw Problem.failed("the framework does not stop cleanly: " + e + "; see the log");
    }
  }
}
