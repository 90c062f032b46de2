package io.selvedge.core;

import io.selvedge.api.device.Measurement;
import java.util.List;

/** Told of what was measured, on the thread of its bus. */
interface Publisher {

  /** Hears a row. */
  void publish(List<Measurement> row);

  /** All rows of one read have been published. */
  default void done() {}
}
