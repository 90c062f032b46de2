package io.selvedge.driver.gpio;

import io.selvedge.api.bus.Edge;
import io.selvedge.api.bus.GpioInput;
import io.selvedge.api.bus.GpioOutput;
import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Wakeup;
import java.util.ArrayList;
import java.util.List;

/** One line and its channel. */
sealed interface Line {

  Channel channel();

  List<Reading> read() throws DeviceException;

  void close();

  default void attach(Wakeup wakeup) {}

  default void write(boolean on) throws DeviceException {
    throw new DeviceException("channel [" + channel().id() + "] is no output");
  }

  /** A button, a motion sensor, a contact: each edge at once, else the level. */
  record Input(Channel channel, GpioInput line) implements Line {

    @Override
    public void attach(Wakeup wakeup) {
      line.wakes(wakeup);
    }

    @Override
    public List<Reading> read() throws DeviceException {
      List<Edge> edges = line.drain();
      if (edges.isEmpty()) {
        return List.of(Reading.of(channel.id(), line.read()));
      }
      List<Reading> readings = new ArrayList<>(edges.size());
      for (Edge edge : edges) {
        readings.add(Reading.of(channel.id(), edge.rising()).at(edge.time()));
      }
      return readings;
    }

    @Override
    public void close() {
      line.close();
    }
  }

  /** A relay, a lamp. */
  record Output(Channel channel, GpioOutput line) implements Line {

    @Override
    public List<Reading> read() throws DeviceException {
      return List.of(Reading.of(channel.id(), line.read()));
    }

    @Override
    public void write(boolean on) throws DeviceException {
      line.set(on);
    }

    @Override
    public void close() {
      line.close();
    }
  }

  /** A flow meter, an energy meter: how often it went on since the device was made. */
  final class Counter implements Line {

    private final Channel channel;
    private final GpioInput line;
    private long count;
    private long sequence;

    Counter(Channel channel, GpioInput line) {
      this.channel = channel;
      this.line = line;
    }

    @Override
    public Channel channel() {
      return channel;
    }

    /** Edges are numbered, so those that the queue did not hold count as well. */
    @Override
    public List<Reading> read() throws DeviceException {
      for (Edge edge : line.drain()) {
        count += edge.sequence() > sequence ? edge.sequence() - sequence : edge.sequence();
        sequence = edge.sequence();
      }
      return List.of(Reading.of(channel.id(), count));
    }

    @Override
    public void close() {
      line.close();
    }
  }
}
