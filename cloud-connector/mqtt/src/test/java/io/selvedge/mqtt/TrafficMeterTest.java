package io.selvedge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.uplink.Message;
import io.selvedge.api.uplink.Traffic;
import io.selvedge.api.uplink.Traffic.Delays;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TrafficMeterTest {

  private long now = -5;
  private final TrafficMeter meter = new TrafficMeter(() -> now);

  private void message(String path, long nanos) {
    long sent = meter.sent(path);
    now += nanos;
    meter.acknowledged(path, sent);
  }

  @Test
  void beforeTheFirstMessageThereIsNone() {
    assertThat(meter.traffic()).isEqualTo(Traffic.NONE);
  }

  @Test
  void eachMessageIsCountedWithItsDelay() {
    message("DATA-V1/hall", 70);
    message("EVENT-V1/alarm", 30);
    now += 4;

    Traffic traffic = meter.traffic();

    Delays delays = traffic.acknowledged();
    assertThat(delays.count()).isEqualTo(2);
    assertThat(delays.newest()).containsExactly(Duration.ofNanos(70), Duration.ofNanos(30));
    assertThat(delays.since(1)).containsExactly(Duration.ofNanos(30));
    assertThat(delays.since(2)).isEmpty();
    assertThat(traffic.sinceSent()).isEqualTo(Duration.ofNanos(34));
  }

  @Test
  void aMessageThatIsNotYetAcknowledgedFlowsToo() {
    meter.sent("DATA-V1/hall");
    now += 9;
    assertThat(meter.traffic().sinceSent()).isEqualTo(Duration.ofNanos(9));
    assertThat(meter.traffic().acknowledged().count()).isZero();
  }

  @Test
  void howFarADeploymentIsDoesNotCount() {
    message("TWIN-V1/reported", 70);
    assertThat(meter.traffic()).isEqualTo(Traffic.NONE);
  }

  @Test
  void onlyTheNewestDelaysAreKept() {
    for (int i = 1; i <= 1000; i++) {
      message("DATA-V1/hall", i);
    }
    Delays delays = meter.traffic().acknowledged();
    assertThat(delays.count()).isEqualTo(1000);
    assertThat(delays.newest()).hasSize(Delays.MOST).endsWith(Duration.ofNanos(1000));
    assertThat(delays.since(0)).isEqualTo(delays.newest());
    assertThat(delays.since(998)).containsExactly(Duration.ofNanos(999), Duration.ofNanos(1000));
  }

  private void store(int priority, CompletableFuture<Long> disk) {
    Message message = Message.of("DATA-V1", "hall", Instant.EPOCH, new byte[1], priority);
    assertThat(meter.store(message, () -> disk)).isSameAs(disk);
  }

  @Test
  void theDiskShowsByUrgentMessagesThatItTook() {
    CompletableFuture<Long> urgent = new CompletableFuture<>();
    CompletableFuture<Long> later = new CompletableFuture<>();
    CompletableFuture<Long> refused = new CompletableFuture<>();
    store(0, urgent);
    store(5, later);
    store(0, refused);
    now += 8;
    urgent.complete(1L);
    later.complete(2L);
    refused.completeExceptionally(new IllegalStateException("full"));

    assertThat(meter.traffic().stored().newest()).containsExactly(Duration.ofNanos(8));
  }
}
