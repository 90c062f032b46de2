package io.selvedge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.outbox.OutRecord;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FlightTest {

  private static final long NO_TIME = 1;
  private static final long PATIENCE = Duration.ofSeconds(30).toMillis();

  private static final Duration LONG = Duration.ofMillis(PATIENCE);

  private static OutRecord record(long id) {
    return new OutRecord(id, "", 5, new byte[100], id);
  }

  private static void fill(Flight flight, int count) throws InterruptedException {
    for (int id = 1; id <= count; id++) {
      assertThat(flight.enter(NO_TIME, 1)).isEqualTo(1);
      flight.sent(record(id));
    }
  }

  @Test
  void letsNoMoreInThanTheWindow() throws InterruptedException {
    Flight flight = new Flight(8, OptionalLong.empty(), LONG);
    fill(flight, 8);
    assertThat(flight.enter(NO_TIME, 1)).isZero();
    flight.acknowledged(record(1));
    assertThat(flight.enter(NO_TIME, 1)).as("after its time, little room will do").isEqualTo(1);
  }

  @Test
  void wakesTheSenderWhenAQuarterOfTheWindowIsFree() throws Exception {
    Flight flight = new Flight(8, OptionalLong.empty(), LONG);
    fill(flight, 8);
    CompletableFuture<Integer> entered = new CompletableFuture<>();
    Thread sender =
        new Thread(
            () -> {
              try {
                entered.complete(flight.enter(PATIENCE, 8));
              } catch (InterruptedException e) {
                entered.completeExceptionally(e);
              }
            });
    sender.start();
    flight.acknowledged(record(1));
    flight.acknowledged(record(2));
    assertThat(entered.get(PATIENCE, TimeUnit.MILLISECONDS)).isEqualTo(2);
    sender.join();
  }

  @Test
  void sendsOneByOneUntilTheSuspectIsAcknowledgedAndThenDoubles() throws InterruptedException {
    Flight flight = new Flight(8, OptionalLong.of(3), LONG);
    for (int id = 1; id <= 3; id++) {
      assertThat(flight.enter(NO_TIME, 1)).isEqualTo(1);
      flight.sent(record(id));
      assertThat(flight.enter(NO_TIME, 1)).isZero();
      assertThat(flight.oneByOne()).isTrue();
      assertThat(flight.first().map(OutRecord::id)).contains((long) id);
      flight.acknowledged(record(id));
    }
    fill(flight, 2);
    assertThat(flight.enter(NO_TIME, 1)).isZero();
    assertThat(flight.oneByOne()).isFalse();
  }

  @Test
  void doesNotWaitForEverForASuspectThatIsGone() throws InterruptedException {
    Flight flight = new Flight(8, OptionalLong.of(-1), LONG);
    for (int id = 1; id <= 1000; id++) {
      assertThat(flight.enter(NO_TIME, 1)).isEqualTo(1);
      flight.sent(record(id));
      flight.acknowledged(record(id));
    }
    assertThat(flight.oneByOne()).isFalse();
  }

  @Test
  void opensAgainOnceTheSuspectIsRefused() throws InterruptedException {
    Flight flight = new Flight(8, OptionalLong.of(1), LONG);
    fill(flight, 1);
    assertThat(flight.oneByOne()).isTrue();
    flight.refused(record(1));
    assertThat(flight.oneByOne()).isFalse();
    assertThat(flight.isUnderWay()).isFalse();
    assertThat(flight.acknowledged()).isZero();
    assertThat(flight.tookLately()).isTrue();
  }

  @Test
  void isDrainedWhenNothingIsUnderWay() throws InterruptedException {
    Flight flight = new Flight(8, OptionalLong.empty(), LONG);
    fill(flight, 2);
    flight.acknowledged(record(1));
    flight.written(record(2));
    flight.drain(PATIENCE);
    assertThat(flight.isUnderWay()).isFalse();
    assertThat(flight.stalled()).isFalse();
    assertThat(flight.acknowledged()).isEqualTo(1);
  }
}
