package io.selvedge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Makes a gateway's instance directory that knows its hub. */
final class Instances {

  private Instances() {}

  /**
   * Copies the shipped configuration, names the gateway, and enters what the hub gave at enrolment:
   * the password and the key that deployments must be signed with. Shipped devices are left out;
   * the scenario brings its own.
   */
  static void prepare(Path source, Path instance, String id, JsonNode enrolment)
      throws IOException {
    Path conf = instance.resolve("conf");
    copy(Layout.shippedConfiguration(source), conf);
    try (DirectoryStream<Path> devices = Files.newDirectoryStream(conf, "io.selvedge.driver.*")) {
      for (Path device : devices) {
        Files.delete(device);
      }
    }
    Path settings = conf.resolve("gateway.properties");
    Files.writeString(
        settings,
        Files.readString(settings).replaceFirst("(?m)^#?gateway\\.id=.*$", "gateway.id=" + id));
    Demo.writeSecret(conf.resolve("trust/hub.pub"), enrolment.path("publicKey").asText() + "\n");
    Demo.writeSecret(
        conf.resolve("trust/hub.password"), enrolment.path("password").asText() + "\n");
    Files.writeString(
        conf.resolve("io.selvedge.mqtt.cfg"),
        "broker=" + enrolment.path("broker").asText() + "\n" + "user=" + id + "\n");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path path : tree.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }
}
