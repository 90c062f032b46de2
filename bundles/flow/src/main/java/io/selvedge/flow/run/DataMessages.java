package io.selvedge.flow.run;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Message;
import io.selvedge.flow.definition.Upload;
import io.selvedge.flow.definition.Upload.Instead;
import io.selvedge.flow.ledger.Book;
import io.selvedge.flow.ledger.Stream;
import io.selvedge.protocol.kura.Records;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * Makes messages of app {@code DATA-V1}: resource is the device, one metric a channel, and the
 * channel's unit where it has not been sent since the last connection. Charges them to the budget.
 * One thread.
 */
final class DataMessages {

  /** What waits for a normal link. */
  static final int SURPLUS_PRIORITY = 9;

  /** What a message costs beside its payload: topic, identity, headers. */
  private static final int ENVELOPE_BYTES = 150;

  private static final byte[] NO_BODY = {};

  private final Outlet outlet;
  private final Upload upload;
  private final IntSupplier connection;
  private final Map<String, Integer> unitSent = new HashMap<>();

  DataMessages(Outlet outlet, Upload upload, IntSupplier connection) {
    this.outlet = outlet;
    this.upload = upload;
    this.connection = connection;
  }

  /** Whether the budget of this day is used up. */
  boolean isExhausted(LocalDate day) {
    return upload.limits().budget().filter(most -> outlet.book().used(day) >= most).isPresent();
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
    LocalDate day = Book.day(time);
    boolean surplus = upload.limits().beyond() instanceof Instead.Wait && isExhausted(day);
    Upload.Sent sent = upload.measurementsSent();
    Message message =
        new Message(
            "DATA-V1",
            device,
            Instant.ofEpochMilli(time),
            metrics,
            NO_BODY,
            surplus ? SURPLUS_PRIORITY : sent.priority(),
            sent.timeToLive(),
            outlet.source(),
            sent.qos());
    if (surplus) {
      outlet.book().surplus(day);
    } else if (upload.limits().budget().isPresent()) {
      int payload = Records.encodePlain(message, 0).length;
      outlet.book().charged(day, payload + ENVELOPE_BYTES);
    }
    outlet.send(message, Stream.MEASUREMENTS, upload.to(), measurements);
  }
}
