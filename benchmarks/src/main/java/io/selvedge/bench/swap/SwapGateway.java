package io.selvedge.bench.swap;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.bench.BenchGateway;
import io.selvedge.bench.GatewayRest;
import io.selvedge.bench.Jars;
import io.selvedge.bench.Waiting;
import io.selvedge.bench.probe.ProbeActivator;
import io.selvedge.testkit.FakeBuses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A shipped gateway whose drivers lie in {@code deploy/}, where they can be replaced. */
final class SwapGateway implements AutoCloseable {

  private static final Duration LONG = Duration.ofMinutes(2);

  /** What gives way when memory is needed is no leak, and would be counted for minutes. */
  private static final String NO_SOFT_REFERENCES = "-XX:SoftRefLRUPolicyMSPerMB=0";

  private final Path instance;
  private final BenchGateway gateway;
  private final GatewayRest rest;
  private final List<DriverJar> drivers;

  /**
   * @param work for its programs and instance
   * @param programs the shipped ones
   * @param drivers which of them are replaced
   * @param probes a line each: device, bus, interval in milliseconds
   * @param hub where it is enrolled; empty: it has none
   */
  SwapGateway(
      Path work, Path programs, List<DriverJar> drivers, List<String> probes, Optional<SwapHub> hub)
      throws IOException, InterruptedException {
    this.drivers = List.copyOf(drivers);
    Path source = work.resolve("tree");
    Path copy = source.resolve("distribution/gateway/target/selvedge-gateway");
    link(programs, copy);
    instance = work.resolve("instance");
    BenchGateway.prepare(source, instance);
    Path conf = instance.resolve("conf");
    try (Stream<Path> shipped = Files.list(conf)) {
      for (Path file :
          shipped.filter(one -> one.getFileName().toString().contains(".driver.")).toList()) {
        Files.delete(file); // the devices here are ours alone
      }
    }
    if (hub.isPresent()) {
      hub.get().enrol(conf);
    }
    Files.write(instance.resolve("data/bench.probes"), probes);
    Files.write(
        instance.resolve("deploy/probe.jar"),
        Jars.bundle(
            ProbeActivator.class,
            "io.selvedge.api.device,io.selvedge.api.bus,org.osgi.framework",
            FakeBuses.class));
    gateway = BenchGateway.start(source, instance, NO_SOFT_REFERENCES);
    try {
      rest = new GatewayRest(copy.resolve("bin/selvedge"), instance, gateway.port());
      Waiting.until(LONG, "probes", () -> states("probe-").size() == probes.size() + 1);
      replaceFiles(0);
      for (DriverJar driver : drivers) {
        driver.configure(conf);
      }
      Waiting.until(LONG, "drivers", () -> states("swap-").size() >= devices() && isSettled());
    } catch (IOException | InterruptedException e) {
      gateway.close();
      throw e;
    }
  }

  private int devices() {
    return drivers.stream().mapToInt(driver -> driver.pids().size()).sum();
  }

  private boolean isSettled() throws IOException, InterruptedException {
    return states("swap-").stream().noneMatch(state -> state.endsWith(" STARTING"));
  }

  /** The programs as links, but for the drivers; the command itself must be a file. */
  private static void link(Path programs, Path copy) throws IOException {
    try (Stream<Path> tree = Files.walk(programs)) {
      for (Path path : tree.toList()) {
        Path target = copy.resolve(programs.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else if (programs.relativize(path).startsWith("bin")) {
          Files.copy(path, target, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        } else if (!DriverJar.isDriver(path)) {
          Files.createSymbolicLink(target, path.toAbsolutePath());
        }
      }
    }
  }

  long pid() {
    return gateway.facts().pid();
  }

  double cpuSeconds() throws IOException {
    return gateway.facts().cpuSeconds();
  }

  /** Puts another version of each driver in the place of the one before, as files. */
  void replaceFiles(int round) throws IOException {
    for (DriverJar driver : drivers) {
      driver.write(instance.resolve("deploy").resolve(driver.name() + ".jar"), round);
    }
  }

  /** Takes them out of {@code deploy/}, and waits until they are gone. */
  void removeFiles() throws IOException, InterruptedException {
    for (DriverJar driver : drivers) {
      Files.delete(instance.resolve("deploy").resolve(driver.name() + ".jar"));
    }
    awaitNone();
  }

  /** Waits until no driver is there. */
  void awaitNone() throws IOException, InterruptedException {
    Waiting.until(LONG, "drivers gone", () -> states("swap-").isEmpty());
  }

  /** The same by the web console's upload. */
  void upload(Path work, int round) throws IOException, InterruptedException {
    for (DriverJar driver : drivers) {
      Path jar = work.resolve(driver.name() + ".jar");
      driver.write(jar, round);
      rest.uploadBundle(driver.name() + ".jar", Files.readAllBytes(jar));
    }
  }

  /** Waits until a count of the probes' listener is reached, and what was up is up. */
  void await(String count, long least, Set<String> up) throws IOException, InterruptedException {
    if (!Waiting.patiently(LONG, () -> sum(count) >= least)
        || !Waiting.patiently(LONG, () -> states("swap-").containsAll(up))) {
      throw new IOException(
          "[%s] [%.0f] of [%d], devices %s of %s, within [%d] s; the gateway's last words:%n%s"
              .formatted(
                  count,
                  sum(count),
                  least,
                  states("swap-"),
                  up,
                  LONG.toSeconds(),
                  gateway.lastLines()));
    }
  }

  /** {@code DEVICE STATE} of each device whose id begins so. */
  Set<String> states(String prefix) throws IOException, InterruptedException {
    Set<String> states = new TreeSet<>();
    for (JsonNode device : devicesNow()) {
      if (device.path("id").asText().startsWith(prefix)) {
        states.add(device.path("id").asText() + " " + device.path("state").asText());
      }
    }
    return states;
  }

  /** A number that all probes count, added up or the largest of them. */
  List<Double> probes(String channel) throws IOException, InterruptedException {
    List<Double> values = new ArrayList<>();
    for (JsonNode device : devicesNow()) {
      String id = device.path("id").asText();
      if (id.startsWith("probe-") && !id.equals("probe-sum")) {
        values.add(value(device, channel));
      }
    }
    return values;
  }

  /** A number that all probes count, added up by bus, of those where it is not 0. */
  Map<String, Double> byBus(String channel) throws IOException, InterruptedException {
    Map<String, Double> sums = new TreeMap<>();
    for (JsonNode device : devicesNow()) {
      String id = device.path("id").asText();
      if (id.startsWith("probe-") && !id.equals("probe-sum") && value(device, channel) > 0) {
        sums.merge(device.path("bus").asText(), value(device, channel), Double::sum);
      }
    }
    return sums;
  }

  /** What the probes' listener counts. */
  double sum(String channel) throws IOException, InterruptedException {
    return value(rest.get("/api/devices/probe-sum"), channel);
  }

  /** Begins the percentile of the jitter anew. */
  void beginJitter() throws IOException, InterruptedException {
    JsonNode unused = rest.post("/api/devices/probe-sum/channels/jitter_p99", "{\"value\": 0}");
  }

  private static double value(JsonNode device, String channel) {
    for (JsonNode one : device.path("channels")) {
      if (one.path("id").asText().equals(channel)) {
        return one.path("value").asDouble();
      }
    }
    return -1;
  }

  private Iterable<JsonNode> devicesNow() throws IOException, InterruptedException {
    JsonNode answer = rest.get("/api/devices");
    return answer.isArray() ? answer : answer.path("devices");
  }

  @Override
  public void close() {
    gateway.close();
  }
}
