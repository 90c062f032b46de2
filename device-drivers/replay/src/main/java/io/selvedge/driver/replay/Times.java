package io.selvedge.driver.replay;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;

/** Reads the times of a recording. */
@FunctionalInterface
interface Times {

  /** Nanoseconds a second. */
  BigInteger GIGA = BigInteger.valueOf(1_000_000_000);

  /** ISO dates, with a blank instead of the T as well. */
  DateTimeFormatter ISO = iso();

  /**
   * The moment that a field names.
   *
   * @throws DateTimeException it names none
   * @throws ArithmeticException it is too large a number
   * @throws NumberFormatException it is no number where one is expected
   */
  Instant read(String field);

  /**
   * A reader of one format.
   *
   * @param format {@code iso}, {@code epoch-s}, {@code epoch-ms} or a pattern
   * @param zone of times that do not name one
   * @throws IllegalArgumentException what is wrong with either
   */
  static Times of(String format, String zone) {
    ZoneId in = zone(zone);
    return switch (format.strip()) {
      case "epoch-s" -> field -> epoch(new BigDecimal(field).movePointRight(9));
      case "epoch-ms" -> field -> epoch(new BigDecimal(field).movePointRight(6));
      case "iso" -> field -> moment(ISO.parse(field.replace(' ', 'T')), in);
      default -> {
        DateTimeFormatter formatter = formatter(format);
        yield field -> moment(formatter.parse(field), in);
      }
    };
  }

  private static Instant epoch(BigDecimal nanos) {
    BigInteger[] parts =
        nanos.setScale(0, RoundingMode.HALF_EVEN).toBigInteger().divideAndRemainder(GIGA);
    return Instant.ofEpochSecond(parts[0].longValueExact(), parts[1].longValueExact());
  }

  /** 2015-02-04T17:51, with or without seconds, fraction and offset; or a day alone. */
  private static DateTimeFormatter iso() {
    return new DateTimeFormatterBuilder()
        .append(DateTimeFormatter.ISO_LOCAL_DATE)
        .optionalStart()
        .appendLiteral('T')
        .append(DateTimeFormatter.ISO_LOCAL_TIME)
        .optionalStart()
        .appendOffsetId()
        .toFormatter(Locale.ROOT);
  }

  private static Instant moment(TemporalAccessor parsed, ZoneId zone) {
    if (parsed.isSupported(ChronoField.INSTANT_SECONDS)) {
      return Instant.from(parsed);
    }
    LocalTime time = parsed.query(TemporalQueries.localTime());
    LocalDateTime local = LocalDate.from(parsed).atTime(time == null ? LocalTime.MIDNIGHT : time);
    ZoneId own = parsed.query(TemporalQueries.zone());
    return local.atZone(own == null ? zone : own).toInstant();
  }

  private static ZoneId zone(String zone) {
    try {
      return ZoneId.of(zone.strip());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "time.zone [" + zone + "] must be a zone, for example [UTC] or [Europe/Berlin]", e);
    }
  }

  private static DateTimeFormatter formatter(String pattern) {
    try {
      return DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "time.format ["
              + pattern
              + "] must be iso, epoch-s, epoch-ms or a pattern, for example [yyyy-MM-dd HH:mm:ss]",
          e);
    }
  }
}
