package io.selvedge.mqtt;

import io.selvedge.mqtt.client.MqttVersion;
import io.selvedge.mqtt.client.TlsFiles;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * What a connection needs, checked.
 *
 * @param endpoints brokers, tried in turn; none where what is configured is wrong
 * @param gateway id of this gateway, part of topics
 * @param clientId name of this client at the broker
 * @param account first part of topics
 * @param version of MQTT
 * @param login user and password
 * @param tls files for a secure connection
 * @param certificateWarning so long before a client certificate runs out it is told
 * @param topics how ours look at the broker
 * @param firstBrokerAgain after so long with another broker it is looked whether the first is back
 * @param ownFilesConnection whether files come on a connection of their own
 * @param window messages under way
 * @param largestMessage bytes of a payload; what is larger becomes a dead letter
 */
record Settings(
    List<URI> endpoints,
    String gateway,
    String clientId,
    String account,
    MqttVersion version,
    Login login,
    TlsFiles tls,
    Duration certificateWarning,
    Topics topics,
    Duration keepAlive,
    Duration connectionTimeout,
    Duration longestPause,
    Duration firstBrokerAgain,
    boolean ownFilesConnection,
    int window,
    int largestMessage) {

  Settings {
    endpoints = List.copyOf(endpoints);
  }
}
