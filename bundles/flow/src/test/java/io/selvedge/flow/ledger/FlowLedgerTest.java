package io.selvedge.flow.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.flow.Distribution.Handed;
import io.selvedge.api.flow.Distribution.Line;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlowLedgerTest {

  private static final LocalDate DAY = LocalDate.parse("2026-01-31");

  @TempDir Path directory = Path.of("."); // set before each test

  private static Line only(FlowLedger ledger) {
    assertThat(ledger.lines()).hasSize(1);
    return ledger.lines().get(0);
  }

  @Test
  void goesOnAfterARestart() {
    try (FlowLedger ledger = FlowLedger.open(directory)) {
      Book office = ledger.of("office");
      office.sent(Stream.MEASUREMENTS, DAY);
      office.made(Stream.MEASUREMENTS, DAY, "hub");
      office.asked();
      office.accepted(Stream.MEASUREMENTS, DAY, "hub");
      office.stays(Stream.MEASUREMENTS, DAY, Reason.BUDGET);
      office.charged(DAY, 700);
    }
    try (FlowLedger ledger = FlowLedger.open(directory)) {
      Line line = only(ledger);
      assertThat(line.seen()).isEqualTo(2);
      assertThat(line.stayed()).isEqualTo(Map.of("budget", 1L));
      assertThat(line.handed()).isEqualTo(Map.of("hub", new Handed(1, 1, 0, 0)));
      assertThat(ledger.of("office").used(DAY)).isEqualTo(700);
    }
  }

  @Test
  void whatWasOnItsWayIsCountedAsCutOffSoThatAllAddsUp() {
    try (FlowLedger ledger = FlowLedger.open(directory)) {
      ledger.of("office").gathers(DAY);
      ledger.of("office").made(Stream.DECISIONS, DAY, "hub");
    }
    try (FlowLedger ledger = FlowLedger.open(directory)) {
      assertThat(ledger.lines().get(1).handed().get("hub")).isEqualTo(new Handed(1, 0, 0, 1));
      assertThat(ledger.lines().get(0).gathering()).isZero();
      assertThat(ledger.lines().get(0).stayed()).isEqualTo(Map.of("cut_off", 1L));
    }
  }

  @Test
  void oldDaysBecomeOneLine() {
    try (FlowLedger ledger = FlowLedger.open(directory)) {
      for (int day = 0; day < FlowLedger.MOST_DAYS + 10; day++) {
        ledger.of("office").sent(Stream.DECISIONS, DAY.plusDays(day));
      }
    }
    try (FlowLedger ledger = FlowLedger.open(directory)) {
      assertThat(ledger.lines()).hasSize(FlowLedger.MOST_DAYS + 1);
      assertThat(ledger.lines().get(0).day()).isEqualTo(LocalDate.EPOCH);
      assertThat(ledger.lines().get(0).sent()).isEqualTo(10);
      assertThat(ledger.lines().stream().mapToLong(Line::seen).sum())
          .isEqualTo(FlowLedger.MOST_DAYS + 10);
    }
  }

  @Test
  void aDamagedFileIsSetAsideAndTheOthersCount() throws Exception {
    try (FlowLedger ledger = FlowLedger.open(directory)) {
      ledger.of("office").sent(Stream.DECISIONS, DAY);
      ledger.of("office").sent(Stream.DECISIONS, DAY.plusDays(1));
    }
    Files.writeString(directory.resolve(DAY + ".json"), "{\"lines\": [{\"flow\": \"off");
    Files.writeString(directory.resolve("2026-99-99.json"), "{}");
    Files.write(directory.resolve("2026-01-02.json"), new byte[] {0, 0, 0, '{', 9, 9, 9, 9});
    try (FlowLedger ledger = FlowLedger.open(directory)) {
      assertThat(only(ledger).day()).isEqualTo(DAY.plusDays(1));
    }
    assertThat(directory.resolve(DAY + ".json.damaged")).exists();
  }

  @Test
  void withoutADirectoryItIsKeptInMemory() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "");
    try (FlowLedger ledger = FlowLedger.open(file)) {
      ledger.of("office").sent(Stream.DECISIONS, DAY);
      assertThat(only(ledger).sent()).isEqualTo(1);
    }
  }
}
