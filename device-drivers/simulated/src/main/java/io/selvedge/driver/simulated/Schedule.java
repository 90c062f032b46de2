package io.selvedge.driver.simulated;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Who is in the room when. A day's plan depends on the seed and the date alone, so that a simulated
 * week is the same week however often and however fast it is played. Times are UTC.
 *
 * <p>On a working day each person comes at about 8:30, goes to lunch at about 12:15 for about 45
 * minutes, leaves the room once or twice for a meeting, and goes home at about 17:30. Now and then
 * one stays at home. At the weekend nobody comes.
 */
final class Schedule {

  private static final double STAYS_AT_HOME = 0.08;

  private final long seed;
  private final int people;
  private LocalDate day = LocalDate.MIN;
  private List<List<Stay>> plan = List.of();

  /** Minutes of a day, from inclusive, to exclusive. */
  private record Stay(double from, double to) {
    boolean holds(double minute) {
      return minute >= from && minute < to;
    }
  }

  /**
   * @param people who work here, 0 or more
   */
  Schedule(long seed, int people) {
    this.seed = seed;
    this.people = people;
  }

  /** How many are in the room. */
  int persons(Instant at) {
    LocalDateTime time = LocalDateTime.ofInstant(at, ZoneOffset.UTC);
    if (!time.toLocalDate().equals(day)) {
      day = time.toLocalDate();
      plan = plan(day);
    }
    double minute = time.toLocalTime().toSecondOfDay() / 60.0;
    return (int)
        plan.stream().filter(stays -> stays.stream().anyMatch(s -> s.holds(minute))).count();
  }

  private List<List<Stay>> plan(LocalDate of) {
    if (of.getDayOfWeek() == DayOfWeek.SATURDAY || of.getDayOfWeek() == DayOfWeek.SUNDAY) {
      return List.of();
    }
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + of.toEpochDay());
    List<List<Stay>> all = new ArrayList<>();
    for (int i = 0; i < people; i++) {
      List<Stay> stays = day(random.split());
      if (random.nextDouble() >= STAYS_AT_HOME) {
        all.add(stays);
      }
    }
    return all;
  }

  private static List<Stay> day(SplittableRandom random) {
    double comes = about(random, 8 * 60 + 30, 25);
    double lunch = about(random, 12 * 60 + 15, 15);
    double back = lunch + Math.max(20, about(random, 45, 10));
    double goes = about(random, 17 * 60 + 30, 40);
    List<Stay> stays = new ArrayList<>();
    addWithMeeting(random, comes, lunch, stays);
    addWithMeeting(random, back, goes, stays);
    return stays;
  }

  private static void addWithMeeting(
      SplittableRandom random, double from, double to, List<Stay> stays) {
    if (random.nextDouble() < 0.6 && to - from > 120) {
      double leaves = from + 30 + random.nextDouble() * (to - from - 120);
      stays.add(new Stay(from, leaves));
      stays.add(new Stay(leaves + 30 + random.nextDouble() * 45, to));
    } else {
      stays.add(new Stay(from, to));
    }
  }

  private static double about(SplittableRandom random, double mean, double deviation) {
    return random.nextGaussian(mean, deviation);
  }
}
