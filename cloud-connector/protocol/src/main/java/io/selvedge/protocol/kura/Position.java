package io.selvedge.protocol.kura;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Where a gateway is.
 *
 * @param latitude degrees, north positive
 * @param longitude degrees, east positive
 * @param altitude metres
 * @param precision metres
 * @param heading degrees from north
 * @param speed metres a second
 * @param timestamp when it was there, UTC
 * @param satellites how many were in view
 * @param status the receiver's status, as the receiver counts it
 */
public record Position(
    double latitude,
    double longitude,
    OptionalDouble altitude,
    OptionalDouble precision,
    OptionalDouble heading,
    OptionalDouble speed,
    Optional<Instant> timestamp,
    OptionalInt satellites,
    OptionalInt status) {

  /** On the map only. */
  public static Position of(double latitude, double longitude) {
    return new Position(
        latitude,
        longitude,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        OptionalInt.empty());
  }
}
