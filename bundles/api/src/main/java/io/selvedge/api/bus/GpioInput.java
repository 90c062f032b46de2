package io.selvedge.api.bus;

import io.selvedge.api.device.Wakeup;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A line that is read. It is taken at the first call, and taken anew where the chip was away; edges
 * from before the first call are not seen.
 */
@ProviderType
public interface GpioInput extends AutoCloseable {

  /** Edges that wait to be drained; of more, the oldest are dropped. */
  int MOST_EDGES = 4096;

  /**
   * Whether the line is on: high, or low where it is active low.
   *
   * @throws BusException typed by what went wrong
   */
  boolean read() throws BusException;

  /**
   * Takes the edges since the last call, in order; none where nothing happened. A gap between their
   * sequence numbers says how many were lost.
   *
   * @throws BusException typed by what went wrong; edges from before are returned first
   */
  List<Edge> drain() throws BusException;

  /**
   * Says whom to tell when edges wait. Called on a thread of the bus; it must hand over and return.
   * Several edges may come as one call. A driver that only wants to be read calls {@link #wakes}.
   */
  void onEdge(Runnable listener);

  /**
   * Asks for a read of the device whenever edges wait. Faster than {@code onEdge(wakeup::now)}
   * where the bus can let its own thread wait for them: then nobody takes edges while a driver of
   * that bus is called, and the kernel keeps the newest 1024 meanwhile.
   */
  default void wakes(Wakeup wakeup) {
    onEdge(wakeup::now);
  }

  /** Gives the line back. Never fails; a closed input is taken anew by the next call on it. */
  @Override
  void close();
}
