package io.selvedge.driver.modbus;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import io.selvedge.api.device.Value.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * A unit on a Modbus line (Modbus application protocol V1.1b3), with the registers that its
 * configuration declares. Registers that lie together are read by one request; what the unit
 * refuses is missing, the rest is there.
 */
@Component(
    configurationPid = "io.selvedge.driver.modbus",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ModbusConfig.class, factory = true)
public final class ModbusDriver implements Driver {

  private final Lines lines;
  private final Line line;
  private final int unit;
  private final List<Point> points;
  private final List<Batch> batches;

  @Activate
  public ModbusDriver(@Reference(name = "lines") Lines lines, ModbusConfig config) {
    this.lines = lines;
    this.unit = config.unit();
    if (!RegisterMap.ORDERS.contains(config.order())) {
      throw new IllegalArgumentException(
          "order [" + config.order() + "] must be abcd, cdab, badc or dcba");
    }
    this.points = RegisterMap.parse(config.registers(), config.order());
    this.batches = Batch.of(points, config.gap());
    this.line = lines.take(Line.Settings.of(config));
  }

  @Deactivate
  public void close() {
    lines.give(line);
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
        int[] places = line.read(unit, batch);
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
        line.write(unit, point.address(), value.number().orElseThrow() != 0);
      } else {
        line.write(unit, point.address(), point.words(value));
      }
    } catch (Line.Refused e) {
      throw new DeviceException("channel [" + channel + "]: " + e.getMessage(), e);
    }
  }
}
