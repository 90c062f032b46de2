package io.selvedge.mqtt.client;

/**
 * Hears what happens on a connection. Called on a thread of the client's: hands over and returns,
 * and never waits for anything of the same connection, which would wait for ever.
 */
public interface ConnectionListener {

  /** A message has come. */
  void arrived(Incoming message);

  /**
   * Whether messages at QoS 0 are told by the thread that receives them: with fewer copies and no
   * other thread between, but perhaps before messages at QoS 1 that came earlier. The listener may
   * wait then: nothing more is received meanwhile.
   */
  default boolean direct() {
    return false;
  }

  /**
   * The connection is lost; called once, and not where the owner ended it.
   *
   * @param reason for people
   */
  void lost(String reason);

  /**
   * A message as it came.
   *
   * @param qos 0, 1 or 2
   * @param retained whether the broker had kept it from before the subscription
   */
  record Incoming(String topic, byte[] payload, int qos, boolean retained) {}
}
