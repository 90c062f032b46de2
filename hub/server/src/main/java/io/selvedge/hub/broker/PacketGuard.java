package io.selvedge.hub.broker;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.selvedge.protocol.kura.Calls;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraTopic;
import io.selvedge.protocol.kura.PayloadException;
import java.util.Optional;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTInterceptor;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at each packet before the broker does, and closes the connection of whoever sends what it
 * may not. The broker's own checks come too late for three things: a client id may be any other
 * client's, whose session it then takes; a will is published unchecked; and a refused subscription
 * may delete the queue of another client whose name makes the same queue name.
 */
final class PacketGuard implements MQTTInterceptor {

  private static final Logger log = LoggerFactory.getLogger(PacketGuard.class);

  private final String hubUser;
  private final TopicAccess access;

  PacketGuard(String hubUser, TopicAccess access) {
    this.hubUser = hubUser;
    this.access = access;
  }

  @Override
  public boolean intercept(MqttMessage packet, RemotingConnection connection) {
    Optional<String> refused = refuse(packet, connection);
    refused.ifPresent(
        reason ->
            log.warn("Closed a connection from {}: {}", connection.getRemoteAddress(), reason));
    return refused.isEmpty();
  }

  private Optional<String> refuse(MqttMessage packet, RemotingConnection connection) {
    if (packet instanceof MqttConnectMessage connect) {
      return refuseConnect(connect);
    }
    if (packet instanceof MqttPublishMessage publish) {
      return refusePublish(publish, BrokerSecurity.user(connection.getSubject()));
    }
    return packet instanceof MqttSubscribeMessage subscribe
        ? refuseSubscribe(subscribe, BrokerSecurity.user(connection.getSubject()))
        : Optional.empty();
  }

  private Optional<String> refuseConnect(MqttConnectMessage connect) {
    String user = connect.payload().userName();
    String clientId = connect.payload().clientIdentifier();
    if (user == null || user.isEmpty() || connect.payload().passwordInBytes() == null) {
      return Optional.of("client [" + clientId + "] gave no user name and password");
    }
    if (user.equals(hubUser)) {
      return Optional.empty(); // its password is looked at next
    }
    if (clientId == null || !TopicAccess.mayConnectAs(user, clientId)) {
      return Optional.of(
          "user [" + user + "] came with client id [" + clientId + "]; it must be the user name");
    }
    String will = connect.payload().willTopic();
    return connect.variableHeader().isWillFlag() && (will == null || !access.mayPublish(user, will))
        ? Optional.of("gateway [" + user + "] may not have its will on [" + will + "]")
        : Optional.empty();
  }

  private Optional<String> refusePublish(MqttPublishMessage publish, String user) {
    String topic = publish.variableHeader().topicName();
    if (user.equals(hubUser)) {
      return Optional.empty();
    }
    if (!access.mayPublish(user, topic)) {
      return Optional.of("gateway [" + user + "] may not publish on [" + topic + "]");
    }
    return inWhoseName(topic, publish)
        .filter(name -> !name.equals(user))
        .map(
            name ->
                "gateway ["
                    + user
                    + "] may not speak on ["
                    + topic
                    + "] in the name of ["
                    + name
                    + "]");
  }

  /** What goes to the hub names its sender within; empty where it does not, or cannot be read. */
  private static Optional<String> inWhoseName(String topic, MqttPublishMessage publish) {
    Optional<KuraTopic> parsed = KuraTopic.parse(topic);
    if (parsed.isPresent() && parsed.get() instanceof KuraTopic.Notice notice) {
      return Optional.of(notice.gateway());
    }
    if (parsed.isEmpty() || !(parsed.get() instanceof KuraTopic.Call)) {
      return Optional.empty();
    }
    try {
      return Calls.correlation(KuraCodec.decode(ByteBufUtil.getBytes(publish.payload())))
          .map(Calls.Correlation::requester);
    } catch (PayloadException e) {
      return Optional.empty(); // the hub cannot read it either
    }
  }

  private Optional<String> refuseSubscribe(MqttSubscribeMessage subscribe, String user) {
    if (user.equals(hubUser)) {
      return Optional.empty();
    }
    return subscribe.payload().topicSubscriptions().stream()
        .map(MqttTopicSubscription::topicFilter)
        .filter(filter -> !access.maySubscribe(user, filter))
        .findFirst()
        .map(filter -> "gateway [" + user + "] may not subscribe to [" + filter + "]");
  }
}
