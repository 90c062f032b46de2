package io.selvedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.selvedge.hub.ingest.Decoder;
import io.selvedge.hub.store.Arrival;
import io.selvedge.hub.store.ArrivalStore;
import io.selvedge.hub.store.Claims;
import io.selvedge.hub.store.Database;
import io.selvedge.hub.store.Gateways;
import io.selvedge.hub.store.Hubs;
import io.selvedge.hub.store.TrainingRun;
import io.selvedge.hub.store.Trainings;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.Metric;
import io.selvedge.protocol.kura.Records;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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

  private static Debian postgres;
  private static String url = "";

  @BeforeAll
  static void start() throws Exception {
    assumeThat(Debian.program("initdb")).as("needs the package postgresql").isPresent();
    postgres = Debian.postgres();
    url = "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/postgres";
  }

  @AfterAll
  static void stop() throws Exception {
    if (postgres != null) {
      postgres.close();
    }
  }

  private static Database database() throws Exception {
    return Database.open(url, Optional.of("hub"), Optional.empty());
  }

  @Test
  void oneOfThemAnswersARequest() throws Exception {
    try (Database database = database()) {
      Claims claims = new Claims(database);
      AtomicInteger won = new AtomicInteger();
      together(
          () -> {
            for (int i = 0; i < 100; i++) {
              if (claims.claim("gw", "request-" + i)) {
                won.incrementAndGet();
              }
            }
          });
      assertThat(won).hasValue(100);
      claims.forgetOld();
      assertThat(claims.claim("gw", "request-1")).as("not yet old").isFalse();
    }
  }

  @Test
  void eachRunIsTakenByOneAndOfAModelOneRunsAtATime() throws Exception {
    try (Database database = database()) {
      Trainings trainings = new Trainings(database);
      for (int i = 0; i < 8; i++) {
        trainings.queue(i < 6 ? "m" + i : "m0", "{}", NOON);
      }
      Set<Long> taken = ConcurrentHashMap.newKeySet();
      AtomicInteger runs = new AtomicInteger();
      together(
          () -> {
            Optional<TrainingRun> run = trainings.startNext("HUB-x", NOON);
            while (run.isPresent()) {
              runs.incrementAndGet();
              taken.add(run.get().id());
              run = trainings.startNext("HUB-x", NOON);
            }
          });
      assertThat(runs).hasValue(6);
      assertThat(taken).hasSize(6);
      assertThat(trainings.running("HUB-y")).isEmpty();
      for (long run : trainings.running("HUB-x")) {
        trainings.failed(run, "training.interrupted", "", NOON);
      }
      assertThat(trainings.startNext("HUB-y", NOON)).get().extracting("model").isEqualTo("m0");
      assertThat(trainings.startNext("HUB-y", NOON)).as("another of the same").isEmpty();
    }
  }

  @Test
  void aHubOfAnotherKeyOrATakenNameIsRefused() throws Exception {
    try (Database database = database()) {
      Hubs hubs = new Hubs(database);
      assertThat(hubs.register("HUB-a", "1", "key", List.of())).isEmpty();
      assertThat(hubs.register("HUB-a", "1", "key", List.of())).as("started again").isEmpty();
      assertThat(hubs.register("HUB-a", "2", "key", List.of()))
          .get()
          .asString()
          .contains("[HUB-a]", "--name");
      assertThat(hubs.register("HUB-b", "2", "other", List.of()))
          .get()
          .asString()
          .contains("[other]", "keys");
      assertThat(hubs.register("HUB-b", "2", "key", List.of())).isEmpty();
      assertThat(hubs.seen("HUB-b", "2")).isTrue();
      assertThat(hubs.seen("HUB-b", "3")).isFalse();
      assertThat(hubs.gone()).isEmpty();
      assertThat(hubs.keep("HUB-b", "HUB-a")).as("it is there").isFalse();

      database
          .jdbi()
          .useHandle(
              h ->
                  h.execute(
                      "update hubs set seen_at = seen_at - interval '1' hour where name = 'HUB-b'"));
      assertThat(hubs.register("HUB-c", "4", "key", List.of())).isEmpty();
      assertThat(hubs.gone()).containsExactly("HUB-b");
      assertThat(hubs.keep("HUB-b", "HUB-a")).isTrue();
      assertThat(hubs.keep("HUB-b", "HUB-c")).as("another keeps it").isFalse();
      assertThat(hubs.keep("HUB-b", "HUB-a")).isTrue();
      assertThat(hubs.seen("HUB-b", "2")).isTrue();
      assertThat(hubs.keep("HUB-b", "HUB-a")).as("it is back").isFalse();
    }
  }

  /** On several threads at once. */
  private static void together(Runnable work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(HUBS);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < HUBS; i++) {
      running.add(threads.submit(work));
    }
    for (Future<?> one : running) {
      one.get(60, TimeUnit.SECONDS);
    }
    threads.shutdown();
  }

  @Test
  void eachMessageIsOneRowAndTheCountsAddUp() throws Exception {
    try (Connection connection = DriverManager.getConnection(url, "hub", "");
        Statement statement = connection.createStatement()) {
      statement.execute("create database empty");
    }
    String empty = url.replaceFirst("postgres$", "empty");
    ExecutorService threads = Executors.newFixedThreadPool(HUBS);
    CyclicBarrier barrier = new CyclicBarrier(HUBS);
    List<Future<Integer>> running = new ArrayList<>();
    for (int hub = 0; hub < HUBS; hub++) {
      int seed = hub;
      running.add(threads.submit(() -> storeAll(empty, barrier, new Random(seed))));
    }
    for (Future<Integer> one : running) {
      assertThat(one.get(120, TimeUnit.SECONDS)).isEqualTo(MESSAGES);
    }
    threads.shutdown();

    try (Database database = Database.open(empty, Optional.of("hub"), Optional.empty())) {
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

  /** Opens the database, which is empty at first, at the same time as the others do. */
  private static int storeAll(String empty, CyclicBarrier barrier, Random random) throws Exception {
    barrier.await(60, TimeUnit.SECONDS);
    try (Database database = Database.open(empty, Optional.of("hub"), Optional.empty())) {
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
