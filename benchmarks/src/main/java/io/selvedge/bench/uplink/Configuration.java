package io.selvedge.bench.uplink;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The gateway's configuration, changed while it runs as an operator would: by its files. */
final class Configuration {

  /** As shipped. */
  static final int WINDOW = 100;

  /** As shipped. */
  static final int COMMIT_MILLIS = 100;

  private final Path conf;
  private int broker;

  Configuration(Path conf) {
    this.conf = conf;
  }

  /** Nothing but the bench's devices, with a flow each; the connection as shipped. */
  void begin(int brokerPort) throws IOException {
    broker = brokerPort;
    try (DirectoryStream<Path> drivers = Files.newDirectoryStream(conf, "io.selvedge.driver.*")) {
      for (Path driver : drivers) {
        Files.delete(driver);
      }
    }
    try (DirectoryStream<Path> flows = Files.newDirectoryStream(conf.resolve("flows"))) {
      for (Path flow : flows) {
        Files.delete(flow);
      }
    }
    flow("source", 5);
    flow("urgent", 0);
    connection(brokerPort, "");
  }

  private void flow(String device, int priority) throws IOException {
    List<String> lines = new ArrayList<>(List.of("flow: " + device, "version: \"1\"", "inputs:"));
    for (int i = 0; i < 10; i++) {
      lines.add("  c" + i + ": " + device + "/c" + i);
    }
    lines.add("upload:");
    lines.add("  measurements: {policy: all, priority: " + priority + "}");
    Files.write(conf.resolve("flows").resolve(device + ".flow.yaml"), lines);
  }

  void window(int messages) throws IOException {
    connection(broker, "window=" + messages + "\n");
  }

  /** Through something that stands before the broker. */
  void commitInterval(int port, int millis) throws IOException {
    connection(port, "commit.interval.ms=" + millis + "\n");
  }

  private void connection(int port, String more) throws IOException {
    Files.writeString(
        conf.resolve("io.selvedge.mqtt.cfg"), "broker=tcp://127.0.0.1:" + port + "\n" + more);
  }
}
