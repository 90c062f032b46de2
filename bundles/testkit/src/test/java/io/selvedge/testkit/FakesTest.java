package io.selvedge.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.bus.BusException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FakesTest {

  @interface ProbeConfig {
    String device_id();

    int interval_ms() default 1000;

    String[] columns() default {"a", "b"};
  }

  @Test
  void makesAConfigurationWithTheDefaultsOfItsAnnotation() {
    ProbeConfig config =
        Configs.of(ProbeConfig.class, Map.of("device.id", "hall", "interval.ms", "250"));

    assertThat(config.device_id()).isEqualTo("hall");
    assertThat(config.interval_ms()).isEqualTo(250);
    assertThat(config.columns()).containsExactly("a", "b");
    assertThat(Configs.of(ProbeConfig.class, Map.of("device.id", Path.of("/run", "x"))).device_id())
        .as("an object as it would stand in a file")
        .isEqualTo("/run/x");
  }

  @Test
  void aFakeClockMovesOnlyWhenTold() {
    FakeClock clock = new FakeClock(Instant.parse("2026-03-01T12:00:00Z"));

    clock.advance(Duration.ofSeconds(90));

    assertThat(clock.instant()).isEqualTo("2026-03-01T12:01:30Z");
    assertThat(clock.nanos()).isEqualTo(90_000_000_000L);
  }

  @Test
  void aFakeBusReadsFromTheRegisterThatWasWritten() throws BusException {
    FakeI2cBus bus = new FakeI2cBus().put(0x48, 0x10, 0x7f, 0xf0);
    byte[] read = new byte[2];

    bus.transfer(0x48, new byte[] {0x10}, read);

    assertThat(read).containsExactly(0x7f, (byte) 0xf0);
    assertThat(bus.transfers()).containsExactly("48 write [10] read 2");
  }

  @Test
  void aFakeBusKeepsWhatIsWritten() throws BusException {
    FakeI2cBus bus = new FakeI2cBus().put(0x48, 0);

    bus.transfer(0x48, new byte[] {0x01, 0x60, (byte) 0xa0}, new byte[0]);

    assertThat(bus.registers(0x48, 1, 2)).containsExactly(0x60, (byte) 0xa0);
  }

  @Test
  void nothingAnswersWhereNoDeviceIs() {
    FakeI2cBus bus = new FakeI2cBus();

    assertThatThrownBy(() -> bus.transfer(0x48, new byte[0], new byte[1]))
        .isInstanceOfSatisfying(
            BusException.class, e -> assertThat(e.kind()).isEqualTo(BusException.Kind.ABSENT))
        .hasMessageContaining("[0x48]");
    assertThatThrownBy(() -> bus.put(0x80, 0)).hasMessageContaining("[0x80]");
  }

  @Test
  void aFakeBusFailsAsToldUntilMended() throws BusException {
    FakeI2cBus bus = new FakeI2cBus().put(0x48, 0, 1);
    bus.fail(BusException.Kind.CRC);

    assertThatThrownBy(() -> bus.transfer(0x48, new byte[0], new byte[1]))
        .isInstanceOfSatisfying(
            BusException.class, e -> assertThat(e.kind()).isEqualTo(BusException.Kind.CRC));

    bus.mend();
    bus.transfer(0x48, new byte[0], new byte[1]);
  }
}
