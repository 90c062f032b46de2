package io.selvedge.itest;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;
import static org.ops4j.pax.exam.CoreOptions.vmOption;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.ops4j.pax.exam.Constants;
import org.ops4j.pax.exam.Option;

/** Runs tests inside the framework of the distribution: its bundles, its properties, its start. */
final class Inside {

  private Inside() {}

  /**
   * The distribution as it is unpacked, on a new instance.
   *
   * @param instance its directory; gets the shipped configuration
   */
  static Option[] gateway(Path instance, int port) throws IOException {
    Path home = Distribution.home();
    copy(home.resolve("config"), instance.resolve("conf"));
    copy(home.resolve("system"), instance.resolve("run/system"));
    for (String name : List.of("conf/models", "conf/trust", "data/auth", "log", "run", "deploy")) {
      Files.createDirectories(instance.resolve(name));
    }
    List<Option> options = new ArrayList<>(List.of(junitBundles(), frameworkStartLevel(10)));
    Map<String, String> values = values(home, instance, port);
    values.forEach(
        (key, value) -> {
          options.add(frameworkProperty(key).value(value));
          options.add(systemProperty(key).value(value));
        });
    Properties shipped = new Properties();
    try (Reader reader = Files.newBufferedReader(home.resolve("system/framework.properties"))) {
      shipped.load(reader);
    }
    for (String key : shipped.stringPropertyNames()) {
      options.add(frameworkProperty(key).value(filled(shipped.getProperty(key), values)));
    }
    options.add(systemProperty("ai.djl.offline").value("true"));
    // So long a test waits for what is injected: ten seconds are little on a busy machine.
    options.add(systemProperty(Constants.EXAM_SERVICE_TIMEOUT_KEY).value("90000"));
    options.add(vmOption("-Xmx256m"));
    options.add(vmOption("-XX:+UseSerialGC"));
    options.add(vmOption("-XX:TieredStopAtLevel=1"));
    for (Path level : list(home.resolve("bundles"))) {
      int startLevel = Integer.parseInt(level.getFileName().toString());
      for (Path jar : list(level)) {
        options.add(bundle("reference:" + jar.toUri()).startLevel(startLevel));
      }
    }
    return options.toArray(Option[]::new);
  }

  private static Map<String, String> values(Path home, Path instance, int port) {
    Map<String, String> values = new TreeMap<>();
    values.put("selvedge.home", home.toString());
    values.put("selvedge.version", "0");
    values.put("selvedge.instance", instance.toString());
    values.put("selvedge.conf", instance.resolve("conf").toString());
    values.put("selvedge.data", instance.resolve("data").toString());
    values.put("selvedge.log", instance.resolve("log").toString());
    values.put("selvedge.gateway.id", "itest");
    values.put("selvedge.account", "selvedge");
    values.put("selvedge.http.host", "127.0.0.1");
    values.put("selvedge.http.port", Integer.toString(port));
    return values;
  }

  private static String filled(String text, Map<String, String> values) {
    String filled = text;
    for (Map.Entry<String, String> value : values.entrySet()) {
      filled = filled.replace("${" + value.getKey() + "}", value.getValue());
    }
    return filled;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }
}
