package io.selvedge.driver.nmea;

import io.selvedge.api.device.Reading;
import io.selvedge.api.uplink.GatewayFacts;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/**
 * Where the gateway is, for its births: told at the first fix, and again where it has moved on by a
 * hundred metres, so that a receiver that wanders at rest starts nothing.
 */
final class Whereabouts implements GatewayFacts {

  private static final double FAR_METRES = 100;
  private static final double METRES_PER_DEGREE = 111_195; // of latitude

  private final BundleContext context;
  private volatile Place told = new Place(0, 0, 0);
  private @Nullable ServiceRegistration<GatewayFacts> registration; // none before the first fix

  private record Place(double latitude, double longitude, double altitude) {

    double metresTo(Place other) {
      double north = (other.latitude - latitude) * METRES_PER_DEGREE;
      double east =
          (other.longitude - longitude) * METRES_PER_DEGREE * Math.cos(Math.toRadians(latitude));
      return Math.hypot(north, east);
    }

    /** As {@code position} of the connection is set. */
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.6f, %.6f, %.1f", latitude, longitude, altitude);
    }
  }

  Whereabouts(BundleContext context) {
    this.context = context;
  }

  @Override
  public Map<String, String> facts() {
    return Map.of("position", told.toString());
  }

  /** The newest readings. Called on the bus's thread. */
  void at(List<Reading> readings) {
    Map<String, Double> numbers = new HashMap<>();
    for (Reading reading : readings) {
      reading.value().number().ifPresent(number -> numbers.put(reading.channel(), number));
    }
    if (!numbers.containsKey("latitude") || !numbers.containsKey("longitude")) {
      return;
    }
    Place place =
        new Place(
            numbers.getOrDefault("latitude", 0.0),
            numbers.getOrDefault("longitude", 0.0),
            numbers.getOrDefault("altitude", told.altitude()));
    ServiceRegistration<GatewayFacts> known = registration;
    if (known == null) {
      told = place;
      registration = context.registerService(GatewayFacts.class, this, properties());
    } else if (told.metresTo(place) > FAR_METRES) {
      told = place;
      known.setProperties(properties());
    }
  }

  private Dictionary<String, String> properties() {
    return FrameworkUtil.asDictionary(facts());
  }

  void close() {
    ServiceRegistration<GatewayFacts> known = registration;
    registration = null;
    if (known != null) {
      known.unregister();
    }
  }
}
