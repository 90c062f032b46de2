package io.selvedge.api.bus;

import org.osgi.annotation.versioning.ProviderType;

/** One GPIO chip, found by its label. Called only on the thread of this bus. */
@ProviderType
public interface GpioBus {

  /** The chip's label, for example {@code pinctrl-rp1}; never its number. */
  String name();

  /**
   * The level of a line.
   *
   * @param line the line's offset on its chip
   * @throws BusException typed by what went wrong
   */
  boolean read(int line) throws BusException;

  /**
   * Drives a line.
   *
   * @param line the line's offset on its chip
   * @throws BusException typed by what went wrong
   */
  void write(int line, boolean high) throws BusException;
}
