package io.selvedge.api.bus;

import org.osgi.annotation.versioning.ProviderType;

/** One serial port. */
@ProviderType
public interface SerialBus {

  /** The path by which it was asked for. */
  String name();

  /** A link over it. The port is opened at the first call on the link, and for it alone. */
  SerialLink open(SerialOptions options);
}
