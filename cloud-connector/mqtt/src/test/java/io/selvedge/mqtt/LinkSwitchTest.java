package io.selvedge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.uplink.LinkReason;
import io.selvedge.api.uplink.LinkReason.Cause;
import io.selvedge.api.uplink.LinkState;
import io.selvedge.mqtt.LinkSwitch.Rules;
import io.selvedge.outbox.OutRecord;
import io.selvedge.outbox.OutboxOptions;
import io.selvedge.outbox.SegmentOutbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkSwitchTest {

  private static final Rules NORMAL = rules(LinkState.NORMAL, "");

  private final FakeClock clock = new FakeClock(Instant.parse("2026-11-27T07:59:00Z")); // a Friday
  private final List<LinkReason> changes = new ArrayList<>();
  private final LinkMeter meter =
      new LinkMeter(new LinkMeter.Limits(true, Duration.ofSeconds(2), 2000), clock::nanos);

  @TempDir Path directory = Path.of("."); // set before each test

  @SuppressWarnings("NullAway.Init") // opened before each test
  private SegmentOutbox outbox;

  @BeforeEach
  void open() {
    outbox = SegmentOutbox.open(directory.resolve("outbox"), OutboxOptions.defaults());
  }

  @AfterEach
  void close() {
    outbox.close();
  }

  private static Rules rules(LinkState state, String schedule) {
    return new Rules(state, LinkSchedule.parse(schedule), 6, 3);
  }

  private LinkSwitch link(Rules rules) {
    return new LinkSwitch(
        directory.resolve("books/link"), rules, outbox, meter, clock, changes::add);
  }

  /** So many spans in which a message takes so long. */
  private void spans(int count, Duration took) {
    for (int i = 0; i < count; i++) {
      meter.acknowledged(took.toNanos(), 100);
      clock.plus(LinkMeter.SPAN);
      meter.look(0, 0);
    }
  }

  private void append(int... priorities) {
    for (int priority : priorities) {
      outbox
          .append("", priority, Duration.ZERO, new byte[] {(byte) priority})
          .toCompletableFuture()
          .join();
    }
  }

  private static Optional<Integer> next(LinkSwitch link) throws InterruptedException {
    return link.poll(Duration.ofMillis(1), 1).stream().map(OutRecord::priority).findFirst();
  }

  @Test
  void eachStateLetsItsPrioritiesThrough() throws Exception {
    append(9, 7, 6, 4, 3, 0);
    LinkSwitch link = link(NORMAL);

    assertThat(link.set(LinkState.OFF)).isTrue();
    assertThat(next(link)).isEmpty();
    assertThat(link.set(LinkState.METERED)).isTrue();
    assertThat(next(link)).contains(0);
    assertThat(next(link)).contains(3);
    assertThat(next(link)).isEmpty();
    assertThat(link.set(LinkState.SLOW)).isTrue();
    assertThat(next(link)).contains(4);
    assertThat(next(link)).contains(6);
    assertThat(next(link)).isEmpty();
    assertThat(link.set(LinkState.NORMAL)).isTrue();
    assertThat(next(link)).contains(7);
    assertThat(next(link)).contains(9);
    assertThat(link.set(LinkState.NORMAL)).isFalse();
  }

  @Test
  void whatWasSwitchedSurvivesARestart() {
    assertThat(link(NORMAL).state()).isEqualTo(LinkState.NORMAL);
    link(NORMAL).set(LinkState.METERED);

    assertThat(link(NORMAL).state()).isEqualTo(LinkState.METERED);
  }

  @Test
  void anotherConfigurationCountsAgain() {
    link(NORMAL).set(LinkState.METERED);

    assertThat(link(rules(LinkState.SLOW, "")).state()).isEqualTo(LinkState.SLOW);
  }

  @Test
  void aFileThatIsNotOursIsAsIfNeverSwitched() throws Exception {
    Files.createDirectories(directory.resolve("books"));
    for (String text : new String[] {"", "normal", "normal often", "normal off off"}) {
      Files.writeString(directory.resolve("books/link"), text);
      assertThat(link(NORMAL).state()).as(text).isEqualTo(LinkState.NORMAL);
    }
  }

  @Test
  void theHourSaysWhatItIsUntilSomebodySwitches() {
    LinkSwitch link = link(rules(LinkState.SLOW, "metered Mon-Fri 08:00-18:00"));
    assertThat(link.reason().cause()).isEqualTo(Cause.CONFIGURED);
    assertThat(link.state()).isEqualTo(LinkState.SLOW);

    clock.plus(Duration.ofMinutes(1));
    assertThat(link.state()).isEqualTo(LinkState.METERED);
    assertThat(link.reason().cause()).isEqualTo(Cause.SCHEDULE);
    assertThat(link.reason().since()).isEqualTo(clock.instant());
    assertThat(changes).singleElement().extracting(LinkReason::text).asString().contains("08:00");

    link.set(LinkState.OFF);
    assertThat(link.reason().cause()).isEqualTo(Cause.BY_HAND);
    assertThat(link(rules(LinkState.SLOW, "")).state()).isEqualTo(LinkState.OFF);
    assertThat(link.letGo()).isTrue();
    assertThat(link.letGo()).isFalse();
    assertThat(link.state()).isEqualTo(LinkState.METERED);
    assertThat(link(rules(LinkState.SLOW, "")).state()).isEqualTo(LinkState.SLOW);
    assertThat(changes).hasSize(3);
  }

  @Test
  void aNormalLinkIsSlowWhilePublishingIsFoundToBe() throws Exception {
    append(9, 6);
    LinkSwitch link = link(NORMAL);
    spans(LinkMeter.BAD_SPANS - 1, Duration.ofSeconds(3));
    assertThat(link.state()).isEqualTo(LinkState.NORMAL);
    spans(1, Duration.ofSeconds(3));

    assertThat(link.state()).isEqualTo(LinkState.SLOW);
    assertThat(link.reason().cause()).isEqualTo(Cause.MEASURED);
    assertThat(link.reason().text()).contains("[3000] ms");
    assertThat(next(link)).contains(6);
    assertThat(next(link)).isEmpty();
    spans(LinkMeter.OTHER_SPANS, Duration.ofMillis(200));
    assertThat(link.state()).isEqualTo(LinkState.NORMAL);
    assertThat(next(link)).contains(9);
  }

  @Test
  void whatIsSaidToBeMeteredStaysSoHoweverSlow() {
    LinkSwitch link = link(rules(LinkState.METERED, ""));
    spans(LinkMeter.BAD_SPANS, Duration.ofSeconds(3));
    assertThat(link.state()).isEqualTo(LinkState.METERED);
    link.set(LinkState.NORMAL);
    assertThat(link.state()).isEqualTo(LinkState.NORMAL); // who switches knows better
  }
}
