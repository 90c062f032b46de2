package io.selvedge.api.bus;

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
   * Says whom to tell when edges wait: typically {@code wakeup::now}. Called on a thread of the
   * bus; it must hand over and return. Several edges may come as one call.
   */
  void onEdge(Runnable listener);

  /** Gives the line back. Never fails; a closed input is taken anew by the next call on it. */
  @Override
  void close();
}
