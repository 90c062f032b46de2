package io.selvedge.bench.rollout;

import io.selvedge.bench.BenchGateway;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Gateways as they are shipped, each a process of its own with a connection of its own. The device
 * of each plays the same recording: two numbers, four times a second.
 */
final class Fleet implements AutoCloseable {

  /** The flow that asks the model; it goes over the air with the first model. */
  static final String FLOW =
      """
      {"flow": "line", "version": "1",
       "inputs": {"x1": "line/x1", "x2": "line/x2"},
       "features": [{"name": "x1", "of": "x1", "op": "last"}, {"name": "x2", "of": "x2", "op": "last"}],
       "model": "line",
       "upload": {"decisions": {"policy": "all"}}}
      """;

  private static final int AT_ONCE = 3;
  private static final int SPEED = 4;
  private static final int ROWS = 40_000;
  private static final Instant FIRST = Instant.parse("2026-01-05T00:00:00Z");

  private final List<BenchGateway> gateways = new ArrayList<>();

  /** Enrols and starts so many; each is ready when this returns. */
  Fleet(Path source, Path work, FleetHub hub, int count) throws IOException, InterruptedException {
    Path recording = recording(work.resolve("line.csv"));
    List<Path> instances = new ArrayList<>();
    for (String id : ids(count)) {
      instances.add(instance(source, work.resolve(id), id, hub, recording));
    }
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    List<Future<BenchGateway>> starting = new ArrayList<>();
    for (Path instance : instances) {
      starting.add(threads.submit(() -> BenchGateway.start(source, instance, "")));
    }
    threads.shutdown();
    try {
      for (Future<BenchGateway> one : starting) {
        gateways.add(one.get());
      }
    } catch (ExecutionException e) {
      threads.shutdownNow();
      close();
      throw new IOException("a gateway did not start", e);
    } catch (InterruptedException e) {
      threads.shutdownNow();
      close();
      throw e;
    }
  }

  /** {@code gw-01}, {@code gw-02} and so on. */
  static List<String> ids(int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      ids.add(String.format(Locale.ROOT, "gw-%02d", i));
    }
    return ids;
  }

  private static Path instance(Path source, Path instance, String id, FleetHub hub, Path recording)
      throws IOException, InterruptedException {
    BenchGateway.prepare(source, instance);
    Path conf = instance.resolve("conf");
    try (DirectoryStream<Path> devices = Files.newDirectoryStream(conf, "io.selvedge.driver.*")) {
      for (Path device : devices) {
        Files.delete(device);
      }
    }
    Files.deleteIfExists(conf.resolve("flows/office.flow.yaml"));
    Files.writeString(conf.resolve("gateway.properties"), "gateway.id=" + id + "\n");
    hub.enrol(id, conf);
    Files.writeString(
        conf.resolve("io.selvedge.driver.replay-line.cfg"),
        String.join(
            "\n",
            "device.id = line",
            "file = " + recording,
            "columns = x1=x1, x2=x2",
            "time.column = time",
            "speed = " + SPEED,
            ""));
    return instance;
  }

  /** A row a second of its own time; more of them than any run needs. */
  private static Path recording(Path file) throws IOException {
    Random random = new Random(5);
    try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      out.write("time,x1,x2\n");
      for (int i = 0; i < ROWS; i++) {
        out.write(
            String.format(
                Locale.ROOT,
                "%s,%.4f,%.4f%n",
                FIRST.plusSeconds(i),
                random.nextDouble() * 2 - 1,
                random.nextDouble() * 2 - 1));
      }
    }
    return file;
  }

  /** Resident memory of all of them, MiB. */
  double memory() throws IOException {
    double sum = 0;
    for (BenchGateway one : gateways) {
      sum += one.facts().residentMiB();
    }
    return sum;
  }

  @Override
  public void close() {
    gateways.parallelStream().forEach(BenchGateway::close);
  }
}
