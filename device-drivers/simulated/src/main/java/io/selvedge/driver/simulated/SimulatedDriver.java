package io.selvedge.driver.simulated;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;

/**
 * A room without a room. In real time each read is one row; in simulated time a read returns the
 * rows that have come due since the one before, one each sample, with their simulated times.
 */
@Component(
    configurationPid = "io.selvedge.driver.simulated",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SimulatedConfig.class, factory = true)
public final class SimulatedDriver implements Driver {

  private static final Channel TEMPERATURE = Channel.decimal("temperature", "Cel");
  private static final Channel HUMIDITY = Channel.decimal("humidity", "%");
  private static final Channel OUTSIDE = Channel.decimal("outside_temperature", "Cel");
  private static final Channel OCCUPANCY = Channel.flag("occupancy");
  private static final Channel PERSONS = Channel.whole("persons", "1");
  private static final Channel FAN = Channel.flag("fan").writable();
  private static final Channel HEATER = Channel.flag("heater").writable();
  private static final Channel FAULT = Channel.text("fault").writable();
  private static final List<Channel> CHANNELS =
      List.of(TEMPERATURE, HUMIDITY, OUTSIDE, OCCUPANCY, PERSONS, FAN, HEATER, FAULT);

  private static final double TEMPERATURE_NOISE = 0.02;
  private static final double HUMIDITY_NOISE = 0.05;
  private static final double FAULTY_NOISE = 40;
  private static final Duration STEP = Duration.ofMinutes(1);
  private static final int MOST_ROWS = 1_000;

  private final double speed;
  private final boolean simulatedTime;
  private final Duration sample;
  private final Schedule schedule;
  private final Weather weather;
  private final Room room;
  private final SplittableRandom random;
  private final LongSupplier nanos;
  private final long startNanos;
  private final Instant start;

  private Instant now; // how far the room has come
  private Instant nextRow;
  private boolean fan;
  private boolean heater;
  private Fault fault;
  private @Nullable List<Reading> stuck; // what it says for ever, while it is stuck

  @Activate
  public SimulatedDriver(SimulatedConfig config) {
    this(config, Clock.systemUTC(), System::nanoTime);
  }

  SimulatedDriver(SimulatedConfig config, Clock clock, LongSupplier nanos) {
    if (!(config.speed() > 0) || config.people() < 0) {
      throw new IllegalArgumentException(
          "speed ["
              + config.speed()
              + "] must be above 0, people ["
              + config.people()
              + "] 0 or more");
    }
    this.speed = config.speed();
    this.simulatedTime = speed != 1 || !config.start().isBlank();
    this.sample = sample(config.sample());
    this.schedule = new Schedule(config.seed(), config.people());
    this.weather = new Weather(config.outside(), config.swing());
    this.random = new SplittableRandom(config.seed());
    this.fault = fault(config.fault());
    this.nanos = nanos;
    this.startNanos = nanos.getAsLong();
    this.start = start(config.start(), clock);
    this.nextRow = start;
    this.room =
        new Room(
            Room.Shape.office(config.heater_watts(), config.fan_air_changes()),
            weather.mean(),
            weather.water());
    // The day before, so that the room does not begin at an odd state.
    this.now = start.minus(Duration.ofDays(1));
    advanceTo(start);
  }

  @Override
  public List<Channel> channels() {
    return CHANNELS;
  }

  @Override
  public List<Reading> read() throws DeviceException, InterruptedException {
    if (fault == Fault.HANG) {
      TimeUnit.DAYS.sleep(1);
    }
    if (fault == Fault.SILENT) {
      throw new DeviceException("no answer; fault is [silent]");
    }
    Instant due = due();
    if (!simulatedTime) {
      advanceTo(due);
      return row();
    }
    List<Reading> rows = new ArrayList<>();
    for (int i = 0; i < MOST_ROWS && !nextRow.isAfter(due); i++) {
      advanceTo(nextRow);
      for (Reading reading : row()) {
        rows.add(reading.at(nextRow));
      }
      nextRow = nextRow.plus(sample);
    }
    return rows;
  }

  @Override
  public void write(String channel, Value value) throws DeviceException {
    if (channel.equals(FAULT.id()) && value instanceof Value.Text text) {
      fault =
          Fault.of(text.value())
              .orElseThrow(
                  () ->
                      new DeviceException(
                          "fault [" + text.value() + "] must be one of " + Fault.names()));
      stuck = null;
      return;
    }
    if (fault == Fault.SILENT) {
      throw new DeviceException("no answer; fault is [silent]");
    }
    if (channel.equals(FAN.id()) && value instanceof Value.Flag flag) {
      fan = flag.value();
    } else if (channel.equals(HEATER.id()) && value instanceof Value.Flag flag) {
      heater = flag.value();
    } else {
      throw new DeviceException(
          "channel ["
              + channel
              + "] does not take ["
              + value.display()
              + "]; fan and heater take true or false, fault one of "
              + Fault.names());
    }
  }

  private Instant due() {
    double passed = (nanos.getAsLong() - startNanos) * speed;
    return start.plusMillis((long) (passed / 1e6));
  }

  private void advanceTo(Instant time) {
    while (now.isBefore(time)) {
      Instant next = now.plus(STEP).isBefore(time) ? now.plus(STEP) : time;
      room.advance(
          Duration.between(now, next).toMillis() / 1e3,
          new Room.Influence(
              weather.temperature(now), weather.water(), schedule.persons(now), heater, fan));
      now = next;
    }
  }

  private List<Reading> row() {
    if (fault == Fault.GARBAGE && random.nextBoolean()) {
      int sum = random.nextInt(256);
      String seen = String.format("check sum [0x%02x], computed [0x%02x]", sum, sum ^ 0x5a);
      return CHANNELS.stream()
          .map(channel -> Reading.missing(channel.id(), Value.Reason.DAMAGED, seen))
          .toList();
    }
    List<Reading> known = stuck;
    if (known == null) {
      known = measured();
      stuck = fault == Fault.STUCK ? known : null;
    }
    return known;
  }

  private List<Reading> measured() {
    double noise = fault == Fault.NOISY ? FAULTY_NOISE : 1;
    int persons = schedule.persons(now);
    return List.of(
        Reading.of(
            TEMPERATURE.id(),
            rounded(room.temperature() + random.nextGaussian(0, TEMPERATURE_NOISE * noise))),
        Reading.of(
            HUMIDITY.id(),
            Math.max(
                0,
                Math.min(
                    100,
                    rounded(room.humidity() + random.nextGaussian(0, HUMIDITY_NOISE * noise))))),
        Reading.of(OUTSIDE.id(), rounded(weather.temperature(now))),
        Reading.of(OCCUPANCY.id(), persons > 0),
        Reading.of(PERSONS.id(), (long) persons),
        Reading.of(FAN.id(), fan),
        Reading.of(HEATER.id(), heater),
        Reading.of(FAULT.id(), fault.text()));
  }

  private static double rounded(double value) {
    return Math.rint(value * 1000) / 1000;
  }

  private static Fault fault(String name) {
    return Fault.of(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "fault [" + name + "] must be one of " + Fault.names()));
  }

  private static Instant start(String text, Clock clock) {
    try {
      return text.isBlank()
          ? clock.instant().truncatedTo(ChronoUnit.SECONDS)
          : Instant.parse(text.strip());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "start [" + text + "] must be ISO in UTC, for example [2026-03-02T00:00:00Z]", e);
    }
  }

  private static Duration sample(String text) {
    try {
      Duration sample = Duration.parse(text.strip());
      if (sample.compareTo(Duration.ofMillis(100)) >= 0) {
        return sample;
      }
    } catch (DateTimeException e) {
      // falls through to the one message for both faults
    }
    throw new IllegalArgumentException(
        "sample [" + text + "] must be an ISO duration of PT0.1S or more, for example [PT1M]");
  }
}
