package io.selvedge.mqtt.client;

/** Version of the protocol. */
public enum MqttVersion {
  /** MQTT 3.1.1 (OASIS Standard, 29 October 2014). */
  V3_1_1
}
