package io.selvedge.api.device;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Hears every measurement of every device. Register it as a service; the runtime finds it.
 *
 * <p>Called on the thread of the device's bus, rows of one device in order of arrival. It must not
 * block: hand over and return. An exception is logged and ends nothing. The highest {@code
 * service.ranking} is told first: flows have 100, the console's charts -100, and 0 is what a
 * service has that names none.
 */
@ConsumerType
@FunctionalInterface
public interface MeasurementListener {

  /**
   * One row: what one device measured at one time. Immutable, never empty; all of one device and
   * one time, one measurement a channel.
   */
  void measured(List<Measurement> row);

  /**
   * What the runtime calls: as {@link #measured}, except that what has to wake another thread may
   * do so in {@link #handOver}. A thread that is woken may take the processor from the one that has
   * others to tell.
   */
  default void hear(List<Measurement> row) {
    measured(row);
  }

  /** Follows {@link #hear}, on the same thread, when all have heard all rows of one read. */
  default void handOver() {}
}
