package io.selvedge.mqtt.client;

/** Version of the protocol. */
public enum MqttVersion {
  /** MQTT 3.1.1 (OASIS Standard, 29 October 2014). */
  V3_1_1,
  /** MQTT 5.0 (OASIS Standard, 7 March 2019). */
  V5
}
