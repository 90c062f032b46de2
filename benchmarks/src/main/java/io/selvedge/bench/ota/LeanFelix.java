package io.selvedge.bench.ota;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * A gateway that starts in half the time: those of the shipped bundles that take part in
 * deployments, as they are shipped, without web server, console, log files and connection.
 */
public final class LeanFelix {

  private static final List<String> BUNDLES =
      List.of(
          "pax-logging-api",
          "jackson-annotations",
          "jackson-core",
          "jackson-databind",
          "jackson-datatype-jsr310",
          "org.apache.felix.configadmin",
          "org.apache.felix.fileinstall",
          "org.apache.felix.healthcheck.api",
          "org.apache.felix.metatype",
          "org.apache.felix.scr",
          "org.osgi.service.component",
          "org.osgi.util.function",
          "org.osgi.util.promise",
          "protobuf-javalite",
          "selvedge-ai-runtime",
          "selvedge-api",
          "selvedge-configuration",
          "selvedge-core",
          "selvedge-deployment",
          "selvedge-flow",
          "selvedge-inference",
          "selvedge-protocol");

  private LeanFelix() {}

  /**
   * Runs until it is killed.
   *
   * @param arguments the distribution, the instance, the hub's directory, the probe
   */
  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(arguments[0]);
    Path instance = Path.of(arguments[1]);
    Map<String, String> values = new HashMap<>();
    values.put("selvedge.home", home.toString());
    values.put("selvedge.version", Files.readString(home.resolve("VERSION")).strip());
    values.put("selvedge.instance", instance.toString());
    values.put("selvedge.conf", instance.resolve("conf").toString());
    values.put("selvedge.data", instance.resolve("data").toString());
    values.put("selvedge.log", instance.resolve("log").toString());
    values.put("selvedge.gateway.id", Hub.GATEWAY);
    values.put("selvedge.account", "bench");
    values.put("selvedge.bench.hub", arguments[2]);
    values.forEach(System::setProperty);
    System.setProperty("ai.djl.offline", "true");
    Map<String, String> configuration = new HashMap<>(values);
    configuration.put(Constants.FRAMEWORK_STORAGE, instance.resolve("run/felix-cache").toString());
    configuration.put(
        Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
    configuration.put(Constants.FRAMEWORK_BSNVERSION, "multiple");
    configuration.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, "10");
    configuration.put("org.ops4j.pax.logging.DefaultServiceLog.level", "WARN");
    configuration.put("felix.cm.dir", instance.resolve("run/configuration").toString());
    configuration.put("felix.fileinstall.dir", instance.resolve("conf").toString());
    configuration.put("felix.fileinstall.filter", ".*\\.(cfg|config)");
    configuration.put("felix.fileinstall.noInitialDelay", "true");
    configuration.put("felix.fileinstall.poll", "100");
    configuration.put("felix.fileinstall.tmpdir", instance.resolve("run/fileinstall").toString());
    configuration.put("felix.fileinstall.enableConfigSave", "false");
    Framework framework =
        ServiceLoader.load(FrameworkFactory.class)
            .findFirst()
            .orElseThrow()
            .newFramework(configuration);
    framework.init();
    install(framework.getBundleContext(), home, Path.of(arguments[3]));
    framework.start();
    framework.waitForStop(0);
  }

  private static void install(BundleContext context, Path home, Path probe) throws Exception {
    for (int level = 1; level <= 3; level++) {
      try (Stream<Path> jars = Files.list(home.resolve("bundles/0" + level))) {
        for (Path jar : jars.sorted().toList()) {
          if (BUNDLES.stream().anyMatch(name -> isOf(name, jar))) {
            install(context, jar, level);
          }
        }
      }
    }
    install(context, probe, 3);
  }

  private static boolean isOf(String name, Path jar) {
    return String.valueOf(jar.getFileName()).matches(name.replace(".", "\\.") + "-[0-9].*");
  }

  private static void install(BundleContext context, Path jar, int level) throws Exception {
    Bundle bundle = context.installBundle("reference:" + jar.toUri());
    bundle.adapt(BundleStartLevel.class).setStartLevel(level);
    if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
      bundle.start(Bundle.START_ACTIVATION_POLICY);
    }
  }
}
