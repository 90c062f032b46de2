package io.selvedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.selvedge.hub.ingest.Decoder;
import io.selvedge.hub.store.Arrival;
import io.selvedge.hub.store.ArrivalStore;
import io.selvedge.hub.store.Database;
import io.selvedge.hub.store.Gateways;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.Metric;
import io.selvedge.protocol.kura.Records;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.Test;

/** Several hubs on one PostgreSQL: each message comes to all of them at the same time. */
class StoreTogetherTest {

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final int HUBS = 4;
  private static final int MESSAGES = 400;

  private static Arrival arrival(int number) {
    KuraPayload payload =
        KuraPayload.of(NOON.plusSeconds(number), Map.of("x", Metric.of((double) number)));
    byte[] bytes = KuraCodec.encodePlain(payload);
    if (number % 2 == 0) { // one half as an outbox sends it, the other as another make does
      bytes = KuraCodec.append(bytes, Records.identity("box", number));
    }
    return new Decoder("a").decode("a/gw-" + number % 5 + "/DATA-V1/hall", bytes, NOON);
  }

  @Test
  void eachMessageIsOneRowAndTheCountsAddUp() throws Exception {
    assumeThat(Debian.program("initdb")).as("needs the package postgresql").isPresent();
    try (Debian postgres = Debian.postgres()) {
      String url = "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/postgres";
      ExecutorService threads = Executors.newFixedThreadPool(HUBS);
      CyclicBarrier barrier = new CyclicBarrier(HUBS);
      List<Future<Integer>> running = new ArrayList<>();
      for (int hub = 0; hub < HUBS; hub++) {
        int seed = hub;
        running.add(threads.submit(() -> storeAll(url, barrier, new Random(seed))));
      }
      for (Future<Integer> one : running) {
        assertThat(one.get(120, TimeUnit.SECONDS)).isEqualTo(MESSAGES);
      }
      threads.shutdown();

      try (Database database = Database.open(url, Optional.of("hub"), Optional.empty())) {
        assertThat(count(database, "messages")).isEqualTo(MESSAGES);
        assertThat(count(database, "measurements")).isEqualTo(MESSAGES);
        assertThat(count(database, "message_digests")).isEqualTo(MESSAGES / 2);
        Gateways gateways = new Gateways(database);
        for (int i = 0; i < 5; i++) {
          assertThat(gateways.counts("gw-" + i))
              .singleElement()
              .satisfies(
                  sums -> {
                    assertThat(sums.stored()).isEqualTo(MESSAGES / 5);
                    assertThat(sums.duplicates()).isEqualTo(MESSAGES / 5 * (HUBS - 1));
                  });
        }
      }
    }
  }

  /** Opens the database, which is empty at first, at the same time as the others do. */
  private static int storeAll(String url, CyclicBarrier barrier, Random random) throws Exception {
    barrier.await(60, TimeUnit.SECONDS);
    try (Database database = Database.open(url, Optional.of("hub"), Optional.empty())) {
      ArrivalStore store = new ArrivalStore(database);
      List<Integer> numbers = new ArrayList<>();
      for (int i = 0; i < MESSAGES; i++) {
        numbers.add(i);
      }
      Collections.shuffle(numbers, random);
      for (int from = 0; from < MESSAGES; from += 50) {
        store(
            store,
            numbers.subList(from, from + 50).stream().map(StoreTogetherTest::arrival).toList());
      }
      return MESSAGES;
    }
  }

  /** As ingest does: what the database could not do now is tried again. */
  private static void store(ArrivalStore store, List<Arrival> batch) {
    while (true) {
      try {
        store.store(batch);
        return;
      } catch (JdbiException e) {
        assertThat(e).hasStackTraceContaining("deadlock");
      }
    }
  }

  private static int count(Database database, String table) {
    return database
        .jdbi()
        .withHandle(h -> h.createQuery("select count(*) from " + table).mapTo(Integer.class).one());
  }
}
