package io.selvedge.driver.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  /** A Monday. */
  private static final Instant MONDAY = Instant.parse("2026-03-02T00:00:00Z");

  @Test
  void theSameSeedMakesTheSameDays() {
    assertThat(week(new Schedule(7, 2))).isEqualTo(week(new Schedule(7, 2)));
    assertThat(week(new Schedule(7, 2))).isNotEqualTo(week(new Schedule(8, 2)));
  }

  @Test
  void itDoesNotMatterInWhichOrderItIsAsked() {
    Schedule forwards = new Schedule(7, 2);
    Schedule jumping = new Schedule(7, 2);
    jumping.persons(MONDAY.plus(Duration.ofDays(3)));

    assertThat(week(jumping)).isEqualTo(week(forwards));
  }

  @Test
  void nobodyIsThereAtNightAndAtTheWeekend() {
    Schedule schedule = new Schedule(7, 2);

    assertThat(schedule.persons(MONDAY.plus(Duration.ofHours(3)))).isZero();
    assertThat(schedule.persons(MONDAY.plus(Duration.ofDays(5).plusHours(11)))).isZero();
  }

  @Test
  void aWorkingWeekIsAboutEightHoursADayAndNeverMoreThanThePeople() {
    List<Integer> minutes = week(new Schedule(7, 2));

    long occupied = minutes.stream().filter(n -> n > 0).count();
    assertThat(occupied / 60.0).isBetween(30.0, 50.0);
    assertThat(minutes).allMatch(n -> n <= 2).contains(2);
  }

  private static List<Integer> week(Schedule schedule) {
    return IntStream.range(0, 7 * 24 * 60)
        .mapToObj(minute -> schedule.persons(MONDAY.plus(Duration.ofMinutes(minute))))
        .toList();
  }
}
