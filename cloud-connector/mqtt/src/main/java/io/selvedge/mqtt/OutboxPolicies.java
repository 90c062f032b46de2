package io.selvedge.mqtt;

import io.selvedge.outbox.Shares;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What is written about the outbox in words, taken apart. */
final class OutboxPolicies {

  private static final String REST = "*";
  private static final Duration LONGEST = Duration.ofDays(1);

  private OutboxPolicies() {}

  /**
   * Shares such as {@code flow/office:50, *:20}; none where the text is blank.
   *
   * @throws IllegalArgumentException where they cannot be understood, or are too many
   */
  static Shares shares(String text) {
    if (text.isBlank()) {
      return Shares.NONE;
    }
    Map<String, Integer> percent = new LinkedHashMap<>();
    for (String one : text.split(",", -1)) {
      int colon = one.lastIndexOf(':');
      String share = one.substring(colon + 1).strip();
      if (colon < 1 || !share.matches("\\d{1,3}")) {
        throw new IllegalArgumentException(
            "share ["
                + one.strip()
                + "] must be SOURCE:PERCENT, for example [flow/office:50] or [*:20] for the rest");
      }
      percent.put(one.substring(0, colon).strip(), Integer.parseInt(share));
    }
    Optional<Integer> rest = Optional.ofNullable(percent.remove(REST));
    Shares shares = Shares.of(percent);
    return rest.isPresent() ? new Shares(percent, rest.get()) : shares;
  }

  /** An interval such as {@code PT5M}, from a second to a day; empty where it is none. */
  static Optional<Duration> interval(String text) {
    try {
      Duration interval = Duration.parse(text.strip());
      return interval.toSeconds() < 1 || interval.compareTo(LONGEST) > 0
          ? Optional.empty()
          : Optional.of(interval);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
