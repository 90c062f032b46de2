package io.selvedge.hub.broker;

import static io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType.SESSION_EXPIRY_INTERVAL;

import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttProperties.MqttProperty;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;

/**
 * How long the broker keeps the session of a client that is away. Artemis 2.55 multiplies seconds
 * by 1000 as an {@code int} (MQTTStateManager.scanSessions): above 24.8 days the session is gone
 * with the next scan, within five seconds, and all that waits in it.
 */
final class SessionExpiry {

  /** The longest time that Artemis can count: 24 days. */
  static final int MOST_SECONDS = 24 * 24 * 3600;

  /** As MQTT 5 writes it (section 3.1.2.11.2). */
  private static final int NEVER = 0xffff_ffff;

  private SessionExpiry() {}

  /**
   * Where an MQTT 5 client asks for longer than Artemis can count, its session is kept for ever.
   */
  static void bound(MqttMessage packet) {
    if (packet instanceof MqttConnectMessage connect) {
      bound(connect.variableHeader().properties());
    } else if (packet.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader end) {
      bound(end.properties());
    }
  }

  private static void bound(MqttProperties properties) {
    MqttProperty<?> asked = properties.getProperty(SESSION_EXPIRY_INTERVAL.value());
    if (asked instanceof IntegerProperty seconds && seconds.value() > MOST_SECONDS) {
      properties.add(new IntegerProperty(SESSION_EXPIRY_INTERVAL.value(), NEVER));
    }
  }
}
