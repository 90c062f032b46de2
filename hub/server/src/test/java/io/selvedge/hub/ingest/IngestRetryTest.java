package io.selvedge.hub.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.hub.link.Delivery;
import io.selvedge.hub.store.Arrival;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.Metric;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is acknowledged when the store refuses, is away, or shall not be written to. */
class IngestRetryTest {

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private final FakeStore store = new FakeStore();
  private volatile Optional<String> obstacle = Optional.empty();
  private final CountDownLatch acknowledged = new CountDownLatch(2);

  /** Throws what it is told to, else keeps. */
  private static final class FakeStore implements Ingest.Store {
    final List<Arrival> kept = Collections.synchronizedList(new ArrayList<>());
    volatile Optional<SQLException> away = Optional.empty();
    final CountDownLatch asked = new CountDownLatch(3);

    @Override
    public void store(List<Arrival> batch) {
      asked.countDown();
      Optional<SQLException> why = away; // the test changes it meanwhile
      if (why.isPresent()) {
        throw new IllegalStateException(why.get());
      }
      for (Arrival one : batch) {
        if (one instanceof Arrival.Data data
            && data.delivered().message().resource().equals("bad")) {
          throw new IllegalStateException(new SQLException("no such text", "22021"));
        }
      }
      kept.addAll(batch);
    }
  }

  private Delivery delivery(String device) {
    byte[] payload = KuraCodec.encode(KuraPayload.of(NOON, Map.of("x", Metric.of(1.0))));
    return new Delivery("a/gw/DATA-V1/" + device, payload, NOON, acknowledged::countDown);
  }

  private Ingest started() {
    Ingest ingest = new Ingest(new Decoder("a"), store, () -> obstacle);
    ingest.start();
    return ingest;
  }

  @Test
  void aPoolWithoutAFreeConnectionIsNoFaultOfTheMessage() throws Exception {
    store.away =
        Optional.of(new SQLTransientConnectionException("hub-store - Connection is not available"));
    try (Ingest ingest = started()) {
      assertThat(ingest.take(delivery("hall"))).isTrue();
      assertThat(ingest.take(delivery("cellar"))).isTrue();
      assertThat(store.asked.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(acknowledged.getCount()).isEqualTo(2);
      assertThat(ingest.trouble()).get().asString().contains("Connection is not available");
      assertThat(ingest.ready()).isFalse();

      store.away = Optional.empty();

      assertThat(acknowledged.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(store.kept).hasSize(2).allMatch(Arrival.Data.class::isInstance);
      assertThat(ingest.trouble()).isEmpty();
    }
  }

  @Test
  void whatTheStoreCanNeverTakeIsSetAsideAlone() throws Exception {
    try (Ingest ingest = started()) {
      assertThat(ingest.take(delivery("bad"))).isTrue();
      assertThat(ingest.take(delivery("hall"))).isTrue();

      assertThat(acknowledged.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(store.kept)
          .anyMatch(one -> one instanceof Arrival.Dead dead && dead.code().equals("store.refused"))
          .anyMatch(Arrival.Data.class::isInstance)
          .hasSize(2);
    }
  }

  @Test
  void nothingIsStoredOrAcknowledgedWhileSomethingIsInTheWay() throws Exception {
    obstacle = Optional.of("disk [/data] has [1] MB left");
    try (Ingest ingest = started()) {
      assertThat(ingest.take(delivery("hall"))).isTrue();
      assertThat(ingest.take(delivery("cellar"))).isTrue();
      for (int i = 0; i < 600 && ingest.trouble().isEmpty(); i++) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
      assertThat(ingest.trouble()).contains("disk [/data] has [1] MB left");
      assertThat(store.kept).isEmpty();
      assertThat(acknowledged.getCount()).isEqualTo(2);

      obstacle = Optional.empty();

      assertThat(acknowledged.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(store.kept).hasSize(2);
    }
  }
}
