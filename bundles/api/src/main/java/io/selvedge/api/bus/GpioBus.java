package io.selvedge.api.bus;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** One GPIO chip, found by its label. */
@ProviderType
public interface GpioBus {

  /** The label by which it was asked for, for example {@code pinctrl-rp1}. */
  String name();

  /**
   * Its lines, in order of their offsets.
   *
   * @throws BusException typed by what went wrong
   */
  List<GpioLine> lines() throws BusException;

  /**
   * A line that is read. Nothing is asked of the kernel before the first call on it.
   *
   * @param line the line's offset on its chip
   */
  GpioInput input(int line, InputOptions options);

  /**
   * A line that is driven. Nothing is asked of the kernel before the first call on it.
   *
   * @param line the line's offset on its chip
   */
  GpioOutput output(int line, OutputOptions options);
}
