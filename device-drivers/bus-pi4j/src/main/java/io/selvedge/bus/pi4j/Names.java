package io.selvedge.bus.pi4j;

import io.selvedge.api.bus.BusInfo;
import io.selvedge.api.bus.BusInfo.Kind;
import io.selvedge.api.bus.Buses;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Which bus a number of Pi4J means. Pi4J's users write the numbers of a Raspberry Pi; elsewhere
 * they mean what the kernel numbers so.
 */
final class Names {

  /** Labels of the chips whose lines are the pins of a Raspberry Pi's header, newest first. */
  private static final List<String> HEADERS =
      List.of("pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2835");

  private final Buses buses;
  private final BiFunction<Kind, Integer, Optional<String>> byNumber;
  private final String gpioChip;
  private final String pwmChip;

  /**
   * @param byNumber the name of what the kernel numbers so now
   * @param gpioChip the chip whose lines are meant; empty for the header's, or the only one
   * @param pwmChip the same for PWM
   */
  Names(
      Buses buses,
      BiFunction<Kind, Integer, Optional<String>> byNumber,
      String gpioChip,
      String pwmChip) {
    this.buses = buses;
    this.byNumber = byNumber;
    this.gpioChip = gpioChip;
    this.pwmChip = pwmChip;
  }

  String gpio() {
    List<String> chips = names(Kind.GPIO);
    return Optional.of(gpioChip)
        .filter(name -> !name.isEmpty())
        .or(() -> HEADERS.stream().filter(chips::contains).findFirst())
        .or(() -> chips.stream().findFirst().filter(chip -> chips.size() == 1))
        .orElse(HEADERS.get(0)); // is not there, and the message names those that are
  }

  String pwm() {
    List<String> chips = names(Kind.PWM);
    return Optional.of(pwmChip)
        .filter(name -> !name.isEmpty())
        .or(() -> chips.stream().findFirst())
        .orElse("pwm");
  }

  String i2c(int number) {
    return numbered(Kind.I2C, "i2c", number);
  }

  String spi(int number) {
    return numbered(Kind.SPI, "spi", number);
  }

  private String numbered(Kind kind, String prefix, int number) {
    String alias = prefix + number;
    boolean known =
        buses.list().stream()
            .filter(bus -> bus.kind() == kind)
            .anyMatch(bus -> bus.name().equals(alias) || bus.otherNames().contains(alias));
    return known ? alias : byNumber.apply(kind, number).orElse(alias);
  }

  private List<String> names(Kind kind) {
    return buses.list().stream()
        .filter(bus -> bus.kind() == kind && bus.problem().isEmpty())
        .map(BusInfo::name)
        .toList();
  }
}
