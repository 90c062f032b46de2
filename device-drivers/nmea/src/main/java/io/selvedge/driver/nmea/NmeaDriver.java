package io.selvedge.driver.nmea;

import io.selvedge.api.bus.Buses;
import io.selvedge.api.bus.SerialLink;
import io.selvedge.api.bus.SerialOptions;
import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * A GPS receiver that speaks NMEA 0183: sentences RMC and GGA of any talker. Sentences whose check
 * sum does not fit are left out.
 */
@Component(
    configurationPid = "io.selvedge.driver.nmea",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = NmeaConfig.class, factory = true)
public final class NmeaDriver implements Driver {

  private static final List<Channel> CHANNELS =
      List.of(
          Channel.flag("fix"),
          Channel.decimal("latitude", "deg"),
          Channel.decimal("longitude", "deg"),
          Channel.decimal("altitude", "m"),
          Channel.decimal("speed", "m/s"),
          Channel.decimal("course", "deg"),
          Channel.whole("satellites", "1"));

  /** Receivers speak once a second. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final SerialLink link;
  private final String port;
  private final Sentences sentences = new Sentences();
  private final Optional<Whereabouts> whereabouts;

  @Activate
  public NmeaDriver(
      BundleContext context, @Reference(name = "buses") Buses buses, NmeaConfig config) {
    this(
        buses,
        config,
        config.is_position() ? Optional.of(new Whereabouts(context)) : Optional.empty());
  }

  NmeaDriver(Buses buses, NmeaConfig config, Optional<Whereabouts> whereabouts) {
    this.port = config.bus().strip();
    if (port.isEmpty()) {
      throw new IllegalArgumentException(
          "bus [] must be a serial port, for example [/dev/serial/by-id/usb-u-blox_…]");
    }
    this.link = buses.serial(port).open(SerialOptions.of(config.baud()));
    this.whereabouts = whereabouts;
  }

  @Deactivate
  public void close() {
    link.close();
    whereabouts.ifPresent(Whereabouts::close);
  }

  @Override
  public List<Channel> channels() {
    return CHANNELS;
  }

  @Override
  public List<Reading> read() throws DeviceException, InterruptedException {
    byte[] buffer = new byte[1024];
    int count = link.read(buffer, PATIENCE);
    if (count == 0) {
      throw new DeviceException("the receiver at [" + port + "] says nothing");
    }
    while (count > 0) {
      sentences.add(buffer, count);
      count = link.read(buffer, Duration.ZERO);
    }
    List<Reading> readings = sentences.take();
    if (readings.isEmpty() && sentences.onlyDamaged()) {
      throw new DeviceException(
          "the receiver at [" + port + "] says only what makes no sense; is [baud] right?");
    }
    whereabouts.ifPresent(w -> w.at(readings));
    return readings;
  }
}
