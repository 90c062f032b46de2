package io.selvedge.mqtt.client;

/**
 * What a broker takes, as it said when the connection was made.
 *
 * @param receiveMaximum messages of QoS 1 and 2 that may be under way at once, 1 to 65535
 * @param maximumPacketSize bytes of a whole packet; at most 268,435,460, which is what MQTT allows
 * @param maximumQos 0, 1 or 2
 * @param retainAvailable whether messages may be retained
 */
public record BrokerLimits(
    int receiveMaximum, long maximumPacketSize, int maximumQos, boolean retainAvailable) {

  /** A variable length of 268,435,455 bytes and a header of 5 (MQTT 3.1.1, section 2.2.3). */
  public static final long LARGEST_PACKET = 268_435_460;

  /** A broker that limits nothing, or, with MQTT 3.1.1, cannot say what it limits. */
  public static final BrokerLimits NONE = new BrokerLimits(65_535, LARGEST_PACKET, 2, true);
}
