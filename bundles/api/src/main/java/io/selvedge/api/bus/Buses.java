package io.selvedge.api.bus;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * All buses of this machine, by stable names. A service; a driver takes it by
 * {@code @Reference(name = "buses") Buses buses} and names its bus by its setting {@code bus}.
 *
 * <p>What it returns is a handle, at once and always: nothing is opened before the first call on
 * it. A bus that is not there makes each call fail with {@link BusException.Kind#ABSENT}, and
 * serves again by itself once it is (back).
 */
@ProviderType
public interface Buses {

  /**
   * An I2C bus: by its alias in the device tree ({@code i2c1}), its path there ({@code
   * /soc/i2c@7e804000}) or its adapter's name ({@code bcm2835 (i2c@7e804000)}); never by number.
   */
  I2cBus i2c(String name);

  /** A GPIO chip by its label, for example {@code pinctrl-rp1}. */
  GpioBus gpio(String chip);

  /** An SPI bus: by its alias in the device tree ({@code spi0}), or its path there. */
  SpiBus spi(String name);

  /** A PWM chip: by its path in the device tree, or the name of its device. */
  PwmBus pwm(String name);

  /** A 1-Wire bus: the name of its bus master's device, or {@code w1} where there is one alone. */
  OneWireBus oneWire(String name);

  /** A serial port by its path, best one of {@code /dev/serial/by-id/}. */
  SerialBus serial(String path);

  /** What there is now. Never fails: a kind that cannot be listed is left out. */
  List<BusInfo> list();
}
