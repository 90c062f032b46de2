package io.selvedge.bus.pi4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pi4j.context.Context;
import com.pi4j.io.exception.IOException;
import com.pi4j.io.gpio.digital.DigitalInput;
import com.pi4j.io.gpio.digital.DigitalOutput;
import com.pi4j.io.gpio.digital.DigitalState;
import com.pi4j.io.gpio.digital.PullResistance;
import com.pi4j.io.i2c.I2C;
import com.pi4j.io.pwm.Pwm;
import com.pi4j.io.pwm.PwmType;
import com.pi4j.io.serial.Serial;
import com.pi4j.io.spi.Spi;
import com.pi4j.io.spi.SpiBus;
import com.pi4j.io.spi.SpiChipSelect;
import io.selvedge.api.bus.BusException.Kind;
import io.selvedge.testkit.FakeBuses;
import io.selvedge.testkit.FakeGpioBus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Programs as they are written for Pi4J, unchanged, on our buses. */
class Pi4jTest {

  private final FakeBuses buses = new FakeBuses();
  private final FakeGpioBus header = buses.gpio("pinctrl-rp1");
  private final Events events = new Events();
  private final Context pi4j =
      Pi4jService.build(
          new Wiring(
              buses,
              new Names(buses, (kind, number) -> Optional.empty(), "", ""),
              events,
              new Owners(Optional::empty)));

  @AfterEach
  void stop() {
    pi4j.shutdown();
    events.close();
    for (int i = 0; i < FakeGpioBus.LINES; i++) {
      assertThat(header.isTaken(i)).as("line %d is given back", i).isFalse();
    }
  }

  private DigitalInput input(int address) {
    return pi4j.create(
        DigitalInput.newConfigBuilder(pi4j)
            .id("input-" + address)
            .address(address)
            .pull(PullResistance.PULL_UP)
            .debounce(3000L)
            .build());
  }

  @Test
  void anInputTellsItsListenerOfEachEdge() throws Exception {
    DigitalInput button = input(4);
    List<DigitalState> seen = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch two = new CountDownLatch(2);
    button.addListener(
        event -> {
          seen.add(event.state());
          two.countDown();
        });
    assertThat(button.state()).isEqualTo(DigitalState.HIGH);

    header.drive(4, false);
    buses.advance(Duration.ofMillis(5));
    header.drive(4, true);
    buses.advance(Duration.ofMillis(5));

    assertThat(two.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(seen).containsExactly(DigitalState.LOW, DigitalState.HIGH);
  }

  @Test
  void aListenerThatHangsHoldsUpNoOtherInput() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch other = new CountDownLatch(1);
    input(4)
        .addListener(
            event -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    input(5).addListener(event -> other.countDown());

    header.drive(4, false);
    header.drive(5, false);
    buses.advance(Duration.ofMillis(5));

    assertThat(other.await(20, TimeUnit.SECONDS)).isTrue();
    never.countDown();
  }

  @Test
  void fortyInputsAndOutputsMadeAndShutDownWorkEachTime() throws Exception {
    for (int i = 0; i < 40; i++) {
      DigitalInput input = input(6);
      CountDownLatch told = new CountDownLatch(1);
      input.addListener(event -> told.countDown());
      header.drive(6, false);
      buses.advance(Duration.ofMillis(5));
      assertThat(told.await(20, TimeUnit.SECONDS)).as("input of round %d", i).isTrue();
      header.release(6);
      pi4j.shutdown(input.id());

      DigitalOutput output =
          pi4j.create(
              DigitalOutput.newConfigBuilder(pi4j)
                  .id("led")
                  .address(17)
                  .initial(DigitalState.LOW)
                  .shutdown(DigitalState.LOW)
                  .provider("gpiod-digital-output")
                  .build());
      output.high();
      assertThat(header.isHigh(17)).isTrue();
      pi4j.shutdown("led");
      assertThat(header.isHigh(17)).isFalse();
    }
  }

  @Test
  void whatFailsIsFreeForTheNextTry() {
    header.fail(Kind.BUSY);
    assertThatThrownBy(() -> input(7)).isInstanceOf(IOException.class);

    header.mend();
    assertThat(input(7).state()).isEqualTo(DigitalState.HIGH);
  }

  @Test
  void anI2cRegisterIsReadInOneTransfer() {
    buses.i2c("i2c1").put(0x76, 0xd0, 0x60, 0x61);
    I2C bme =
        pi4j.create(
            I2C.newConfigBuilder(pi4j)
                .id("bme")
                .bus(1)
                .device(0x76)
                .provider("linuxfs-i2c")
                .build());

    assertThat(bme.readRegister(0xd0)).isEqualTo(0x60);
    assertThat(bme.writeRegister(0xf4, (byte) 0x27)).isEqualTo(1);
    byte[] block = new byte[4];
    assertThat(bme.readRegister(0xd0, block, 1, 2)).isEqualTo(2);
    assertThat(block).containsExactly(0, 0x60, 0x61, 0);

    assertThat(buses.i2c("i2c1").transfers())
        .containsExactly(
            "76 write [d0] read 1", "76 write [f4, 27] read 0", "76 write [d0] read 2");
    buses.i2c("i2c1").remove(0x76);
    assertThatThrownBy(() -> bme.readRegister(0xd0)).hasMessageContaining("[0x76]");
  }

  @Test
  void spiPwmAndSerialGoThroughToo() {
    buses.spi("spi0").chip(0, sent -> new byte[] {0, 2, (byte) (sent[1] + 1)});
    Spi spi =
        pi4j.create(
            Spi.newConfigBuilder(pi4j)
                .id("adc")
                .bus(SpiBus.BUS_0)
                .chipSelect(SpiChipSelect.CS_0)
                .baud(500_000)
                .build());
    byte[] read = new byte[3];
    assertThat(spi.transfer(new byte[] {1, 5, 0}, read)).isEqualTo(3);
    assertThat(read).containsExactly(0, 2, 6);

    buses.pwm("pwm@1f00098000");
    Pwm pwm =
        pi4j.create(
            Pwm.newConfigBuilder(pi4j).id("fan").address(2).pwmType(PwmType.HARDWARE).build());
    pwm.on(25, 1000);
    assertThat(buses.pwm("pwm@1f00098000").channel(2)).isEqualTo("250000/1000000");
    pwm.off();
    assertThat(buses.pwm("pwm@1f00098000").channel(2)).isEqualTo("off");

    buses.serial("/dev/serial0").receive("ok");
    Serial serial =
        pi4j.create(
            Serial.newConfigBuilder(pi4j).id("gps").device("/dev/serial0").baud(9600).build());
    serial.open();
    assertThat(serial.available()).isEqualTo(2);
    assertThat(serial.read()).isEqualTo('o');
    serial.write((byte) 7);
    assertThat(buses.serial("/dev/serial0").sent()).containsExactly(7);
    serial.close();
  }
}
