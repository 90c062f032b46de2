package io.selvedge.mqtt;

import io.selvedge.api.uplink.LinkState;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the link is at which hours: {@code metered Mon-Fri 08:00-18:00, off 02:00-03:00}. Of several
 * that fit, the first counts. Hours that end before they begin go on to the next day, and belong to
 * the day on which they begin.
 *
 * @param entries in their order
 */
record LinkSchedule(List<Entry> entries) {

  static final LinkSchedule NONE = new LinkSchedule(List.of());

  /** Before that, a clock is not set. */
  private static final Instant SET = Instant.parse("2025-01-01T00:00:00Z");

  private static final Pattern ENTRY =
      Pattern.compile(
          "(?<state>\\w+)(\\s+(?<first>\\p{Alpha}{3})(-(?<last>\\p{Alpha}{3}))?)?"
              + "\\s+(?<from>[\\d:]+)-(?<to>[\\d:]+)");

  /**
   * A state at certain hours.
   *
   * @param first day of the week on which it begins
   * @param last day of the week on which it begins, perhaps of the week that follows
   */
  record Entry(
      String text, LinkState state, DayOfWeek first, DayOfWeek last, LocalTime from, LocalTime to) {

    private boolean fits(ZonedDateTime now) {
      LocalTime time = now.toLocalTime();
      boolean begun = !time.isBefore(from);
      boolean before = time.isBefore(to);
      if (from.isBefore(to)) {
        return begun && before && isOn(now.getDayOfWeek());
      }
      return (begun && isOn(now.getDayOfWeek())) || (before && isOn(now.getDayOfWeek().minus(1)));
    }

    private boolean isOn(DayOfWeek day) {
      int days = Math.floorMod(last.getValue() - first.getValue(), 7);
      return Math.floorMod(day.getValue() - first.getValue(), 7) <= days;
    }
  }

  LinkSchedule {
    entries = List.copyOf(entries);
  }

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException where it is none
   */
  static LinkSchedule parse(String text) {
    if (text.isBlank()) {
      return NONE;
    }
    List<Entry> entries = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      entries.add(entry(part.strip()));
    }
    return new LinkSchedule(entries);
  }

  private static Entry entry(String text) {
    Matcher parts = ENTRY.matcher(text);
    if (!parts.matches()) {
      throw wrong(text);
    }
    Optional<String> first = Optional.ofNullable(parts.group("first"));
    Optional<String> last = Optional.ofNullable(parts.group("last")).or(() -> first);
    LocalTime from = time(text, parts.group("from"));
    LocalTime to = time(text, parts.group("to"));
    if (from.equals(to)) {
      throw wrong(text);
    }
    return new Entry(
        text,
        state(text, parts.group("state")),
        first.map(name -> day(text, name)).orElse(DayOfWeek.MONDAY),
        last.map(name -> day(text, name)).orElse(DayOfWeek.SUNDAY),
        from,
        to);
  }

  private static LinkState state(String text, String name) {
    for (LinkState state : LinkState.values()) {
      if (state.name().equalsIgnoreCase(name)) {
        return state;
      }
    }
    throw wrong(text);
  }

  private static DayOfWeek day(String text, String name) {
    for (DayOfWeek day : DayOfWeek.values()) {
      if (day.name().startsWith(name.toUpperCase(Locale.ROOT))) {
        return day;
      }
    }
    throw wrong(text);
  }

  private static LocalTime time(String text, String given) {
    try {
      return LocalTime.parse(given);
    } catch (DateTimeParseException e) {
      throw wrong(text);
    }
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "["
            + text
            + "] must be a state (normal, slow, metered, off), days where it is not each, and"
            + " hours, for example metered Mon-Fri 08:00-18:00");
  }

  /** The first entry that fits; none while the clock is not set. */
  Optional<Entry> at(Instant now, ZoneId zone) {
    if (entries.isEmpty() || now.isBefore(SET)) {
      return Optional.empty();
    }
    ZonedDateTime there = now.atZone(zone);
    return entries.stream().filter(entry -> entry.fits(there)).findFirst();
  }
}
