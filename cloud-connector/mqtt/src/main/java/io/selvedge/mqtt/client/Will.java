package io.selvedge.mqtt.client;

/**
 * The message that the broker publishes when the connection ends without a disconnect.
 *
 * @param topic where it is published; no wildcards
 * @param payload its bytes
 * @param qos 0, 1 or 2
 * @param retain whether the broker keeps it for later subscribers
 */
public record Will(String topic, byte[] payload, int qos, boolean retain) {

  public Will {
    ConnectionOptions.checkQos(qos);
  }
}
