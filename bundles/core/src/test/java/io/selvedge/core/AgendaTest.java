package io.selvedge.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A bus in simulated time: each read takes as long as its device's chip does. */
class AgendaTest {

  private static final int NEIGHBOURS = 8;

  /** The longest single read: nobody can be interrupted, so that is what a neighbour may wait. */
  private static final long LONGEST = 510;

  private final Agenda agenda = new Agenda();
  private final Map<String, Long> cost = new HashMap<>();
  private final Map<String, Integer> reads = new HashMap<>();
  private final Map<String, Long> lastRead = new HashMap<>();
  private long longestGap;
  private long now = -3;

  @BeforeEach
  void addNeighbours() {
    for (int i = 0; i < NEIGHBOURS; i++) {
      add("neighbour" + i, 1000, 1);
    }
  }

  private Device add(String id, long interval, long millis) {
    Device device =
        new Device(
            new DeviceSettings(
                id, "test", "i2c1", Duration.ofMillis(interval), Duration.ofSeconds(5)),
            new FakeDriver(),
            new FakeEvents(),
            Clock.fixed(Running.NOW, ZoneOffset.UTC),
            row -> {});
    cost.put(id, millis);
    agenda.add(device, nanos(now));
    return device;
  }

  private static long nanos(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private static <T> T straight(Device device, Guard.Body<T> body, Consumer<String> abandoned)
      throws Guard.Failed {
    try {
      @Nullable T answer = body.call();
      if (answer == null) {
        throw new IllegalStateException("null");
      }
      return answer;
    } catch (Exception e) {
      throw Guard.Failed.by(e);
    }
  }

  private void run(long seconds) throws Exception {
    long end = now + seconds * 1000;
    while (now < end) {
      Optional<Agenda.Item> item = agenda.take(device -> true, nanos(now));
      if (item.isPresent() && item.get() instanceof Agenda.Turn turn) {
        String id = turn.device.id();
        if (id.startsWith("neighbour")) {
          longestGap = Math.max(longestGap, now - lastRead.getOrDefault(id, now));
          lastRead.put(id, now);
        }
        turn.device.read(AgendaTest::straight);
        reads.merge(id, 1, Integer::sum);
        now += cost.getOrDefault(id, 0L);
        agenda.done(turn, turn.device.settings.interval().toNanos(), nanos(now));
      } else {
        now++;
      }
    }
  }

  @Test
  void devicesThatAskForMoreThanTheBusHasAreLateThemselvesAndNotTheirNeighbours() throws Exception {
    for (int i = 0; i < 5; i++) {
      add("slow" + i, 100, 200 + 60 * i);
    }

    run(120);

    assertThat(longestGap).isLessThanOrEqualTo(1000 + LONGEST + NEIGHBOURS);
    assertThat(reads).allSatisfy((id, count) -> assertThat(count).isGreaterThan(40));
  }

  @Test
  void manyDevicesThatComeAtOnceDelayNeighboursByOneReadAtMost() throws Exception {
    run(10);
    for (int i = 0; i < 13; i++) {
      add("fresh" + i, 1000, LONGEST);
    }

    run(60);

    assertThat(longestGap).isLessThanOrEqualTo(1000 + LONGEST + NEIGHBOURS);
    assertThat(reads.keySet())
        .as("all have been made, though they ask for six times what the bus has")
        .hasSize(NEIGHBOURS + 13);
  }

  @Test
  void manyCheapDevicesThatFillTheBusDoNotStarveADearOne() throws Exception {
    for (int i = 0; i < 20; i++) {
      add("cheap" + i, 10, 5);
    }
    add("dear", 100, 100);

    run(60);

    assertThat(reads.get("dear")).isGreaterThan(20);
  }

  @Test
  void whatACallThatHungTookIsNotHeldAgainstItsDeviceForLong() throws Exception {
    add("hung", 100, 3_600_000);
    run(3700);
    cost.put("hung", 200L);
    add("slow", 100, 200);
    reads.clear();

    run(60);

    assertThat(reads.get("hung")).isGreaterThan(50);
  }
}
