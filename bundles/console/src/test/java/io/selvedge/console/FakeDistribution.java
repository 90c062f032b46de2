package io.selvedge.console;

import io.selvedge.api.flow.Distribution;
import io.selvedge.api.uplink.Deliveries;
import io.selvedge.api.uplink.LinkState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Both ledgers of two flows, one of them over its budget. */
final class FakeDistribution implements Distribution, Deliveries {

  private static final String OUTBOX = "3f0c6d9e-58a1-4d0e-9d0a-6b1f0d2f7c11";

  LinkState link = LinkState.METERED;
  boolean byHand;

  private final Clock clock;

  FakeDistribution(Clock clock) {
    this.clock = clock;
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  @Override
  public List<Line> lines() {
    LocalDate today = today();
    Map<String, Handed> hub = Map.of("hub", new Handed(380, 378, 1, 0));
    return List.of(
        line(
            "office", "measurements", today.minusDays(1), 900, 300, 100, Map.of("unchanged", 500L)),
        new Line(
            "office",
            "measurements",
            today,
            1440,
            310,
            120,
            10,
            Map.of("unchanged", 900L, "budget", 80L, "link", 20L),
            60,
            4_200_000,
            hub),
        line("office", "decisions", today, 1440, 70, 0, Map.of("unchanged", 1370L)),
        line("cellar", "measurements", today, 200, 0, 0, Map.of("policy", 200L)));
  }

  private static Line line(
      String flow,
      String stream,
      LocalDate day,
      long seen,
      long sent,
      long merged,
      Map<String, Long> stayed) {
    Map<String, Handed> hub = sent == 0 ? Map.of() : Map.of("hub", new Handed(sent, sent, 0, 0));
    return new Line(flow, stream, day, seen, sent, merged, 0, stayed, 0, 0, hub);
  }

  @Override
  public List<Budget> budgets() {
    return List.of(new Budget("office", 5_000_000, today(), 4_200_000, "aggregate PT15M"));
  }

  @Override
  public List<Source> sources() {
    return List.of(
        new Source("", 12, 12, Map.of(), 0, 0),
        new Source("flow/office", 1310, 1200, Map.of("expired", 10L), 100, 21_000));
  }

  @Override
  public List<Sum> sums() {
    Instant hour = clock.instant().truncatedTo(ChronoUnit.HOURS);
    return List.of(
        new Sum("", "TWIN-V1", hour, Duration.ofHours(1), 12, 0, 2400, 1, 900),
        new Sum("flow/office", "DATA-V1", hour, Duration.ofHours(1), 130, 260, 27_000, 500, 900),
        new Sum(
            "flow/office",
            "DATA-V1",
            hour.truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(9)),
            Duration.ofDays(1),
            1070,
            2140,
            222_000,
            2,
            499));
  }

  @Override
  public List<Delivery> newest(Optional<String> source, long before, int most) {
    List<Delivery> list = new ArrayList<>();
    for (long number = Math.min(before - 1, 1212); number > 0 && list.size() < most; number--) {
      boolean twin = number % 100 == 0;
      String from = twin ? "" : "flow/office";
      if (source.map(from::equals).orElse(true)) {
        Instant time = clock.instant().minusSeconds((1212 - number) * 60);
        list.add(
            new Delivery(
                number,
                OUTBOX,
                number + 40,
                from,
                twin ? "TWIN-V1" : "DATA-V1",
                twin ? "reported" : "office",
                time,
                twin ? Optional.empty() : Optional.of(time.plusMillis(3)),
                twin ? Optional.empty() : Optional.of(time.plusMillis(101)),
                time.plusMillis(140),
                207,
                twin ? 0 : 2));
      }
    }
    return list;
  }
}
