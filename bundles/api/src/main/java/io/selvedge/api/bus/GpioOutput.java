package io.selvedge.api.bus;

import org.osgi.annotation.versioning.ProviderType;

/** A line that is driven. It is taken at the first call, and taken anew where the chip was away. */
@ProviderType
public interface GpioOutput extends AutoCloseable {

  /**
   * Switches the line on or off: high or low, the other way round where it is active low.
   *
   * @throws BusException typed by what went wrong
   */
  void set(boolean on) throws BusException;

  /**
   * What the line is now.
   *
   * @throws BusException typed by what went wrong
   */
  boolean read() throws BusException;

  /** Gives the line back, which most chips leave as it is. Never fails. */
  @Override
  void close();
}
