package io.selvedge.flow.run;

import io.selvedge.api.device.Measurement;
import java.util.List;

/**
 * A row that waits for its flow.
 *
 * @param measurements of one device and one time, at least one
 * @param queued nanoseconds when it was queued
 */
record Row(List<Measurement> measurements, long queued) {

  String device() {
    return measurements.get(0).device();
  }
}
