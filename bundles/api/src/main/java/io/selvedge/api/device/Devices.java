package io.selvedge.api.device;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** All devices of this gateway. A service of the runtime; every method may be called anywhere. */
@ProviderType
public interface Devices {

  /** All devices, by id. */
  List<DeviceStatus> list();

  /** One device. */
  Optional<DeviceStatus> find(String id);

  /** The last measurement of each channel of a device; empty where it has none yet. */
  List<Measurement> latest(String id);

  /**
   * Sends a command to its device's bus thread. Ends when the driver has taken it; ends with a
   * {@link DeviceException} where there is no such device or channel, where the value does not fit
   * the channel's kind, or where the device did not take it. Whole numbers and decimals without a
   * fraction stand for each other, 0 and 1 for off and on. Never blocks; what is chained to the
   * stage runs on the bus's thread and must not block either.
   */
  CompletionStage<Void> send(Command command);
}
