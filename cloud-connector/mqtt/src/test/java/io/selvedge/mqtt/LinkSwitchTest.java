package io.selvedge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.uplink.LinkState;
import io.selvedge.mqtt.LinkSwitch.Rules;
import io.selvedge.outbox.OutRecord;
import io.selvedge.outbox.OutboxOptions;
import io.selvedge.outbox.SegmentOutbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkSwitchTest {

  private static final Rules NORMAL = new Rules(LinkState.NORMAL, 6, 3);

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

  private LinkSwitch link(Rules rules) {
    return new LinkSwitch(directory.resolve("books/link"), rules, outbox);
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

    assertThat(link(new Rules(LinkState.SLOW, 6, 3)).state()).isEqualTo(LinkState.SLOW);
  }

  @Test
  void aFileThatIsNotOursIsAsIfNeverSwitched() throws Exception {
    Files.createDirectories(directory.resolve("books"));
    for (String text : new String[] {"", "normal", "normal often", "normal off off"}) {
      Files.writeString(directory.resolve("books/link"), text);
      assertThat(link(NORMAL).state()).as(text).isEqualTo(LinkState.NORMAL);
    }
  }
}
