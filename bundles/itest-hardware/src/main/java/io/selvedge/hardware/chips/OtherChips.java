package io.selvedge.hardware.chips;

import io.selvedge.hardware.chips.Simulated.Fault;
import java.util.List;

/** What is on 1-Wire, SPI and GPIO. */
final class OtherChips {

  private OtherChips() {}

  static List<Simulated> all() {
    return List.of(
        oneWire("boiler", "28-005544332211", "0 0x0191", 25.0625),
        oneWire("cold-store", "28-0000efbeadde", "1 0xff5e", -10.125),
        new Simulated(
            "selvedge-driver-mcp3008",
            "pots",
            "io.selvedge.driver.mcp3008",
            List.of(
                "bus = hwsim-spi",
                "chip.select = 1",
                "inputs = 3, 6",
                "reference = 3.3",
                "interval.ms = 500"),
            List.of("echo 0,128,256,512,768,1000,1022,1023 >/sys/module/hwsim_spi/parameters/adc"),
            List.of(new Expected("in3", 1.65, 1e-9), new Expected("in6", 3.2935547, 1e-6)),
            List.of(
                new Fault(
                    "cable pulled",
                    "echo 0 >/sys/module/hwsim_spi/parameters/cable",
                    "echo 1 >/sys/module/hwsim_spi/parameters/cable",
                    "silent"))),
        new Simulated(
            "selvedge-driver-gpio",
            "header",
            "io.selvedge.driver.gpio",
            List.of(
                "bus = pinctrl-sim",
                "lines = button 4 input; bouncing 5 input debounce=500; relay 17 output initial=off;"
                    + " pulses 6 counter",
                "interval.ms = 1000"),
            List.of("line 4 pull pull-down", "line 5 pull pull-down", "line 6 pull pull-down"),
            List.of(
                new Expected("button", 0, 0),
                new Expected("bouncing", 0, 0),
                new Expected("relay", 0, 0),
                new Expected("pulses", 0, 0)),
            List.of(
                new Fault(
                    "chip unplugged",
                    "gpio_off",
                    "gpio_on",
                    "(?i)pinctrl-sim|gone|ABSENT",
                    // while the kernel takes the chip away, it may hold a call that is under way
                    "no answer within its deadline"))),
        new Simulated(
            "selvedge-driver-hc-sr04",
            "level",
            "io.selvedge.driver.hcsr04",
            List.of("bus = pinctrl-sim", "trigger = 23", "echo = 24", "interval.ms = 2000"),
            List.of("sh /product/vm/echoes.sh 24 >/dev/null 2>&1 &"),
            // the shell that makes echoes is no clock: some are longer than the sensor can see
            List.of(new Expected("distance", 2, 1.98, false)),
            List.of()),
        new Simulated(
            "selvedge-driver-nmea",
            "gps",
            "io.selvedge.driver.nmea",
            List.of("bus = /dev/ttyS0", "baud = 9600", "interval.ms = 1000"),
            List.of(),
            List.of(
                new Expected("fix", 1, 0),
                new Expected("latitude", 48.1173, 1e-6),
                new Expected("longitude", 11.516667, 1e-6),
                new Expected("altitude", 545.4, 1e-9),
                new Expected("satellites", 8, 0)),
            List.of()));
  }

  /** Table 1 of the DS18B20's data sheet. */
  private static Simulated oneWire(String device, String id, String count, double celsius) {
    return new Simulated(
        "selvedge-driver-ds18b20",
        device,
        "io.selvedge.driver.ds18b20",
        List.of("bus = w1", "id = " + id, "interval.ms = 1000"),
        List.of("echo '" + count + "' >/sys/kernel/hwsim_w1/temp"),
        List.of(new Expected("temperature", celsius, 0)),
        List.of(
            // the kernel itself throws away what fails its check sum, and then gives nothing
            parameter("CRC broken", "corrupt", 1, "(?i)check sum|CRC|no answer"),
            parameter("cable pulled", "cable", 0, "(?i)no answer|ABSENT|no sensor|no such")));
  }

  private static Fault parameter(String what, String name, int broken, String reason) {
    String file = " >/sys/module/hwsim_w1/parameters/" + name;
    return new Fault(what, "echo " + broken + file, "echo " + (1 - broken) + file, reason);
  }
}
