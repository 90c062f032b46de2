package io.selvedge.flow.run;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Message;
import io.selvedge.flow.definition.Upload;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * Makes messages of app {@code DATA-V1}: resource is the device, one metric a channel, and the
 * channel's unit where it has not been sent since the last connection. One thread.
 */
final class DataMessages {

  private final Outlet outlet;
  private final Upload.Sent sent;
  private final IntSupplier connection;
  private final Map<String, Integer> unitSent = new HashMap<>();

  DataMessages(Outlet outlet, Upload.Sent sent, IntSupplier connection) {
    this.outlet = outlet;
    this.sent = sent;
    this.connection = connection;
  }

  /** Sends what a row brought; nothing where it brought nothing. */
  void send(List<Inputs.Brought> brought, long time) {
    if (brought.isEmpty()) {
      return;
    }
    Map<String, Value> metrics = new HashMap<>();
    for (Inputs.Brought one : brought) {
      metrics.put(one.measurement().channel().id(), one.measurement().value());
      unit(one.input(), one.measurement().channel(), metrics);
    }
    send(brought.get(0).measurement().device(), time, metrics, brought.size());
  }

  /** Adds the unit of an input's channel where the hub may not know it. */
  void unit(String input, Channel channel, Map<String, Value> metrics) {
    int now = connection.getAsInt();
    if (!channel.unit().isEmpty() && unitSent.getOrDefault(input, -1) != now) {
      unitSent.put(input, now);
      metrics.put("unit." + channel.id(), Value.of(channel.unit()));
    }
  }

  /** Sends these metrics as the device's; so many of them are measurements, the others units. */
  void send(String device, long time, Map<String, Value> metrics, int measurements) {
    outlet.send(
        new Message(
                "DATA-V1",
                device,
                Instant.ofEpochMilli(time),
                metrics,
                new byte[0],
                sent.priority(),
                sent.timeToLive())
            .withQos(sent.qos()),
        measurements);
  }
}
