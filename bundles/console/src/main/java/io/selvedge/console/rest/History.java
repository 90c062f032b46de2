package io.selvedge.console.rest;

import io.selvedge.api.device.ChannelAddress;
import io.selvedge.api.device.Measurement;
import io.selvedge.api.device.MeasurementListener;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Component;

/**
 * The recent past of each channel, for the charts: at most one number a second, the last 300 of
 * them, in memory only; times of a channel only rise. Written on the bus threads, read by the web
 * server.
 */
@Component(
    service = {MeasurementListener.class, History.class},
    property = "service.ranking:Integer=-100") // who acts on a measurement hears it first
public final class History implements MeasurementListener {

  static final int POINTS = 300;
  private static final int MAX_CHANNELS = 1000;

  /** A little less than a second: a device that is read each second is never quite punctual. */
  private static final long SPACING = TimeUnit.MILLISECONDS.toNanos(900);

  /** One number and when it was measured. */
  public record Point(Instant time, double value) {}

  /** An address, not checked again for each measurement. */
  private record Key(String device, String channel) {}

  private static final class Ring {
    private final long[] millis = new long[POINTS];
    private final double[] values = new double[POINTS];
    private long count;
    private long lastNanos;

    void add(long nanos, Instant time, double value) {
      if (count > 0 && time.toEpochMilli() < millis[(int) ((count - 1) % POINTS)]) {
        count = 0; // a recording that begins anew
      } else if (count > 0 && nanos - lastNanos < SPACING) {
        return;
      }
      millis[(int) (count % POINTS)] = time.toEpochMilli();
      values[(int) (count % POINTS)] = value;
      count++;
      lastNanos = nanos;
    }

    /**
     * Every second, fourth, eighth … and the newest: the same ones at each call, so that a chart
     * moves evenly.
     */
    List<Point> points(int most) {
      List<Point> points = new ArrayList<>();
      long step = 1;
      while (Math.min(count, POINTS) > step * most) {
        step *= 2;
      }
      for (long i = Math.max(0, count - POINTS); i < count; i++) {
        if (i % step == 0 || i == count - 1) {
          int at = (int) (i % POINTS);
          points.add(new Point(Instant.ofEpochMilli(millis[at]), values[at]));
        }
      }
      return points;
    }
  }

  /** Channels that were not heard of for the longest make room for new ones. */
  private final Map<Key, Ring> rings =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Ring> eldest) {
          return size() > MAX_CHANNELS;
        }
      };

  @Override
  public void measured(List<Measurement> row) {
    synchronized (rings) {
      for (Measurement measurement : row) {
        OptionalDouble number = measurement.value().number();
        if (number.isPresent()) {
          Key key = new Key(measurement.device(), measurement.channel().id());
          Ring ring = rings.get(key);
          if (ring == null) {
            ring = new Ring();
            rings.put(key, ring);
          }
          ring.add(measurement.nanos(), measurement.time(), number.getAsDouble());
        }
      }
    }
  }

  /** Oldest first, half as many as asked for to all of them; empty where nothing was measured. */
  List<Point> of(ChannelAddress address, int most) {
    synchronized (rings) {
      Ring ring = rings.get(new Key(address.device(), address.channel()));
      return ring == null ? List.of() : ring.points(most);
    }
  }
}
