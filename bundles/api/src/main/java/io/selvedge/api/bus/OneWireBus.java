package io.selvedge.api.bus;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** One 1-Wire bus, as the kernel serves it. */
@ProviderType
public interface OneWireBus {

  /** The name by which it was asked for. */
  String name();

  /**
   * The devices on it, as {@code 28-0000000a1b2c}: family, dash, serial number.
   *
   * @throws BusException typed by what went wrong
   */
  List<String> list() throws BusException;

  /**
   * Lets a thermometer measure and reads its scratchpad: nine bytes, the check sum proved. Takes up
   * to 0.75 s.
   *
   * @throws BusException {@link BusException.Kind#CRC} where the check sum does not fit; else typed
   *     by what went wrong
   */
  byte[] read(String id) throws BusException;
}
