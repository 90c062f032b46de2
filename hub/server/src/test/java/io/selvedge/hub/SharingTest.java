package io.selvedge.hub;

import static io.selvedge.hub.FakeGateway.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Request.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two hub processes on one Mosquitto and one PostgreSQL, killed while gateways send. */
class SharingTest {

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final int GATEWAYS = 4;
  private static final int LEAST_EACH = 1000;

  /** Of what was seen in the store: the broker is faster than hubs that have little time. */
  private static final int MOST_AHEAD = 10_000;

  private static final Request DESIRED = new Request(Method.GET, "desired", Map.of(), new byte[0]);

  @TempDir static Path folder;
  private static Debian postgres;
  private static Debian mosquitto;

  private final AtomicInteger again = new AtomicInteger();
  private final AtomicBoolean sending = new AtomicBoolean(true);
  private final AtomicLong all = new AtomicLong();
  private final AtomicLong stored = new AtomicLong();

  @BeforeAll
  static void start() throws Exception {
    assumeThat(Debian.program("initdb")).as("needs the package postgresql").isPresent();
    assumeThat(Debian.program("mosquitto")).as("needs the package mosquitto").isPresent();
    postgres = Debian.postgres();
    mosquitto = Debian.mosquitto("max_queued_messages 0", "max_inflight_messages 1000");
  }

  @AfterAll
  static void stop() throws Exception {
    if (mosquitto != null) {
      mosquitto.close();
    }
    if (postgres != null) {
      postgres.close();
    }
  }

  private static HubProcess hub(String name) throws Exception {
    return HubProcess.sharing(folder.resolve(name), mosquitto, postgres);
  }

  /** Sends until it is told to stop, and asks the hub now and then; how many it sent. */
  private int live(String id) throws Exception {
    try (FakeGateway gateway = FakeGateway.born("tcp://127.0.0.1:" + mosquitto.port(), id, "any")) {
      int sent = 0;
      while (sending.get() || sent < LEAST_EACH) {
        gateway.send(row("hall", NOON.plusSeconds(sent), sent), "box", sent);
        sent++;
        all.incrementAndGet();
        while (sending.get() && all.get() - stored.get() > MOST_AHEAD) {
          TimeUnit.MILLISECONDS.sleep(10);
        }
        if (sent % 200 == 0) {
          assertThat(asked(gateway).code()).isEqualTo(404); // there is no deployment for it
        }
      }
      if (again.get() == 0) { // then no reply can have come that nobody waited for
        assertThat(gateway.hearsNothingFor(500)).as("one answer to each request").isTrue();
      }
      return sent;
    }
  }

  /** As a gateway does: what is not answered is asked again. */
  private Reply asked(FakeGateway gateway) throws Exception {
    for (int i = 0; i < 5; i++) {
      try {
        return gateway.ask("TWIN-V1", DESIRED);
      } catch (TimeoutException e) {
        again.incrementAndGet(); // the hub that had taken it was killed
      }
    }
    throw new TimeoutException("no hub answers");
  }

  @Test
  void everyMessageIsStoredOnceAndEveryRequestAnsweredWhileHubsAreKilled() throws Exception {
    try (HubProcess a = hub("a").awaitReady()) {
      copyKeys("a", "b");
      try (HubProcess b = hub("b").awaitReady()) {
        a.await("/health/ready", ready -> ready.get("ready").asBoolean());
        b.await("/health/ready", ready -> ready.get("ready").asBoolean());
        ExecutorService threads = Executors.newFixedThreadPool(GATEWAYS);
        List<Future<Integer>> gateways = new ArrayList<>();
        for (int i = 0; i < GATEWAYS; i++) {
          String id = "gw-" + i;
          gateways.add(threads.submit(() -> live(id)));
        }
        String count = "/api/v1/measurements/count";
        long seen = rows(a.await(count, c -> rows(c) > 200));
        for (HubProcess victim : List.of(b, a)) {
          HubProcess other = victim == a ? b : a;
          victim.kill();
          long before = seen;
          seen = rows(other.await(count, c -> rows(c) > before + 200));
          victim.restart();
          victim.awaitReady();
        }
        b.kill(); // for good: what waits for it, a must take
        sending.set(false);
        long sent = 0;
        for (Future<Integer> one : gateways) {
          sent += one.get(300, TimeUnit.SECONDS);
        }
        threads.shutdown();

        JsonNode rows = a.awaitRows(sent);
        assertThat(rows.get("rows").asLong()).isEqualTo(sent);
        assertThat(rows.get("count").asLong()).isEqualTo(2 * sent);
        // It may have had nothing that was not acknowledged: then nobody had to wait for that.
        a.awaitLogged("Hub HUB-b is gone; its messages are taken here until it is back");

        b.restart();
        b.awaitReady();
        b.await("/health/ready", ready -> ready.get("ready").asBoolean());
        a.await("/health/ready", ready -> ready.get("ready").asBoolean());
      }
    }
  }

  private long rows(JsonNode count) {
    long rows = count.path("rows").asLong(); // it may be too busy to say
    stored.set(rows);
    return rows;
  }

  private static void copyKeys(String from, String to) throws Exception {
    for (String directory : List.of("auth", "keys")) {
      Path target = Files.createDirectories(folder.resolve(to).resolve(directory));
      try (var files = Files.list(folder.resolve(from).resolve(directory))) {
        for (Path file : files.toList()) {
          Files.copy(file, target.resolve(file.getFileName()));
        }
      }
    }
  }
}
