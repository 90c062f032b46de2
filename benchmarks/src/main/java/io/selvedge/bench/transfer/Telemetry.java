package io.selvedge.bench.transfer;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Message;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.bench.Sample;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.Metric;
import io.selvedge.protocol.kura.PayloadException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.IMqttMessageListener;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/**
 * Urgent measurements at an even rate, from the outbox to a subscriber: through the disk, the
 * gateway's connection and the broker.
 */
final class Telemetry implements AutoCloseable {

  private static final int PER_SECOND = 200;
  private static final String METRIC = "nanos";

  private final Uplink uplink;
  private final MqttAsyncClient subscriber;
  private final List<Double> millis = new CopyOnWriteArrayList<>();

  Telemetry(Uplink uplink, int port) throws MqttException {
    this.uplink = uplink;
    subscriber =
        new MqttAsyncClient("tcp://127.0.0.1:" + port, "bench-ear", new MemoryPersistence());
    subscriber.connect().waitForCompletion();
    IMqttMessageListener listener = (topic, message) -> heard(message.getPayload());
    subscriber
        .subscribe(TransferHub.ACCOUNT + "/" + Side.ID + "/DATA-V1/#", 0, listener)
        .waitForCompletion();
  }

  private void heard(byte[] payload) {
    try {
      if (KuraCodec.decode(payload).metrics().get(METRIC) instanceof Metric.Int64 sent) {
        millis.add((System.nanoTime() - sent.value()) / 1e6);
      }
    } catch (PayloadException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sends for so long, and says how late each came. */
  Sample run(Duration time) throws IOException, InterruptedException {
    millis.clear();
    int count = (int) (time.toMillis() * PER_SECOND / 1000);
    long begun = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long due = begun + i * (1_000_000_000L / PER_SECOND);
      TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
      uplink.send(
          new Message(
              "DATA-V1",
              "hall",
              Instant.now(),
              Map.of(METRIC, Value.of(System.nanoTime())),
              new byte[0],
              0,
              Duration.ZERO));
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (millis.size() < count && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    if (millis.size() < count) {
      throw new IOException("[" + millis.size() + "] of [" + count + "] measurements came");
    }
    return Sample.of(List.copyOf(millis));
  }

  @Override
  public void close() throws MqttException {
    subscriber.disconnectForcibly(0, 1000);
    subscriber.close();
  }
}
