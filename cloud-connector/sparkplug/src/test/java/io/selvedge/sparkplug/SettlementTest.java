package io.selvedge.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.outbox.OutRecord;
import io.selvedge.outbox.Outbox;
import io.selvedge.outbox.OutboxOptions;
import io.selvedge.outbox.SegmentOutbox;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a real outbox. */
class SettlementTest {

  private static final long SECOND = 1_000_000_000L;

  @TempDir Path directory;
  private Outbox outbox;
  private Settlement settlement;

  @BeforeEach
  void open() {
    outbox =
        SegmentOutbox.open(
            directory, OutboxOptions.defaults().withCommitInterval(Duration.ofMillis(1)));
    settlement = new Settlement(outbox::delivered, 200);
    settlement.begin();
  }

  @AfterEach
  void close() {
    outbox.close();
  }

  @Test
  void aProofSettlesWhatWasPublishedBeforeItWasAskedForAndNothingElse() throws Exception {
    List<OutRecord> records = append(3);
    settlement.sent(records.get(0), 0);
    settlement.sent(records.get(1), 0);
    settlement.ask(0);
    settlement.sent(records.get(2), 0);
    settlement.proved();

    assertThat(outbox.status().delivered()).isEqualTo(2);
    assertThat(settlement.open()).containsExactly(records.get(2));
  }

  @Test
  void oneProofIsUnderWayAtATimeAfterAHundredRecordsOrASecond() throws Exception {
    List<OutRecord> records = append(150);
    assertThat(settlement.wantsProof(0)).isFalse();
    settlement.sent(records.get(0), 0);
    assertThat(settlement.wantsProof(SECOND / 2)).isFalse();
    assertThat(settlement.wantsProof(SECOND)).isTrue();
    records.subList(1, 100).forEach(record -> settlement.sent(record, 0));
    assertThat(settlement.wantsProof(0)).isTrue();

    settlement.ask(0);
    records.subList(100, 150).forEach(record -> settlement.sent(record, 0));
    assertThat(settlement.wantsProof(5 * SECOND)).isFalse();
    settlement.proved();
    assertThat(settlement.wantsProof(5 * SECOND)).isTrue();
  }

  @Test
  void thereIsRoomForAWindowOfRecords() throws Exception {
    List<OutRecord> records = append(200);
    records.forEach(record -> settlement.sent(record, 0));
    assertThat(settlement.hasRoom()).isFalse();

    settlement.ask(0);
    assertThat(settlement.hasRoom()).isFalse();
    settlement.proved();
    assertThat(settlement.hasRoom()).isTrue();
  }

  @Test
  void aProofThatDoesNotComeShowsThatTheConnectionIsOfNoUse() throws Exception {
    settlement.sent(append(1).get(0), 0);
    assertThat(settlement.isStalled(100 * SECOND)).isFalse();
    settlement.ask(0);

    assertThat(settlement.isStalled(14 * SECOND)).isFalse();
    assertThat(settlement.isStalled(16 * SECOND)).isTrue();
  }

  @Test
  void aRecordThatBreaksConnectionsIsFoundAmongOthersAndRefused() throws Exception {
    List<OutRecord> records = append(3);
    List<Optional<OutRecord>> ends = new ArrayList<>();
    for (int connection = 0; connection < 2; connection++) {
      settlement.begin();
      records.forEach(record -> settlement.sent(record, 0));
      ends.add(settlement.end(true));
    }
    for (int connection = 0; connection < Settlement.MOST_BREAKS; connection++) {
      settlement.begin();
      settlement.sent(records.get(0), 0);
      assertThat(settlement.hasRoom()).as("careful").isFalse();
      assertThat(settlement.wantsProof(0)).isTrue();
      ends.add(settlement.end(true));
    }

    assertThat(ends.subList(0, ends.size() - 1)).allMatch(Optional::isEmpty);
    assertThat(ends.get(ends.size() - 1)).contains(records.get(0));
    settlement.begin();
    settlement.sent(records.get(1), 0);
    assertThat(settlement.hasRoom()).isTrue();
  }

  @Test
  void itIsFoundAlsoWhereOthersGetThroughEachTime() throws Exception {
    List<OutRecord> records = append(20);
    OutRecord poison = records.get(0);
    Optional<OutRecord> found = Optional.empty();
    int connections = 0;
    while (found.isEmpty() && connections < 15) {
      settlement.begin();
      settlement.sent(records.get(1 + connections), 0);
      settlement.ask(0);
      settlement.proved();
      settlement.sent(poison, 0);
      found = settlement.end(true);
      connections++;
    }

    assertThat(found).contains(poison);
    assertThat(connections).isEqualTo(2 + Settlement.MOST_BREAKS);
  }

  @Test
  void connectionsThatEndInSilenceAccuseNobody() throws Exception {
    OutRecord record = append(1).get(0);
    for (int connection = 0; connection < 20; connection++) {
      settlement.begin();
      settlement.sent(record, 0);
      assertThat(settlement.end(false)).isEmpty();
    }
    assertThat(settlement.hasRoom()).isTrue();
  }

  @Test
  void breaksInBetweenWhichItGotThroughAreForgotten() throws Exception {
    OutRecord record = append(1).get(0);
    for (int connection = 0; connection < 5; connection++) {
      settlement.begin();
      settlement.sent(record, 0);
      assertThat(settlement.end(true)).isEmpty();
    }
    settlement.begin();
    settlement.sent(record, 0);
    settlement.ask(0);
    settlement.proved();

    OutRecord next = append(1).get(0);
    settlement.sent(next, 0);
    assertThat(settlement.hasRoom()).isTrue();
  }

  private List<OutRecord> append(int count) throws Exception {
    List<OutRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      outbox.append("", 5, Duration.ZERO, new byte[] {1});
    }
    while (records.size() < count) {
      outbox.poll(Duration.ofSeconds(10)).ifPresent(records::add);
    }
    return records;
  }
}
