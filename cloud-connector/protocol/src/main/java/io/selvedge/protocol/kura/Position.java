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

  /**
   * As a person writes it: latitude and longitude in degrees, and the altitude in metres if it
   * matters, with commas between: {@code 48.1374, 11.5755, 520}.
   *
   * @throws IllegalArgumentException where it is none; the message says what it must be
   */
  public static Position parse(String text) {
    String[] parts = text.split(",", -1);
    try {
      double latitude = Double.parseDouble(parts[0].strip());
      double longitude = parts.length > 1 ? Double.parseDouble(parts[1].strip()) : Double.NaN;
      double altitude = parts.length > 2 ? Double.parseDouble(parts[2].strip()) : 0;
      boolean onEarth = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
      if (parts.length <= 3 && onEarth && Double.isFinite(altitude)) {
        Position position = of(latitude, longitude);
        return parts.length < 3 ? position : position.at(altitude);
      }
    } catch (NumberFormatException e) {
      // falls through to the one message for all faults
    }
    throw new IllegalArgumentException(
        "position ["
            + text
            + "] must be LATITUDE, LONGITUDE in degrees, up to 90 and 180, and may have ALTITUDE in"
            + " metres, for example [48.1374, 11.5755, 520]");
  }

  /** The same in this altitude, in metres. */
  public Position at(double metres) {
    return new Position(
        latitude,
        longitude,
        OptionalDouble.of(metres),
        precision,
        heading,
        speed,
        timestamp,
        satellites,
        status);
  }

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
