package io.selvedge.driver.modbus;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import io.selvedge.api.device.Value.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A unit with its registers. Those that lie together are read by one request; what the unit refuses
 * is missing, the rest is there.
 */
final class PlainUnit implements ModbusUnits.Unit {

  private final Lines lines;
  private final Line.Settings settings;
  private final int unit;
  private final List<Point> points;
  private final List<Batch> batches;
  private @Nullable Line line; // from the first request on

  PlainUnit(Lines lines, Line.Settings settings, int unit, List<Point> points, int gap) {
    this.lines = lines;
    this.unit = unit;
    this.points = points;
    this.batches = Batch.of(points, gap);
    this.settings = settings;
  }

  @Override
  public void close() {
    if (line != null) {
      lines.give(line);
    }
  }

  /** Not when it is made: settings of others on the line may be wrong, and change later. */
  private Line line() throws DeviceException {
    Line known = line == null ? lines.take(settings) : line;
    line = known;
    return known;
  }

  @Override
  public List<Channel> channels() {
    return points.stream().map(Point::channel).toList();
  }

  @Override
  public List<Reading> read() throws DeviceException {
    List<Reading> readings = new ArrayList<>(points.size());
    List<String> refusals = new ArrayList<>();
    for (Batch batch : batches) {
      try {
        int[] places = line().read(unit, batch);
        for (Point point : batch.points()) {
          readings.add(reading(point, point.value(places, batch.address())));
        }
      } catch (Line.Refused e) {
        String why = String.valueOf(e.getMessage());
        refusals.add(why);
        for (Point point : batch.points()) {
          readings.add(reading(point, Value.missing(Reason.ABSENT, why)));
        }
      }
    }
    if (refusals.size() == batches.size()) {
      throw new DeviceException("every request is refused: " + refusals.get(0));
    }
    return readings;
  }

  private static Reading reading(Point point, Value value) {
    return new Reading(point.channel().id(), value, Optional.empty());
  }

  @Override
  public void write(String channel, Value value) throws DeviceException {
    Point point =
        points.stream()
            .filter(p -> p.channel().id().equals(channel) && p.channel().isWritable())
            .findFirst()
            .orElseThrow(
                () -> new DeviceException("channel [" + channel + "] is not declared as writable"));
    try {
      if (point.table() == Table.COIL) {
        line().write(unit, point.address(), value.number().orElseThrow() != 0);
      } else {
        line().write(unit, point.address(), point.words(value));
      }
    } catch (Line.Refused e) {
      throw new DeviceException("channel [" + channel + "]: " + e.getMessage(), e);
    }
  }
}
