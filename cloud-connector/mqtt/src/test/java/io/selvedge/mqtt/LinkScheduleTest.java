package io.selvedge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.uplink.LinkState;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinkScheduleTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static Optional<LinkState> at(LinkSchedule schedule, String local) {
    return schedule
        .at(LocalDateTime.parse(local).atZone(BERLIN).toInstant(), BERLIN)
        .map(LinkSchedule.Entry::state);
  }

  /** 2026-11-27 is a Friday. */
  @ParameterizedTest
  @CsvSource({
    "2026-11-27T07:59:59, ",
    "2026-11-27T08:00, METERED",
    "2026-11-27T17:59:59, METERED",
    "2026-11-27T18:00, ",
    "2026-11-28T12:00, ",
    "2026-11-27T21:59, ",
    "2026-11-27T22:00, OFF",
    "2026-11-28T04:59, OFF",
    "2026-11-28T05:00, ",
    "2026-11-28T22:30, OFF",
    "2026-11-29T03:00, OFF",
    "2026-11-29T22:30, ",
    "2026-11-27T03:00, ",
    "2026-11-25T23:00, SLOW"
  })
  void theFirstThatFitsCounts(String local, String state) {
    LinkSchedule schedule =
        LinkSchedule.parse(
            "metered Mon-Fri 08:00-18:00, off Fri-Sat 22:00-05:00, slow Wed 22:00-23:30,"
                + " metered wed 22:00-23:59");
    assertThat(at(schedule, local)).isEqualTo(Optional.ofNullable(state).map(LinkState::valueOf));
  }

  @Test
  void daysMayGoOverTheEndOfTheWeek() {
    LinkSchedule schedule = LinkSchedule.parse("slow Sat-Mon 10:00-11:00");
    assertThat(at(schedule, "2026-11-28T10:30")).contains(LinkState.SLOW);
    assertThat(at(schedule, "2026-11-30T10:30")).contains(LinkState.SLOW);
    assertThat(at(schedule, "2026-12-01T10:30")).isEmpty();
  }

  @Test
  void aClockThatIsNotSetSaysNothing() {
    assertThat(at(LinkSchedule.parse("off 00:00-23:59"), "1970-01-01T10:30")).isEmpty();
  }

  @Test
  void withoutAnEntryItSaysNothing() {
    assertThat(at(LinkSchedule.parse(" "), "2026-11-28T10:30")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "metered",
        "metered 8:00-18:00",
        "metered 08:00-25:00",
        "metered 08:00-08:00",
        "metered Mon-Foo 08:00-18:00",
        "cheap 08:00-18:00",
        "metered 08:00-18:00,",
        "metered 08:00-18:00 off 19:00-20:00"
      })
  void saysWhatAScheduleLooksLike(String text) {
    assertThatThrownBy(() -> LinkSchedule.parse(text))
        .hasMessageContaining("must be a state")
        .hasMessageContaining("metered Mon-Fri 08:00-18:00");
  }
}
