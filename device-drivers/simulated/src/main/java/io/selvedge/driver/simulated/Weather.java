package io.selvedge.driver.simulated;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;

/**
 * The air outside: coldest at 3, warmest at 15 UTC; its water is what 60 % relative humidity is at
 * the day's mean.
 *
 * @param mean the day's mean, Cel
 * @param swing from the mean to the warmest, K
 */
record Weather(double mean, double swing) {

  private static final double HUMIDITY = 0.6;
  private static final double WARMEST_HOUR = 15;

  double temperature(Instant at) {
    LocalTime time = LocalTime.ofInstant(at, ZoneOffset.UTC);
    double hour = time.toSecondOfDay() / 3600.0;
    return mean + swing * Math.cos(2 * Math.PI * (hour - WARMEST_HOUR) / 24);
  }

  /** Water in the air, g/m³. */
  double water() {
    return HUMIDITY * Room.saturation(mean);
  }
}
