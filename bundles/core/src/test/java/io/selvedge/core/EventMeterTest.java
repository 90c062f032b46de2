package io.selvedge.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.event.Event;
import io.selvedge.api.event.Event.Severity;
import io.selvedge.core.EventMeter.Passed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventMeterTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long PACE = EventMeter.PACE.toNanos();

  private final EventMeter meter = new EventMeter(0);

  private static Event event(String source, String code, long number) {
    return new Event(
        Instant.EPOCH.plusSeconds(number),
        Severity.WARNING,
        source,
        code,
        "number [" + number + "]");
  }

  @Test
  void aDeviceThatFlapsIsToldOftenAtFirstThenSeldomAndAlwaysToTheEnd() {
    List<Passed> passed = new ArrayList<>();
    int flaps = 3600; // an hour, down and up each second
    for (int i = 0; i < flaps; i++) {
      long now = i * SECOND;
      meter.offer(event("device/hall", "device.down", i), now).ifPresent(passed::add);
      meter.offer(event("device/hall", "device.up", i), now).ifPresent(passed::add);
      passed.addAll(meter.due(now));
    }
    int anHour = 2 * (EventMeter.BURST + 60);
    assertThat(passed).hasSizeBetween(anHour - 4, anHour + 2);
    assertThat(meter.holds()).isTrue();
    passed.addAll(meter.due(flaps * SECOND + PACE));
    assertThat(meter.holds()).isFalse();
    assertThat(passed.get(passed.size() - 1).event().time())
        .as("the newest is known in the end")
        .isEqualTo(Instant.EPOCH.plusSeconds(flaps - 1));
    long told = passed.stream().mapToLong(one -> 1 + one.suppressed()).sum();
    assertThat(told).as("each was told, or counted with one that was").isEqualTo(2L * flaps);
  }

  @Test
  void oneDeviceThatFlapsDoesNotSilenceAnother() {
    for (int i = 0; i < 1000; i++) {
      meter.offer(event("device/hall", "device.down", i), 0);
    }
    assertThat(meter.offer(event("device/roof", "device.down", 1), 0)).isPresent();
    assertThat(meter.offer(event("device/hall", "device.up", 1), 0)).isPresent();
  }

  @Test
  void manyAtOnceAreToldOneAfterTheOther() {
    List<Passed> passed = new ArrayList<>();
    for (int i = 0; i < 1000; i++) { // a bus with many devices breaks
      meter.offer(event("device/" + i, "device.down", i), 0).ifPresent(passed::add);
    }
    assertThat(passed).hasSize(EventMeter.BURST_OF_ALL);
    assertThat(meter.due(100 * SECOND)).hasSize(100);
    assertThat(meter.due(2000 * SECOND)).hasSize(EventMeter.BURST_OF_ALL);
    for (int i = 0; meter.holds(); i++) {
      meter.due((3000 + 300L * i) * SECOND);
      assertThat(i).isLessThan(10);
    }
  }

  @Test
  void remembersABoundedNumberOfKinds() {
    for (int i = 0; i < 3 * EventMeter.MOST_KINDS; i++) {
      meter.offer(event("device/" + i, "device.down", i), 0);
    }
    int due = 0;
    for (long i = 1; meter.holds(); i++) {
      due += meter.due(i * EventMeter.BURST_OF_ALL * SECOND).size();
    }
    assertThat(due).isLessThanOrEqualTo(EventMeter.MOST_KINDS);
  }
}
