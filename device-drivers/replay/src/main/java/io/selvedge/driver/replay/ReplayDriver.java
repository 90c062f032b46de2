package io.selvedge.driver.replay;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Plays a recording: each read returns the rows that are due, with the times of the recording. The
 * first read starts it; a row is due when as much time has passed since then, times the speed, as
 * lies between the first row and it.
 */
@Component(
    configurationPid = "io.selvedge.driver.replay",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ReplayConfig.class, factory = true)
public final class ReplayDriver implements Driver, AutoCloseable {

  private static final Channel ROW = Channel.whole("row", "1");
  private static final Channel FINISHED = Channel.flag("finished");
  private static final Channel SKIPPED = Channel.whole("rows_skipped", "1");

  private final Format format;
  private final double speed;
  private final int mostRows;
  private final boolean loop;
  private final LongSupplier nanos;
  private final List<Channel> channels;

  private @Nullable Recording recording; // none before the start and after the end
  private Optional<Recording.Row> next = Optional.empty();
  private Instant firstTime = Instant.EPOCH;
  private long firstNanos;
  private long rows;
  private long skippedReported;
  private boolean ended;
  private @Nullable DeviceException broken; // why it cannot be read on; it stays so

  @Activate
  public ReplayDriver(BundleContext context, ReplayConfig config) {
    this(
        config,
        Path.of(Optional.ofNullable(context.getProperty("selvedge.conf")).orElse("")),
        System::nanoTime);
  }

  ReplayDriver(ReplayConfig config, Path base, LongSupplier nanos) {
    if (!(config.speed() >= 0) || config.rows_per_read() < 1 || config.skip() < 0) {
      throw new IllegalArgumentException(
          "speed ["
              + config.speed()
              + "] and skip ["
              + config.skip()
              + "] must be 0 or more, rows.per.read ["
              + config.rows_per_read()
              + "] 1 or more");
    }
    this.format = Format.of(config, base);
    this.speed = config.speed();
    this.mostRows = config.rows_per_read();
    this.loop = config.loop();
    this.nanos = nanos;
    List<Channel> all = new ArrayList<>();
    format.columns().forEach(column -> all.add(column.channel()));
    all.addAll(List.of(ROW, FINISHED, SKIPPED));
    this.channels = List.copyOf(all);
  }

  @Override
  public List<Channel> channels() {
    return channels;
  }

  @Override
  public List<Reading> read() throws DeviceException {
    if (broken != null) {
      throw broken;
    }
    if (ended) {
      return List.of();
    }
    Recording playing = recording;
    if (playing == null) {
      playing = begin();
      if (next.isEmpty()) {
        return end(Optional.empty());
      }
    }
    List<Reading> readings = new ArrayList<>();
    Instant time = Instant.MIN;
    for (int i = 0; i < mostRows && isNextDue(time); i++) {
      Recording.Row row = next.orElseThrow();
      time = row.time();
      readings.addAll(row.readings());
      if (rows++ == 0) {
        readings.add(Reading.of(FINISHED.id(), false).at(time));
        readings.add(Reading.of(SKIPPED.id(), 0L).at(time));
      }
      next = following(playing);
    }
    if (!readings.isEmpty()) {
      readings.add(Reading.of(ROW.id(), rows).at(time));
      if (playing.skipped() > skippedReported) {
        skippedReported = playing.skipped();
        readings.add(Reading.of(SKIPPED.id(), skippedReported).at(time));
      }
      if (next.isEmpty()) {
        readings.addAll(end(Optional.of(time)));
      }
    }
    return readings;
  }

  @Override
  @Deactivate
  public void close() {
    if (recording != null) {
      recording.close();
      recording = null;
    }
  }

  private Recording begin() throws DeviceException {
    Recording opened = Recording.open(format);
    try {
      next = opened.next();
    } catch (DeviceException e) {
      opened.close();
      throw e;
    }
    recording = opened;
    firstTime = next.map(Recording.Row::time).orElse(Instant.EPOCH);
    firstNanos = nanos.getAsLong();
    rows = 0;
    skippedReported = 0;
    return opened;
  }

  /** A file that is damaged in its middle is not begun again: its rows were played already. */
  private Optional<Recording.Row> following(Recording playing) {
    try {
      return playing.next();
    } catch (DeviceException e) {
      broken = e;
      return Optional.empty();
    }
  }

  /** A time before the last one waits for the next read: it is no part of this batch's order. */
  private boolean isNextDue(Instant last) {
    if (next.isEmpty() || next.get().time().isBefore(last)) {
      return false;
    }
    double recorded = Duration.between(firstTime, next.get().time()).toMillis();
    double passed = (nanos.getAsLong() - firstNanos) / 1e6;
    return speed == 0 || recorded <= passed * speed;
  }

  private List<Reading> end(Optional<Instant> time) {
    close();
    if (loop || broken != null) {
      return List.of();
    }
    ended = true;
    Reading finished = Reading.of(FINISHED.id(), true);
    return List.of(time.map(finished::at).orElse(finished));
  }
}
