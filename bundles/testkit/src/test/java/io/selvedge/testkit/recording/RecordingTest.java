package io.selvedge.testkit.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.BusInfo;
import io.selvedge.api.bus.Buses;
import io.selvedge.api.bus.SpiMode;
import io.selvedge.testkit.FakeBuses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordingTest {

  private static final String ADAPTER = "bcm2835 (i2c@7e804000)";

  private final FakeBuses real = new FakeBuses();
  private final StringBuilder text = new StringBuilder();
  private final Buses recording = new RecordingBuses(real, text);

  private ReplayBuses replay() {
    return new ReplayBuses(text.toString().lines().toList());
  }

  @Test
  void answersAsTheBusDidInItsOrderAndThenFromTheFirstAgain() throws Exception {
    real.i2c(ADAPTER).put(0x48, 0, 0x19, 0x00);
    assertThat(recording.i2c(ADAPTER).readRegister(0x48, 0, 2)).containsExactly(0x19, 0x00);
    real.i2c(ADAPTER).put(0x48, 0, 0xe7, 0x00);
    recording.i2c(ADAPTER).readRegister(0x48, 0, 2);
    recording.i2c(ADAPTER).write(0x48, 0x24, 0x00);

    Buses replay = replay();

    for (int again = 0; again < 2; again++) {
      assertThat(replay.i2c(ADAPTER).readRegister(0x48, 0, 2)).containsExactly(0x19, 0x00);
      assertThat(replay.i2c(ADAPTER).readRegister(0x48, 0, 2)).containsExactly(0xe7, 0x00);
    }
    replay.i2c(ADAPTER).write(0x48, 0x24, 0x00);
    assertThat(replay.list())
        .extracting(BusInfo::kind, BusInfo::name)
        .containsExactly(tuple(BusInfo.Kind.I2C, ADAPTER));
  }

  @Test
  void failsAsTheBusDid() throws Exception {
    assertThatThrownBy(() -> recording.i2c("i2c1").read(0x44, 6)).isInstanceOf(BusException.class);

    assertThatThrownBy(() -> replay().i2c("i2c1").read(0x44, 6))
        .isInstanceOfSatisfying(
            BusException.class, e -> assertThat(e.kind()).isEqualTo(BusException.Kind.ABSENT))
        .hasMessageContaining("[0x44]");
  }

  @Test
  void recordsSpiAndOneWire() throws Exception {
    real.spi("spi0").answer(0, 0xff, 0xfa, 0x00);
    real.oneWire("w1").put("28-01", 0x91, 0x01);
    byte[] answer = new byte[3];
    recording.spi("spi0").transfer(0, SpiMode.MODE_0, 1_000_000, new byte[] {1, 2, 3}, answer);
    recording.oneWire("w1").list();
    recording.oneWire("w1").read("28-01");

    byte[] again = new byte[3];
    replay().spi("spi0").transfer(0, SpiMode.MODE_0, 500_000, new byte[] {1, 2, 3}, again);
    assertThat(again).isEqualTo(answer);
    assertThat(replay().oneWire("w1").list()).containsExactly("28-01");
    assertThat(replay().oneWire("w1").read("28-01")).startsWith(0x91, 0x01).hasSize(9);
  }

  @Test
  void findsOutADriverThatAsksForSomethingElse() throws Exception {
    real.i2c("i2c1").put(0x48, 0, 0x19, 0x00);
    recording.i2c("i2c1").readRegister(0x48, 0, 2);

    assertThatThrownBy(() -> replay().i2c("i2c1").readRegister(0x48, 1, 2))
        .isInstanceOf(BusException.class)
        .hasMessageContainingAll("[48 01 2]", "i2c1");
  }

  @Test
  void readsAFileWithRemarks(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("hall.txt");
    Files.writeString(file, "# a TMP102 at 25 Cel\n\ni2c\ti2c1\t48 00 2\t=\t1900\n");

    assertThat(ReplayBuses.of(file).i2c("i2c1").readRegister(0x48, 0, 2))
        .containsExactly(0x19, 0x00);
  }

  @ParameterizedTest
  @ValueSource(strings = {"i2c i2c1 48 00 2 = 1900", "i2c\ti2c1\t48 00 2\t?\t1900"})
  void refusesALineThatIsNone(String line) {
    assertThatThrownBy(() -> new ReplayBuses(List.of(line)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[" + line + "]");
  }
}
