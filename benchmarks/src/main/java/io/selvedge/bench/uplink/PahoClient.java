package io.selvedge.bench.uplink;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/**
 * Eclipse Paho as it is on Maven Central, with nothing before it: what most gateways publish with.
 */
final class PahoClient implements AutoCloseable {

  private static final int MOST = 1000;
  private static final int ROOM = 10;

  private final MqttAsyncClient client;

  PahoClient(int port) throws MqttException {
    client = new MqttAsyncClient("tcp://127.0.0.1:" + port, "bare-paho", new MemoryPersistence());
    MqttConnectOptions options = new MqttConnectOptions();
    options.setMaxInflight(MOST + ROOM);
    client.connect(options).waitForCompletion();
  }

  /**
   * Publishes at QoS 1 and waits for all acknowledgements.
   *
   * @return messages a second
   */
  double publish(String topic, List<byte[]> payloads, int count, int window)
      throws MqttException, InterruptedException, IOException {
    Semaphore room = new Semaphore(window);
    AtomicReference<String> failure = new AtomicReference<>("");
    IMqttActionListener listener =
        new IMqttActionListener() {
          @Override
          public void onSuccess(IMqttToken token) {
            room.release();
          }

          @Override
          public void onFailure(IMqttToken token, Throwable cause) {
            failure.set(cause.toString());
            room.release();
          }
        };
    long begun = System.nanoTime();
    for (int i = 0; i < count; i++) {
      room.acquire();
      client.publish(topic, payloads.get(i % payloads.size()), 1, false, Map.of(), listener);
    }
    room.acquire(window);
    double rate = count / ((System.nanoTime() - begun) / 1e9);
    if (!String.valueOf(failure.get()).isEmpty()) {
      throw new IOException("Paho could not publish: " + failure.get());
    }
    return rate;
  }

  @Override
  public void close() throws MqttException {
    client.disconnectForcibly(0, 1000);
    client.close();
  }
}
