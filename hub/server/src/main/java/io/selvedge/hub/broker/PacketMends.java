package io.selvedge.hub.broker;

import static io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType.PUBLICATION_EXPIRY_INTERVAL;
import static io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType.SESSION_EXPIRY_INTERVAL;
import static io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType.WILL_DELAY_INTERVAL;

import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttProperties.MqttProperty;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import java.util.OptionalInt;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTInterceptor;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;

/**
 * Alters times in MQTT 5 packets that Artemis 2.55 takes wrongly, after {@link PacketGuard} has let
 * them in.
 *
 * <ul>
 *   <li>Session expiry (MQTTStateManager.scanSessions) is multiplied by 1000 as an {@code int}:
 *       sessions of 24.9 to 49.7 days end at once, longer ones by what the product wraps to. Above
 *       24 days a session is kept for ever.
 *   <li>Message expiry (MQTTUtil.createServerMessage) likewise: of what is for longer than 24.8
 *       days some is dropped at once, though it was acknowledged. It is 24 days at most.
 *   <li>A will without a delay is sent at once only where the session ends with the connection
 *       (MQTTSession.stop); with a kept session only a delay above 0 sends it
 *       (MQTTStateManager.scanSessions). Such a will has a delay of a second.
 * </ul>
 */
final class PacketMends implements MQTTInterceptor {

  /** The longest time that Artemis can count: 24 days. */
  static final int MOST_SECONDS = 24 * 24 * 3600;

  /** As MQTT 5 writes it for sessions (section 3.1.2.11.2). */
  private static final int NEVER = 0xffff_ffff;

  private static final int MQTT_5 = 5;

  @Override
  public boolean intercept(MqttMessage packet, RemotingConnection connection) {
    if (packet instanceof MqttConnectMessage connect) {
      bound(connect.variableHeader().properties(), SESSION_EXPIRY_INTERVAL, NEVER);
      delayWill(connect);
    } else if (packet instanceof MqttPublishMessage publish) {
      bound(publish.variableHeader().properties(), PUBLICATION_EXPIRY_INTERVAL, MOST_SECONDS);
    } else if (packet.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader end) {
      bound(end.properties(), SESSION_EXPIRY_INTERVAL, NEVER);
    }
    return true;
  }

  private static void bound(MqttProperties properties, MqttPropertyType seconds, int instead) {
    OptionalInt asked = value(properties, seconds);
    if (asked.isPresent() && Integer.compareUnsigned(asked.getAsInt(), MOST_SECONDS) > 0) {
      properties.add(new IntegerProperty(seconds.value(), instead));
    }
  }

  private static void delayWill(MqttConnectMessage connect) {
    if (!connect.variableHeader().isWillFlag()
        || connect.variableHeader().version() != MQTT_5
        || value(connect.variableHeader().properties(), SESSION_EXPIRY_INTERVAL).orElse(0) == 0) {
      return;
    }
    MqttProperties will = connect.payload().willProperties();
    if (value(will, WILL_DELAY_INTERVAL).orElse(0) == 0) {
      will.add(new IntegerProperty(WILL_DELAY_INTERVAL.value(), 1));
    }
  }

  private static OptionalInt value(MqttProperties properties, MqttPropertyType type) {
    MqttProperty<?> property = properties.getProperty(type.value());
    return property instanceof IntegerProperty number
        ? OptionalInt.of(number.value())
        : OptionalInt.empty();
  }
}
